using System.Globalization;

namespace Tracing.Events;

/// <summary>
/// Appends to a span of characters as long as there is room. Culture does not matter: the same event gives the same text everywhere.
/// </summary>
internal ref struct ListingWriter(Span<char> destination)
{
    /// <summary>How many characters one character of text may become: <c>\u</c> and four digits.</summary>
    internal const int GreatestEscape = 6;

    private readonly Span<char> _destination = destination;

    /// <summary>Characters written so far.</summary>
    internal int Length { get; private set; }

    internal bool Append(scoped ReadOnlySpan<char> text)
    {
        if (!text.TryCopyTo(_destination[Length..]))
        {
            return false;
        }

        Length += text.Length;
        return true;
    }

    internal bool Append<T>(T value, scoped ReadOnlySpan<char> format)
        where T : ISpanFormattable
    {
        bool fits = value.TryFormat(_destination[Length..], out int written, format, CultureInfo.InvariantCulture);
        Length += fits ? written : 0;
        return fits;
    }

    internal bool Append(scoped EventFieldValue value)
    {
        bool fits = value.TryFormat(_destination[Length..], out int written);
        Length += written;
        return fits;
    }

    /// <summary>
    /// Appends text between quotation marks. What is not a printable character is escaped: traces are untrusted, and terminals obey control
    /// characters.
    /// </summary>
    internal bool AppendQuoted(scoped ReadOnlySpan<char> text)
    {
        if (!Append("\""))
        {
            return false;
        }

        foreach (char character in text)
        {
            bool fits = character switch
            {
                '"' => Append("\\\""),
                '\\' => Append("\\\\"),
                _ when IsPrintable(character) => Append([character]),
                _ => Append("\\u") && Append((ushort)character, "x4"),
            };
            if (!fits)
            {
                return false;
            }
        }

        return Append("\"");
    }

    private static bool IsPrintable(char character) => char.GetUnicodeCategory(character) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);
}
