namespace Tracing.Driver;

/// <summary>A zero-terminated UTF-8 text, read as UTF-16: what is no UTF-8 reads as U+FFFD. IRQL: any, if the text is resident.</summary>
/// <param name="text">The text; null reads as empty.</param>
internal unsafe ref struct Utf8Text(byte* text)
{
    private const uint Replacement = 0xFFFD;

    private byte* _at = text;
    private char _lowSurrogate;

    /// <summary>The UTF-16 units of a text, at most <paramref name="most"/>.</summary>
    internal static int Measure(byte* text, int most)
    {
        Utf8Text reader = new(text);
        int length = 0;
        while (length < most && reader.Next() != 0)
        {
            length++;
        }

        return length;
    }

    /// <summary>Writes as many units as were measured, and a zero behind them.</summary>
    internal static void Copy(byte* text, char* destination, int length)
    {
        Utf8Text reader = new(text);
        for (int i = 0; i < length; i++)
        {
            destination[i] = reader.Next();
        }

        destination[length] = '\0';
    }

    /// <summary>The next unit; zero at the end, and from then on.</summary>
    private char Next()
    {
        if (_lowSurrogate != 0)
        {
            char low = _lowSurrogate;
            _lowSurrogate = '\0';
            return low;
        }

        uint scalar = _at == null ? 0 : Decode();
        if (scalar <= 0xFFFF)
        {
            return (char)scalar;
        }

        _lowSurrogate = (char)(0xDC00 | (scalar & 0x3FF));
        return (char)(0xD7C0 + (scalar >> 10));
    }

    private uint Decode()
    {
        uint first = *_at;
        if (first == 0)
        {
            return 0;
        }

        _at++;
        uint extra = first < 0x80 ? 0u : first < 0xC2 ? 4u : first < 0xE0 ? 1u : first < 0xF0 ? 2u : first < 0xF5 ? 3u : 4u;
        if (extra == 0)
        {
            return first;
        }

        if (extra == 4)
        {
            return Replacement;
        }

        uint scalar = first & (0x3Fu >> (int)extra);
        for (uint i = 0; i < extra; i++)
        {
            if ((*_at & 0xC0) != 0x80)
            {
                return Replacement;
            }

            scalar = (scalar << 6) | (*_at & 0x3Fu);
            _at++;
        }

        uint least = extra == 1 ? 0x80u : extra == 2 ? 0x800u : 0x1_0000u;
        bool surrogate = scalar is >= 0xD800 and <= 0xDFFF;
        return scalar < least || scalar > 0x10_FFFF || surrogate ? Replacement : scalar;
    }
}
