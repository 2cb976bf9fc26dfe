using System.Globalization;
using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Html;

/// <summary>
/// The table of mutexes, one row per class: sorted by total wait, sortable by each column, searchable by name and site. A name leads to the lane of its mutex, or of
/// the one of its class that was waited for longest. Totals have bars behind them, as long as their share of the greatest.
/// </summary>
internal static class MutexTable
{
    private static readonly string[] Durations = ["total", "mean", "p50", "p99", "max"];

    public static void Write(Markup page, IReadOnlyList<MutexGroup> mutexes, int total, IReadOnlyList<TimelineLane> lanes)
    {
        if (mutexes.Count == 0)
        {
            return;
        }

        page.Write($"<section id=\"mutexes-section\" class=\"long\"><div class=\"bar\"><h2 data-short=\"Mutexes\">Mutexes: {HtmlReport.Count(total)}</h2><input type=\"search\" data-table=\"mutexes\" placeholder=\"search by name or site\" aria-label=\"search mutexes by name or site\"/></div>");
        page.WriteRaw("<div class=\"scroll\"><table id=\"mutexes\" class=\"sortable\"><thead>");
        page.WriteRaw("<tr><th colspan=\"2\"></th><th class=\"group start\" colspan=\"4\">acquires</th><th class=\"group start\" colspan=\"5\">waits</th><th class=\"group start\" colspan=\"6\">holds</th><th class=\"group start\" colspan=\"8\"></th></tr><tr>");
        int column = 0;
        Head(page, ref column, "mutex", "name");
        Head(page, ref column, "mutexes");
        Head(page, ref column, "all", "start");
        Head(page, ref column, "waited");
        Head(page, ref column, "%");
        Head(page, ref column, "failed");
        for (int i = 0; i < Durations.Length; i++)
        {
            Head(page, ref column, Durations[i], i == 0 ? "start" : "", sorted: i == 0);
        }

        Head(page, ref column, "count", "start");
        foreach (string duration in Durations)
        {
            Head(page, ref column, duration);
        }

        Head(page, ref column, "blamed", "start");
        Head(page, ref column, "queue");
        Head(page, ref column, "switches");
        Head(page, ref column, "depth");
        Head(page, ref column, "refused");
        Head(page, ref column, "misuse");
        Head(page, ref column, "gaps");
        Head(page, ref column, "grade");
        page.WriteRaw("</tr></thead><tbody>");
        var greatest = new Greatest(mutexes.Max(mutex => mutex.Wait.TotalNs), mutexes.Max(mutex => mutex.Hold.TotalNs));
        var ranks = lanes.Index().ToDictionary(lane => (lane.Item.Id, lane.Item.Name), lane => lane.Index);
        foreach (MutexGroup mutex in mutexes)
        {
            int rank = mutex.Mutexes.Min(row => ranks.GetValueOrDefault((row.Id, row.Name), int.MaxValue));
            WriteRow(page, mutex, greatest, rank < lanes.Count ? lanes[rank] : null);
        }

        page.WriteRaw("</tbody></table></div>");
        if (mutexes.Sum(mutex => mutex.Mutexes.Count) < total)
        {
            page.Write($"<p class=\"note\">The {mutexes.Count} rows waited for longest; `kmutex report --json` has every mutex.</p>");
        }

        if (mutexes.Any(mutex => mutex.CountedFrom != CountSource.Events))
        {
            page.Write($"<p class=\"note\">{CountSourceWords.Legend}</p>");
        }

        page.WriteRaw("</section>");
    }

    private static void Head(Markup page, ref int column, string name, string kind = "", bool sorted = false) =>
        page.Write($"<th class=\"{kind}\" data-column=\"{column++}\"{new MarkupText(sorted ? " aria-sort=\"descending\"" : "")}><button type=\"button\">{name}</button></th>");

    private static void WriteRow(Markup page, MutexGroup mutex, Greatest greatest, TimelineLane? lane)
    {
        string mark = mutex.CountedFrom == CountSource.Events ? "" : " " + CountSourceWords.Mark(mutex.CountedFrom);
        MarkupText name = lane is null ? Markup.Escape($"{mutex.Name}") : Markup.Escape($"<a href=\"#lane=mutex-{lane.Id}\">{mutex.Name}</a>");
        page.Write($"<tr><td class=\"name\" title=\"{mutex.Name}\">{name}{mark}<br/>{HtmlReport.Site(mutex.Site)}{Blame(mutex)}</td>");
        Number(page, mutex.Mutexes.Count);
        Number(page, mutex.Acquires, "start");
        Number(page, mutex.Contended);
        string percent = mutex.ContendedPercent.ToString("0.0", CultureInfo.InvariantCulture);
        page.Write($"<td data-v=\"{mutex.ContendedPercent}\">{percent}</td>");
        Number(page, mutex.Failed);
        WriteDurations(page, mutex.Wait, "start ", greatest.WaitNs);
        Number(page, mutex.Hold.Count, "start");
        WriteDurations(page, mutex.Hold, "", greatest.HoldNs);
        page.Write($"<td class=\"start\" data-v=\"{mutex.BlamedNs}\">{(mutex.BlamedNs == 0 ? "-" : HumanDuration.Format(mutex.BlamedNs))}</td>");
        Number(page, mutex.DeepestQueue);
        Number(page, mutex.OwnerSwitches);
        Number(page, mutex.DeepestRecursion);
        Number(page, mutex.IrqlRejections);
        Number(page, mutex.Misuses);
        Number(page, mutex.SequenceGaps);
        page.Write($"<td data-v=\"{(int)mutex.Grade}\">{mutex.Grade}</td>");
        page.WriteRaw("</tr>");
    }

    private static MarkupText Blame(MutexGroup mutex) => mutex.Mutexes.MaxBy(row => row.TopBlamedNs) is { TopBlamedSite: SourceSite site }
        ? Markup.Escape($"<br/><span class=\"site\" title=\"Where the holders that made others wait longest had acquired it: {site.File} {site.Member}\">held at {site.Short}</span>")
        : new MarkupText("");

    private static void WriteDurations(Markup page, DurationSummary duration, string kind, long greatestNs)
    {
        page.Write($"{UsageSection.Bar(duration.TotalNs, greatestNs, kind)}");
        Duration(page, duration.Count, duration.MeanNs);
        Duration(page, duration.Sampled, duration.P50Ns);
        Duration(page, duration.Sampled, duration.P99Ns);
        Duration(page, duration.Count, duration.MaxNs);
    }

    private static void Number(Markup page, long number, string kind = "") =>
        page.Write($"<td class=\"{kind}\" data-v=\"{number}\">{HtmlReport.Count(number)}</td>");

    private static void Duration(Markup page, long count, long nanoseconds) =>
        page.Write($"<td data-v=\"{nanoseconds}\">{(count == 0 ? "-" : HumanDuration.Format(nanoseconds))}</td>");

    private readonly record struct Greatest(long WaitNs, long HoldNs);
}
