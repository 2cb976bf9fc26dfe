using System.Globalization;
using Tracing.Reports.Model;

namespace Tracing.Reports.Wording;

/// <summary>Queues, who made whom wait, the chains of the slowest waits, convoys.</summary>
internal static class BlameSections
{
    private const int MostChains = 5;

    public static IEnumerable<ReportSection> Of(LockReport report)
    {
        if (report.Mutexes.Any(mutex => mutex.DeepestQueue > 0))
        {
            yield return Queues(report);
        }

        if (report.Blame.Sites.Count > 0)
        {
            yield return Blame(report.Blame);
        }

        if (report.Blame.SlowestWaits.Count > 0)
        {
            yield return Chains("slowest-waits", "Slowest waits, and whom they waited for", report, report.Blame.SlowestWaits);
        }

        if (report.Blame.LongestChains.Count > 0)
        {
            yield return Chains("longest-chains", "Longest chains of holders that waited themselves", report, report.Blame.LongestChains);
        }

        if (report.Convoys.Count > 0)
        {
            bool isMerged = report.Recordings.Count > 0;
            yield return new ReportSection(
                "convoys", "Convoys",
                [
                    new("mutex", ColumnKind.Name), .. isMerged ? (IEnumerable<SectionColumn>)[new("in", ColumnKind.Word)] : [], new("from"), new("hand-offs"), new("lasted"),
                    new("waited in it"), new("convoys"),
                ],
                [.. report.Convoys.Select(convoy => (IReadOnlyList<string>)
                [
                    convoy.Mutex, .. isMerged ? (IEnumerable<string>)[convoy.Recording] : [], HumanDuration.Format(convoy.OnsetNs), HumanCount.Format(convoy.Length), HumanDuration.Format(convoy.DurationNs),
                    HumanDuration.Format(convoy.CostNs), HumanCount.Format(convoy.Runs),
                ])],
                ["At each release somebody was already waiting and got it. Of each mutex the longest run is shown."]);
        }
    }

    private static ReportSection Queues(LockReport report) => new(
        "queues", "Queues",
        [
            new("mutex", ColumnKind.Name), new("waited %"), new("deepest"), new("held %"), new("switches"), new("blamed"), new("most on", ColumnKind.Word),
            new("hand-off"), new("grade", ColumnKind.Word),
        ],
        [.. report.Mutexes.Where(mutex => mutex.DeepestQueue > 0).OrderByDescending(mutex => mutex.WaitedForPercent).ThenBy(mutex => mutex.Id)
            .Select(mutex => (IReadOnlyList<string>)
            [
                mutex.Name, Percent(mutex.WaitedForPercent), HumanCount.Format(mutex.DeepestQueue), Percent(mutex.UtilisationPercent),
                HumanCount.Format(mutex.OwnerSwitches), HumanDuration.Format(mutex.BlamedNs), Place(mutex.TopBlamedSite), HumanDuration.Format(mutex.HandOffNs),
                mutex.Grade.ToString(),
            ])],
        []);

    private static ReportSection Blame(BlameSummary blame) => new(
        "blame", "Who made whom wait",
        [new("held from", ColumnKind.Name), new("waited at", ColumnKind.Word), new("time"), new("% of waits"), new("pieces")],
        [.. blame.Sites.Select(row => (IReadOnlyList<string>)
        [
            row.Cause switch { BlameCause.Hold => Place(row.HolderSite), BlameCause.HandOff => "(hand-off)", _ => "(not known)" },
            Place(row.WaiterSite), HumanDuration.Format(row.Ns), Percent(blame.WaitNs == 0 ? 0 : 100.0 * row.Ns / blame.WaitNs), HumanCount.Format(row.Parts),
        ])],
        [
            $"Of {HumanDuration.Format(blame.WaitNs)} of waiting somebody held the mutex for {HumanDuration.Format(blame.BlamedNs)}; hand-off, when nobody did, took {HumanDuration.Format(blame.HandOffNs)}; not known: {HumanDuration.Format(blame.UnknownNs)}.",
        ]);

    private static ReportSection Chains(string id, string title, LockReport report, IReadOnlyList<BlockingChain> chains) => new(
        id, title,
        [new("no"), new("thread", ColumnKind.Word), new("mutex", ColumnKind.Name), new("at", ColumnKind.Word), new("waited"), new("for", ColumnKind.Word), new("held from", ColumnKind.Word), new("blamed")],
        [.. chains.Take(MostChains).SelectMany((chain, i) => chain.Links.Select(link => (IReadOnlyList<string>)
        [
            (i + 1).ToString(CultureInfo.InvariantCulture), report.Names.OfThread(link.WaiterThreadId), link.Mutex, Place(link.WaiterSite), HumanDuration.Format(link.WaitNs),
            report.Names.OfThread(link.HolderThreadId) ?? "-", Place(link.HolderSite), HumanDuration.Format(link.BlamedNs),
        ]))],
        []);

    private static string Place(SourceSite? site) => site?.Short ?? "-";

    private static string Percent(double percent) => percent.ToString("0.0", CultureInfo.InvariantCulture);
}
