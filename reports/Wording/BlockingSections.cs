using System.Globalization;
using Tracing.Reports.Model;

namespace Tracing.Reports.Wording;

/// <summary>Who made whom wait, and where that may never end: blame, chains, convoys, deadlocks. What the recording has nothing of is left out.</summary>
internal static class BlockingSections
{
    public static IEnumerable<ReportSection> Of(LockReport report)
    {
        IEnumerable<ReportSection?> sections =
        [
            Deadlocks(report.Deadlocks), PossibleDeadlocks(report.PossibleDeadlocks), Blame(report.Blame), SlowestWaits(report.Blame), Convoys(report.Convoys),
        ];
        return sections.OfType<ReportSection>();
    }

    private static ReportSection? Deadlocks(IReadOnlyList<Deadlock> deadlocks) => deadlocks.Count == 0 ? null : new ReportSection(
        "deadlocks", "Deadlocked at the end",
        [new("circle"), new("thread"), new("waits for", ColumnKind.Name), new("at", ColumnKind.Word), new("since"), new("held by"), new("acquired at", ColumnKind.Word)],
        [.. deadlocks.SelectMany((deadlock, i) => deadlock.Waits.Select(wait => (IReadOnlyList<string>)
        [
            Text($"{i + 1}"), Text($"{wait.ThreadId}"), wait.Mutex, Site(wait.Site), HumanDuration.Format(wait.AgeNs), Text($"{wait.HolderThreadId}"), Site(wait.HolderSite),
        ]))],
        ["Each thread of a circle waits for what the next one holds: none of them can go on."]);

    private static ReportSection? PossibleDeadlocks(IReadOnlyList<PossibleDeadlock> possible) => possible.Count == 0 ? null : new ReportSection(
        "lock-order", "Taken in contradicting orders",
        [new("circle"), new("holding", ColumnKind.Word), new("since", ColumnKind.Word), new("took", ColumnKind.Name), new("at", ColumnKind.Word), new("times")],
        [.. possible.SelectMany((cycle, i) => cycle.Orders.Select(order => (IReadOnlyList<string>)
        [
            Text($"{i + 1}"), order.Held, Site(order.HeldSite), order.Taken, Site(order.TakenSite), Text($"{order.Count:N0}"),
        ]))],
        [Text($"Nobody blocked for good here, but different threads took these locks in different orders. The nearest pair missed by {HumanDuration.Format(possible.Min(cycle => cycle.NearestNs))}.")]);

    private static ReportSection? Blame(BlameSummary blame) => blame.WaitNs == 0 ? null : new ReportSection(
        "blame", "Who made whom wait",
        [new("held since", ColumnKind.Name), new("waited at", ColumnKind.Word), new("time"), new("%"), new("pieces")],
        [.. blame.Sites.Select(row => (IReadOnlyList<string>)
        [
            row.Cause switch
            {
                BlameCause.Hold => Site(row.HolderSite),
                BlameCause.HandOff => "(hand-off: nobody)",
                _ => "(unknown: events are missing)",
            },
            Site(row.WaiterSite), HumanDuration.Format(row.Ns), Text($"{100.0 * row.Ns / blame.WaitNs:0.0}"), Text($"{row.Parts:N0}"),
        ])],
        [Text($"Of {HumanDuration.Format(blame.WaitNs)} waited, others held the mutex for {HumanDuration.Format(blame.BlamedNs)}, hand-off took {HumanDuration.Format(blame.HandOffNs)}, and {HumanDuration.Format(blame.UnknownNs)} cannot be told.")]);

    private static ReportSection? SlowestWaits(BlameSummary blame)
    {
        const int Most = 3;
        return blame.SlowestWaits.Count == 0 ? null : new ReportSection(
            "slowest-waits", "The slowest waits, link by link",
            [new("began"), new("thread"), new("waited for", ColumnKind.Name), new("at", ColumnKind.Word), new("wait"), new("mostly held by"), new("for")],
            [.. blame.SlowestWaits.Take(Most).SelectMany(chain => chain.Links.Select((link, i) => (IReadOnlyList<string>)
            [
                i == 0 ? HumanDuration.Format(chain.StartNs) : "and", Text($"{link.WaiterThreadId}"), link.Mutex, Site(link.WaiterSite), HumanDuration.Format(link.WaitNs),
                link.HolderThreadId is int holder ? Text($"{holder}") : "-", HumanDuration.Format(link.BlamedNs),
            ]))],
            []);
    }

    private static ReportSection? Convoys(IReadOnlyList<Convoy> convoys) => convoys.Count == 0 ? null : new ReportSection(
        "convoys", "Convoys",
        [new("mutex", ColumnKind.Name), new("began"), new("hand-offs"), new("lasted"), new("waits in it"), new("runs")],
        [.. convoys.Select(convoy => (IReadOnlyList<string>)
        [
            convoy.Mutex, HumanDuration.Format(convoy.OnsetNs), Text($"{convoy.Length:N0}"), HumanDuration.Format(convoy.DurationNs),
            HumanDuration.Format(convoy.CostNs), Text($"{convoy.Runs:N0}"),
        ])],
        ["A mutex that passes from waiter to waiter and whose queue never empties: each thread pays for all before it."]);

    private static string Site(SourceSite? site) => site?.Short ?? "-";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
