namespace Tracing.Events;

/// <summary>
/// Writes all fields of an event on one line, as <c>kmutex dump</c> prints them: <c>MutexId=7 Kind=KMutex Label="Counter"</c>.
/// </summary>
public static class EventListing
{
    /// <summary>Stands at the end of a line whose payload ended too early.</summary>
    public const string CutShort = "(payload cut short)";

    /// <summary>Writes the fields of an event.</summary>
    /// <param name="description">The event.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="pointerSize">Bytes of a pointer in the event: 4 or 8.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="charsWritten">How many characters were written.</param>
    /// <returns>False when there is no room: try again with more. Never throws for bad payloads.</returns>
    public static bool TryFormat(
        EventDescription description, ReadOnlySpan<byte> payload, int pointerSize, Span<char> destination, out int charsWritten)
    {
        ListingWriter writer = new(destination);
        charsWritten = 0;
        EventFieldReader reader = new(description, payload, pointerSize);
        while (reader.MoveNext())
        {
            if (!Separate(ref writer) || !writer.Append(reader.Current.Field.Name) || !writer.Append("=") || !writer.Append(reader.Current))
            {
                return false;
            }
        }

        if (reader.IsCutShort && !(Separate(ref writer) && writer.Append(CutShort)))
        {
            return false;
        }

        charsWritten = writer.Length;
        return true;
    }

    private static bool Separate(ref ListingWriter writer) => writer.Length == 0 || writer.Append(" ");
}
