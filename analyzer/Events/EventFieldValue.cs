namespace Tracing.Events;

/// <summary>The value of one field. A view: text is valid as long as the payload it was read from.</summary>
public readonly ref struct EventFieldValue
{
    internal EventFieldValue(EventField field, ulong number)
    {
        Field = field;
        Number = number;
    }

    internal EventFieldValue(EventField field, Guid guid)
    {
        Field = field;
        Guid = guid;
    }

    internal EventFieldValue(EventField field, ReadOnlySpan<char> text)
    {
        Field = field;
        Text = text;
    }

    /// <summary>The field.</summary>
    public EventField Field { get; }

    /// <summary>The value of a number or an address; 0 for the other types.</summary>
    public ulong Number { get; }

    /// <summary>The value of a GUID; empty for the other types.</summary>
    public Guid Guid { get; }

    /// <summary>
    /// The value of a string, without its terminator and as the trace has it, control characters included; empty for the other types.
    /// </summary>
    public ReadOnlySpan<char> Text { get; }

    /// <summary>
    /// Writes the value as a person reads it: the name of a mapped value (its number when it has none), the names of the bits that are set
    /// joined by <c>|</c>, hexadecimal after 0x, a GUID with dashes, text between quotation marks with anything but printable characters
    /// escaped, so that a trace cannot drive the terminal.
    /// </summary>
    /// <param name="destination">Where to.</param>
    /// <param name="charsWritten">How many characters were written.</param>
    /// <returns>False when there is no room; then nothing in the destination counts.</returns>
    public bool TryFormat(Span<char> destination, out int charsWritten)
    {
        ListingWriter writer = new(destination);
        bool fits = Field.Type switch
        {
            EventFieldType.UnicodeString => writer.AppendQuoted(Text),
            EventFieldType.Guid => writer.Append(Guid, "D"),
            _ => Field.Map is { IsBitMap: true } bits ? AppendBits(ref writer, bits) : AppendNumber(ref writer),
        };
        charsWritten = fits ? writer.Length : 0;
        return fits;
    }

    /// <summary>The value as <see cref="TryFormat"/> writes it.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[256];
        if (TryFormat(text, out int written))
        {
            return new string(text[..written]);
        }

        char[] large = new char[256 + (ListingWriter.GreatestEscape * Text.Length)];
        return TryFormat(large, out written)
            ? new string(large, 0, written)
            : throw new InvalidOperationException(
                $"The field {Field.Name} needs more than {large.Length} characters; this is an error of the library.");
    }

    private bool AppendNumber(ref ListingWriter writer)
    {
        foreach (NamedValue named in Field.Map?.Values ?? [])
        {
            if (named.Value == Number)
            {
                return writer.Append(named.Name);
            }
        }

        return Field.IsHexadecimal ? writer.Append("0x") && writer.Append(Number, "x") : writer.Append(Number, default);
    }

    private bool AppendBits(ref ListingWriter writer, FieldMap bits)
    {
        ulong rest = Number;
        foreach (NamedValue bit in bits.Values)
        {
            if ((rest & bit.Value) != 0)
            {
                rest &= ~bit.Value;
                if (!(writer.Length == 0 || writer.Append("|")) || !writer.Append(bit.Name))
                {
                    return false;
                }
            }
        }

        if (rest == 0)
        {
            return writer.Length > 0 || writer.Append("0");
        }

        return (writer.Length == 0 || writer.Append("|")) && writer.Append("0x") && writer.Append(rest, "x");
    }
}
