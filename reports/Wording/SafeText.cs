using System.Globalization;
using System.Text;

namespace Tracing.Reports.Wording;

/// <summary>
/// Makes text from a trace harmless. Labels, paths and provider names are whatever a driver, or a forger, put there: an escape sequence could
/// recolour, rewrite or command the terminal, and a bidirectional override could make a name read as another.
/// </summary>
public static class SafeText
{
    /// <summary>The cells of a name where it is shown. Labels and paths of a forged trace can be 32,000 characters long; the data formats have them whole.</summary>
    public const int NameCells = 120;

    /// <summary>The cells of a sentence with names in it.</summary>
    public const int SentenceCells = 1000;

    // A mark that takes no cell, and an escape of six characters, still take room in a file.
    private const int CharactersPerCell = 4;

    /// <summary>A name out of a trace, to be shown: escaped, and cut in its middle to <see cref="NameCells"/>.</summary>
    public static string Name(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Fit(Escape(Ends(text, NameCells)), NameCells);
    }

    /// <summary>A sentence about what is in a trace, to be shown: escaped, each word cut as a name is, and the whole to <see cref="SentenceCells"/>.</summary>
    public static string Sentence(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Fit(string.Join(' ', Escape(Ends(text, SentenceCells)).Split(' ').Select(word => Fit(word, NameCells))), SentenceCells);
    }

    /// <summary>The text with everything escaped that is not seen as a mark of its own on a terminal.</summary>
    /// <param name="text">Any text, lone surrogates included.</param>
    /// <returns>The same string when nothing needed escaping; else one with <c>\u001b</c> in place of each such character.</returns>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int first = IndexOfUnsafe(text);
        if (first < 0)
        {
            return text;
        }

        var safe = new StringBuilder(text, 0, first, text.Length + 16);
        ReadOnlySpan<char> rest = text.AsSpan(first);
        while (!rest.IsEmpty)
        {
            bool whole = Rune.DecodeFromUtf16(rest, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            if (whole && IsSafe(rune))
            {
                safe.Append(rest[..length]);
            }
            else
            {
                foreach (char unit in rest[..length])
                {
                    safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
                }
            }

            rest = rest[length..];
        }

        return safe.ToString();
    }

    /// <summary>How many terminal cells a safe text takes: wide East Asian characters take two, combining marks none.</summary>
    public static int CellsOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Ascii.IsValid(text) ? text.Length : text.EnumerateRunes().Sum(CellsOf);
    }

    /// <summary>Cuts a safe text to a width, with <c>..</c> in place of what is left out: of its middle, since names differ at both ends.</summary>
    /// <param name="text">An escaped text.</param>
    /// <param name="cells">The width, at least 4.</param>
    public static string Fit(string text, int cells)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(cells, 4);
        if (text.Length <= CharactersPerCell * cells && CellsOf(text) <= cells)
        {
            return text;
        }

        int head = (cells - 2) / 2;
        int tail = cells - 2 - head;
        List<Rune> runes = [.. text.EnumerateRunes()];
        return Take(runes, head) + ".." + string.Concat(Take(runes.AsEnumerable().Reverse(), tail).EnumerateRunes().Reverse());

        static string Take(IEnumerable<Rune> from, int room)
        {
            var taken = new StringBuilder();
            int longest = CharactersPerCell * room;
            foreach (Rune rune in from)
            {
                room -= CellsOf(rune);
                if (room < 0 || taken.Length == longest)
                {
                    break;
                }

                taken.Append(rune);
            }

            return taken.ToString();
        }
    }

    /// <summary>What of a long text can be seen when it is cut to so many cells, so that the rest need not be looked at.</summary>
    private static string Ends(string text, int cells)
    {
        int kept = (CharactersPerCell * cells) + 1;
        return text.Length <= 2 * kept ? text : string.Concat(text.AsSpan(0, kept), text.AsSpan(text.Length - kept));
    }

    private static int IndexOfUnsafe(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out Rune rune, out int length) != System.Buffers.OperationStatus.Done || !IsSafe(rune))
            {
                return i;
            }

            i += length - 1;
        }

        return -1;
    }

    private static bool IsSafe(Rune rune) => rune.Value is >= 0x20 and < 0x7F || (rune.Value >= 0xA0 && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate or UnicodeCategory.SpaceSeparator));

    // The blocks that terminals draw two cells wide. Source: Unicode Standard Annex 11, East Asian Width W and F, and emoji.
    private static int CellsOf(Rune rune) => rune.Value switch
    {
        < 0x300 => 1,
        (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xA960 and <= 0xA97F) or (>= 0xAC00 and <= 0xD7A3)
            or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6)
            or (>= 0x1F000 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD) => 2,
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? 0 : 1,
    };
}
