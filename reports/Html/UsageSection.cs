using System.Globalization;
using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Html;

/// <summary>Who uses locks: by call site, by thread and by process, as tables to sort and search. Blamed is the time that others waited meanwhile.</summary>
internal static class UsageSection
{
    private const int MostRows = 200;

    public static void Write(Markup page, LockReport report)
    {
        WriteTable(page, "by-site", "By call site", report, report.BySite, row => Markup.Escape($"{row.Name}"));
        WriteTable(page, "by-thread", "By thread", report, report.ByThread, row => row.ThreadId is not int thread
            ? Markup.Escape($"{row.Name}")
            : report.Timeline?.Threads.Any(lane => lane.Id == (uint)thread) == true
                ? Markup.Escape($"<a href=\"#lane=thread-{(long)(uint)thread}\">{report.Names.OfThread(thread)}</a>")
                : Markup.Escape($"{report.Names.OfThread(thread)}"));
        if (report.ByProcess.Count > 1)
        {
            WriteTable(page, "by-process", "By process", report, report.ByProcess, row => Markup.Escape($"{(row.ProcessId is int process ? report.Names.OfProcess(process) : row.Name)}"));
        }
    }

    private static void WriteTable(Markup page, string id, string title, LockReport report, IReadOnlyList<UsageRow> rows, Func<UsageRow, MarkupText> nameOf)
    {
        if (rows.Count == 0)
        {
            return;
        }

        page.Write($"<section id=\"section-{id}\" class=\"long\"><div class=\"bar\"><h2>{title}</h2><input type=\"search\" data-table=\"{id}\" placeholder=\"search\" aria-label=\"search {title}\"/></div><div class=\"scroll\"><table id=\"{id}\" class=\"sortable\"><thead><tr>");
        bool isShared = rows.Any(row => row.HeldPercent is not null);
        string[] heads =
        [
            "", "acquires", "waited", "%", "wait total", "p99", "max", "hold total", .. isShared ? (string[])["held %"] : [], "p99", "max", "blamed", "waits for", "depth", "refused", "misuse",
        ];
        for (int i = 0; i < heads.Length; i++)
        {
            string name = i == 0 ? id[3..] : heads[i];
            page.Write($"<th class=\"{(heads[i] is "" or "waits for" ? "name" : "")}\" data-column=\"{i}\"{new MarkupText(i == 4 ? " aria-sort=\"descending\"" : "")}><button type=\"button\">{name}</button></th>");
        }

        page.WriteRaw("</tr></thead><tbody>");
        long mostWait = rows.Max(row => row.Wait.TotalNs);
        long mostHold = rows.Max(row => row.Hold.TotalNs);
        long mostBlamed = rows.Max(row => row.BlamedNs);
        foreach (UsageRow row in rows.Take(MostRows))
        {
            page.Write($"<tr><td class=\"name\">{nameOf(row)}</td>{Number(row.Acquires)}{Number(row.Contended)}<td data-v=\"{row.ContendedPercent}\">{row.ContendedPercent.ToString("0.0", CultureInfo.InvariantCulture)}</td>{Bar(row.Wait.TotalNs, mostWait)}{Time(row.Wait.P99Ns)}{Time(row.Wait.MaxNs)}{Bar(row.Hold.TotalNs, mostHold)}{(isShared ? Held(row) : new MarkupText(""))}{Time(row.Hold.P99Ns)}{Time(row.Hold.MaxNs)}{Bar(row.BlamedNs, mostBlamed)}<td class=\"name\">{Wording.UsageSection.WaitsFor(row, report.Names)}</td>{Number(row.DeepestRecursion)}{Number(row.IrqlRejections)}{Number(row.Misuses)}</tr>");
        }

        page.WriteRaw("</tbody></table></div>");
        if (rows.Count > MostRows)
        {
            page.Write($"<p class=\"note\">The {MostRows} that waited longest of {HumanCount.Format(rows.Count)}.</p>");
        }

        page.WriteRaw("</section>");
    }

    /// <summary>A cell with a duration and a bar behind it, as long as its share of the greatest.</summary>
    public static MarkupText Bar(long nanoseconds, long greatest, string kind = "")
    {
        string share = (greatest == 0 ? 0 : 100.0 * nanoseconds / greatest).ToString("0.#", CultureInfo.InvariantCulture);
        return Markup.Escape($"<td class=\"{kind}share\" style=\"--share: {share}%\" data-v=\"{nanoseconds}\">{Words(nanoseconds)}</td>");
    }

    private static MarkupText Held(UsageRow row) => Markup.Escape($"<td data-v=\"{row.HeldPercent ?? 0}\">{Wording.UsageSection.Held(row)}</td>");

    private static MarkupText Number(long number) => Markup.Escape($"<td data-v=\"{number}\">{HumanCount.Format(number)}</td>");

    private static MarkupText Time(long nanoseconds) => Markup.Escape($"<td data-v=\"{nanoseconds}\">{Words(nanoseconds)}</td>");

    private static string Words(long nanoseconds) => nanoseconds == 0 ? "-" : HumanDuration.Format(nanoseconds);
}
