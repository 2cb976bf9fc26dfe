using System.Globalization;
using System.Text;
using Tracing.Reports.Model;
using Tracing.Reports.Plots;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Html;

/// <summary>
/// The report as one HTML file: no network, no script but its own. In this order: what it rests on, what to fix first, of several recordings each, the mutexes, the timeline, who made
/// whom wait, how long waits and holds are, lock orders, IRQL rejections, misuse, live mutexes, oddities.
/// </summary>
/// <remarks>
/// Every string is escaped, and a content security policy allows only the page's own script, by its hash: a label that is markup stays text even
/// if an escape were forgotten. The same report gives the same bytes.
/// </remarks>
public static class HtmlReport
{
    // A browser sorts so many rows in an instant, and they are less than a megabyte; of a million, nobody reads the rest.
    private const int MostRows = 500;

    /// <summary>Writes a report as UTF-8.</summary>
    public static void Write(LockReport report, Stream output)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(output);
        using var text = new StreamWriter(output, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        var page = new Markup(text);
        WriteHead(page, report);
        TrustHeader.Write(page, report);
        if (report.Trace.DriverEventsRead == 0)
        {
            WriteOtherProviders(page, report);
        }
        else
        {
            WriteVerdict(page, report);
            WriteSections(page, RecordingSections.Of(report));
            MutexTable.Write(page, [.. MutexGroup.Group(report.Mutexes, GroupBy.Class).Take(MostRows)], report.Mutexes.Count, report.Timeline?.Mutexes ?? []);
            if (report.Timeline is { Mutexes.Count: > 0 } timeline)
            {
                TimelineSection.Write(page, timeline);
            }

            BlockingSection.Write(page, report);
            page.WriteRaw("<div class=\"pair\">");
            HistogramFigure.Write(page, "waits", "How long waits are", DurationHistogramFigure.OfWaits(report), report.AllWaits);
            HistogramFigure.Write(page, "holds", "How long holds are", DurationHistogramFigure.OfHolds(report), report.AllHolds);
            page.WriteRaw("</div>");
            UsageSection.Write(page, report);
            WriteSections(page, DeadlockSections.Of(report));
            OrderFigure.Write(page, report);
            WriteSections(page, [.. HoldBreakdownSection.Of(report), .. StackSection.Of(report), .. RejectionSection.Of(report), .. DefectSections.Of(report), .. LiveSection.Of(report)]);
            GrowthFigure.Write(page, report);
        }

        WriteOddities(page, report);
        page.Write($"<footer>kmutex report, schema version {report.SchemaVersion}</footer></main>");
        if (report.Timeline is { Mutexes.Count: > 0 } drawn)
        {
            page.WriteRaw($"<script type=\"application/json\" id=\"timeline-data\">{TimelineData.ToJson(drawn, report.Names)}</script>");
        }

        page.WriteRaw($"<script>{PageResources.Script}</script></body></html>");
    }

    private static void WriteHead(Markup page, LockReport report)
    {
        page.WriteRaw("<!DOCTYPE html>");
        page.WriteRaw("<html lang=\"en\"><head><meta charset=\"utf-8\"/><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
        page.Write($"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{new MarkupText(PageResources.ScriptHash)}'\"/>");
        page.Write($"<title>Locks in {Markup.Sentence(FileNames(report))}</title>");
        page.WriteRaw($"<style>{PageResources.Style}</style></head><body><nav aria-label=\"sections\"><div class=\"links\"></div><button type=\"button\" aria-label=\"light or dark\">dark</button></nav><main>");
    }

    private static void WriteVerdict(Markup page, LockReport report)
    {
        page.WriteRaw("<section id=\"verdict\"><h2 data-short=\"Fix first\">What to fix first</h2>");
        if (report.Findings.Count == 0)
        {
            page.WriteRaw("<p class=\"note\">Nothing: nobody waited, nothing was rejected, nothing is left over.</p></section>");
            return;
        }

        page.WriteRaw("<ol class=\"verdict\">");
        foreach (Finding finding in report.Findings)
        {
            page.Write($"<li class=\"{finding.Severity}\"><span class=\"badge\">{finding.Severity}</span><span class=\"kind\">{finding.Kind}</span> {Markup.Sentence(finding.Sentence)}{Advice(finding)}</li>");
        }

        page.WriteRaw("</ol></section>");
    }

    private static MarkupText Advice(Finding finding) =>
        finding.Advice.Length == 0 ? new MarkupText("") : Markup.Escape($"<span class=\"advice\">{Markup.Sentence(finding.Advice)}</span>");

    private static void WriteSections(Markup page, IEnumerable<ReportSection> sections)
    {
        foreach (ReportSection section in sections)
        {
            SectionTable.Write(page, section, MostRows);
        }
    }

    private static void WriteOtherProviders(Markup page, LockReport report)
    {
        page.WriteRaw("<section><h2>No event of the driver</h2><p>No event of the provider KMutex-Driver is in this recording. Record with trace.wprp while the driver is loaded. What is in it:</p><table><thead><tr><th class=\"name\">provider</th><th>events</th></tr></thead><tbody>");
        foreach (ProviderCount provider in report.OtherProviders.Take(MostRows))
        {
            page.Write($"<tr><td class=\"name\">{(provider.Name.Length > 0 ? provider.Name : provider.Id.ToString())}</td><td>{Count(provider.Events)}</td></tr>");
        }

        page.WriteRaw("</tbody></table></section>");
    }

    private static void WriteOddities(Markup page, LockReport report)
    {
        if (report.Oddities.Count == 0)
        {
            return;
        }

        page.WriteRaw("<section id=\"oddities\"><h2>Oddities</h2><ul>");
        foreach (Oddity oddity in report.Oddities)
        {
            page.Write($"<li>{Markup.Sentence(oddity.Sentence)}</li>");
        }

        page.WriteRaw("</ul></section>");
    }

    internal static MarkupText Site(SourceSite? site) => site is null
        ? new MarkupText("-")
        : Markup.Escape($"<span class=\"site\" title=\"{site.File} {site.Member}\">{site.Short}</span>");

    internal static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    internal static string FileNames(LockReport report) => string.Join(", ", report.Trace.Files.Select(Path.GetFileName));
}
