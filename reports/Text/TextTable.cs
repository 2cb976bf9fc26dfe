using System.Text;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Text;

/// <summary>
/// A table of plain characters. One column of names takes what the others leave of the width; where that is too little, columns of words give way too.
/// Numbers are whole always.
/// </summary>
internal sealed class TextTable(int width, params TextColumn[] columns)
{
    private const string Gap = "  ";
    private const int NarrowestName = 12;
    private const int WidestName = 60;
    private const int NarrowestWord = 9;

    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row; each cell must be safe text.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Writes head and rows, no line longer than the width.</summary>
    public void Write(TextWriter output, TextStyle style)
    {
        int[] widths = Measure();
        output.WriteLine(style.Dim(Line(widths, [.. columns.Select(column => column.Head)])));
        foreach (string[] row in _rows)
        {
            output.WriteLine(Line(widths, row));
        }
    }

    private int[] Measure()
    {
        int[] widths = [.. columns.Select((column, i) => Math.Max(
            SafeText.CellsOf(column.Head), _rows.Count == 0 ? 0 : _rows.Max(row => SafeText.CellsOf(row[i]))))];
        int names = Array.FindIndex(columns, column => column.IsName);
        int room = width - (Gap.Length * (columns.Length - 1)) - widths.Where((_, i) => i != names).Sum();
        widths[names] = Math.Min(widths[names], Math.Clamp(room, NarrowestName, WidestName));
        int over = widths[names] - room;
        for (int i = 0; i < columns.Length && over > 0; i++)
        {
            int given = i == names || columns[i].AlignRight ? 0 : Math.Clamp(widths[i] - NarrowestWord, 0, over);
            widths[i] -= given;
            over -= given;
        }

        return widths;
    }

    private string Line(int[] widths, string[] cells)
    {
        var line = new StringBuilder();
        for (int i = 0; i < cells.Length; i++)
        {
            string cell = SafeText.Fit(cells[i], Math.Max(4, widths[i]));
            int padding = Math.Max(0, widths[i] - SafeText.CellsOf(cell));
            line.Append(i == 0 ? "" : Gap);
            line = columns[i].AlignRight ? line.Append(' ', padding).Append(cell) : line.Append(cell).Append(' ', padding);
        }

        return line.ToString().TrimEnd();
    }
}

/// <summary>A column of a <see cref="TextTable"/>.</summary>
/// <param name="Head">Its head.</param>
/// <param name="AlignRight">Numbers are, names are not.</param>
/// <param name="IsName">The one column that gives way when the table is too wide.</param>
internal sealed record TextColumn(string Head, bool AlignRight = true, bool IsName = false);
