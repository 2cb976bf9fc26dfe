namespace Tracing.Reports.Wording;

/// <summary>A table of the report in words, before it is known where it is shown: the terminal, the page and Markdown say the same.</summary>
/// <param name="Id">A short name, unique in the report.</param>
/// <param name="Title">Its head.</param>
/// <param name="Columns">Its columns; one of them holds names.</param>
/// <param name="Rows">Cells, as many as columns. Text out of a trace is as found: who shows it escapes it.</param>
/// <param name="Notes">Sentences below the table.</param>
internal sealed record ReportSection(
    string Id, string Title, IReadOnlyList<SectionColumn> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<string> Notes);

/// <summary>A column of a <see cref="ReportSection"/>.</summary>
/// <param name="Head">Its head.</param>
/// <param name="Kind">What its cells are.</param>
internal readonly record struct SectionColumn(string Head, ColumnKind Kind = ColumnKind.Number);

/// <summary>What the cells of a column are.</summary>
internal enum ColumnKind
{
    /// <summary>Numbers, aligned to the right.</summary>
    Number,

    /// <summary>Words of a known, short length.</summary>
    Word,

    /// <summary>A name of any length; the one column that gives way.</summary>
    Name,
}
