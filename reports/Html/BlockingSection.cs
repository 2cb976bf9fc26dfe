using System.Globalization;
using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Html;

/// <summary>Who made whom wait: by place in the source and by thread, with the critical paths of the slowest waits and the convoys.</summary>
internal static class BlockingSection
{
    private const int MostChains = 20;

    public static void Write(Markup page, LockReport report)
    {
        BlameSummary blame = report.Blame;
        if (blame.WaitNs > 0)
        {
            page.Write($"<section id=\"blocking\"><h2 data-short=\"Blocking\">Who made whom wait</h2><p>Of {HumanDuration.Format(blame.WaitNs)} of waiting {Part(blame.BlamedNs)} passed while somebody held the mutex, {Part(blame.HandOffNs)} between two owners, when nobody used it (hand-off){(blame.UnknownNs == 0 ? "" : $", and of {Part(blame.UnknownNs)} nobody can tell, because events are missing")}.</p><div class=\"below\"><div>");
            page.WriteRaw("<h3>By place: where it was waited, and where the holder had acquired</h3>");
            FlowFigure.Write(page, "Waiting time from the places that waited to the places that held", [.. blame.Sites.Select(row => new Flow(
                Place(row.WaiterSite),
                row.Cause switch { BlameCause.Hold => Place(row.HolderSite), BlameCause.HandOff => "(hand-off)", _ => "(not known)" },
                row.Ns, row.Cause == BlameCause.Hold))]);
            page.WriteRaw("</div><div>");
            page.WriteRaw(blame.Threads.Count > 0 ? "<h3>By thread: who waited, and who held</h3>" : "");
            FlowFigure.Write(page, "Waiting time from the threads that waited to the threads that held", [.. blame.Threads.Select(row => new Flow(
                report.Names.OfThread(row.WaiterThreadId), report.Names.OfThread(row.HolderThreadId), row.Ns, true))]);
            page.WriteRaw("</div></div></section>");
        }

        WriteChains(page, report, "slowest-waits", "Slowest waits", "The slowest waits, each with the holder that took most of it and what that one waited for meanwhile.", blame.SlowestWaits);
        WriteChains(page, report, "chains", "Longest chains", "Holders that were themselves waiting, the longest chains first.", blame.LongestChains);
        WriteConvoys(page, report);

        string Part(long part) => string.Create(CultureInfo.InvariantCulture, $"{HumanDuration.Format(part)} ({100.0 * part / blame.WaitNs:0.#} %)");
    }

    private static void WriteChains(Markup page, LockReport report, string id, string title, string note, IReadOnlyList<BlockingChain> chains)
    {
        if (chains.Count == 0)
        {
            return;
        }

        page.Write($"<section id=\"{id}\"><h2>{title}</h2><div class=\"scroll\"><table><thead><tr><th class=\"name\">mutex</th><th class=\"name\">thread</th><th class=\"name\">waited at</th><th>from</th><th>wait</th><th class=\"name\">mostly held by</th></tr></thead><tbody>");
        foreach (BlockingChain chain in chains.Take(MostChains))
        {
            for (int i = 0; i < chain.Links.Count; i++)
            {
                BlockingLink link = chain.Links[i];
                MarkupText from = i > 0 ? new MarkupText("meanwhile") : Moment(report, chain.StartNs, chain.WaitNs, link.MutexId, link.WaiterThreadId);
                string holder = link.HolderThreadId is int thread ? $"{report.Names.OfThread(thread)} at {Place(link.HolderSite)}, {HumanDuration.Format(link.BlamedNs)}" : "not known";
                page.Write($"<tr><td class=\"name\">{link.Mutex}</td><td class=\"name\">{report.Names.OfThread(link.WaiterThreadId)}</td><td class=\"name\">{HtmlReport.Site(link.WaiterSite)}</td><td>{from}</td><td>{HumanDuration.Format(link.WaitNs)}</td><td class=\"name\">{Markup.Sentence(holder)}</td></tr>");
            }
        }

        page.Write($"</tbody></table></div><p class=\"note\">{Markup.Sentence(note)}</p></section>");
    }

    /// <summary>When something began; leads to it in the timeline, where the page has one.</summary>
    private static MarkupText Moment(LockReport report, long startNs, long lengthNs, ulong mutexId, int? threadId)
    {
        string words = HumanDuration.Format(startNs);
        string who = threadId is int thread ? string.Create(CultureInfo.InvariantCulture, $"&thread={thread}&kind=wait") : "";
        return report.Timeline is null
            ? Markup.Escape($"{words}")
            : Markup.Escape($"<a href=\"#t={startNs}-{startNs + lengthNs}&amp;lane=mutex-{mutexId}{who}\">{words}</a>");
    }

    private static void WriteConvoys(Markup page, LockReport report)
    {
        if (report.Convoys.Count == 0)
        {
            return;
        }

        page.WriteRaw("<section id=\"convoys\"><h2>Convoys</h2><div class=\"scroll\"><table><thead><tr><th class=\"name\">mutex</th><th>from</th><th>hand-offs</th><th>lasted</th><th>waiting in it</th><th>convoys</th></tr></thead><tbody>");
        foreach (Convoy convoy in report.Convoys.Take(MostChains))
        {
            page.Write($"<tr><td class=\"name\">{convoy.Mutex}{(convoy.Recording.Length > 0 ? Markup.Escape($"<br/><span class=\"site\">{convoy.Recording}</span>") : new MarkupText(""))}</td><td>{Moment(report, convoy.OnsetNs, convoy.DurationNs, convoy.MutexId, null)}</td><td>{HumanCount.Format(convoy.Length)}</td><td>{HumanDuration.Format(convoy.DurationNs)}</td><td>{HumanDuration.Format(convoy.CostNs)}</td><td>{HumanCount.Format(convoy.Runs)}</td></tr>");
        }

        page.WriteRaw("</tbody></table></div><p class=\"note\">The mutex passed from one waiting thread to the next, and the queue was never empty: the longest run of each mutex.</p></section>");
    }

    private static string Place(SourceSite? site) => site is null ? "(place not known)" : site.Short.Length > 0 ? site.Short : "(no name)";
}
