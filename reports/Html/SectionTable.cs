using Tracing.Reports.Wording;

namespace Tracing.Reports.Html;

/// <summary>Shows a section as a table of the page.</summary>
internal static class SectionTable
{
    public static void Write(Markup page, ReportSection section, int mostRows)
    {
        page.Write($"<section id=\"section-{section.Id}\"><h2>{section.Title}</h2><div class=\"scroll\"><table id=\"{section.Id}\"><thead><tr>");
        foreach (SectionColumn column in section.Columns)
        {
            page.Write($"<th class=\"{Class(column)}\">{column.Head}</th>");
        }

        page.WriteRaw("</tr></thead><tbody>");
        foreach (IReadOnlyList<string> row in section.Rows.Take(mostRows))
        {
            page.WriteRaw("<tr>");
            for (int i = 0; i < row.Count; i++)
            {
                page.Write($"<td class=\"{Class(section.Columns[i])}\">{row[i]}</td>");
            }

            page.WriteRaw("</tr>");
        }

        page.WriteRaw("</tbody></table></div>");
        foreach (string note in section.Notes)
        {
            page.Write($"<p class=\"note\">{Markup.Sentence(note)}</p>");
        }

        page.WriteRaw("</section>");
    }

    private static string Class(SectionColumn column) => column.Kind == ColumnKind.Number ? "" : "name";
}
