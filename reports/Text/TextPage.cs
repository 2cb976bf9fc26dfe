using System.Globalization;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Text;

/// <summary>What the sections of a text report are written with: heads, wrapped sentences, lines that count what is left out.</summary>
internal sealed class TextPage(TextWriter output, TextStyle style)
{
    public TextWriter Output { get; } = output;

    public TextStyle Style { get; } = style;

    /// <summary>Begins a section.</summary>
    public void WriteHead(string title)
    {
        Output.WriteLine();
        Output.WriteLine(Style.Bold(title));
    }

    /// <summary>Writes a table.</summary>
    public void Write(TextTable table) => table.Write(Output, Style);

    /// <summary>Says how many rows did not fit the top.</summary>
    public void WriteRest(int count, string what)
    {
        if (count > Style.Top)
        {
            Output.WriteLine(Style.Dim(Text($"  and {count - Style.Top:N0} more of {count:N0} {what}: --top {count}")));
        }
    }

    /// <summary>Writes a note below a table.</summary>
    public void WriteNote(string text) => WriteWrapped("  ", 2, text);

    /// <summary>Writes words in lines of the width, each but the first indented to below the prefix.</summary>
    public void WriteWrapped(string prefix, int prefixCells, string text)
    {
        int room = Math.Max(20, Style.Width - prefixCells);
        string indent = new(' ', prefixCells);
        string start = prefix;
        string line = "";
        foreach (string word in text.Split(' '))
        {
            string rest = word;
            if (line.Length > 0 && SafeText.CellsOf(line) + 1 + SafeText.CellsOf(rest) > room)
            {
                Output.WriteLine(start + line);
                (start, line) = (indent, "");
            }

            rest = SafeText.Fit(rest, room);
            line = line.Length == 0 ? rest : line + " " + rest;
        }

        Output.WriteLine(start + line);
    }

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
