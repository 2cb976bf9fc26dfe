using System.Globalization;
using Tracing.Reports.Model;

namespace Tracing.Reports.Wording;

/// <summary>Deadlocks that happened, and orders of locks that can become one.</summary>
internal static class DeadlockSections
{
    public static IEnumerable<ReportSection> Of(LockReport report)
    {
        if (report.Deadlocks.Count > 0)
        {
            yield return new ReportSection(
                "deadlocks", "Deadlocks",
                [new("no"), new("thread", ColumnKind.Word), new("waits for", ColumnKind.Name), new("at", ColumnKind.Word), new("for"), new("held from", ColumnKind.Word)],
                [.. report.Deadlocks.SelectMany((deadlock, i) => deadlock.Waits.Select(wait => (IReadOnlyList<string>)
                [
                    Number(i + 1), report.Names.OfThread(wait.ThreadId), wait.Mutex, wait.Site?.Short ?? "-", HumanDuration.Format(wait.AgeNs),
                    wait.HolderSite?.Short ?? "-",
                ]))],
                [.. report.Deadlocks.Select((deadlock, i) => $"{Number(i + 1)}: {Ended(deadlock)}"), "Each thread waits for what the next one holds, the last for what the first one holds."]);
        }

        if (report.PossibleDeadlocks.Count > 0)
        {
            yield return new ReportSection(
                "possible-deadlocks", "Contradicting lock orders",
                [new("no"), new("held", ColumnKind.Word), new("at", ColumnKind.Word), new("then taken", ColumnKind.Name), new("at", ColumnKind.Word), new("times")],
                [.. report.PossibleDeadlocks.SelectMany((possible, i) => possible.Orders.Select(order => (IReadOnlyList<string>)
                [
                    Number(i + 1), order.Held, order.HeldSite?.Short ?? "-", order.Taken, order.TakenSite?.Short ?? "-",
                    HumanCount.Format(order.Count),
                ]))],
                [.. Notes(report)]);
        }
    }

    private static string Ended(Deadlock deadlock)
    {
        string end = deadlock.End switch
        {
            DeadlockEnd.TimedOut => "ended by a timeout after",
            DeadlockEnd.Alerted => "ended by an alert after",
            DeadlockEnd.UserApc => "ended by a user APC after",
            DeadlockEnd.None => "still there at the end, after",
            _ => "how it ended is not known; seen for",
        };
        string count = deadlock.Count == 1 ? "" : $"; {HumanCount.Format(deadlock.Count)} times in all";
        string doubt = deadlock.IsCertain ? "" : "; events are missing, so that it may have been none";
        return $"{end} {HumanDuration.Format(deadlock.LastedNs)}{count}{doubt}.";
    }

    private static IEnumerable<string> Notes(LockReport report)
    {
        for (int i = 0; i < report.PossibleDeadlocks.Count; i++)
        {
            if (report.PossibleDeadlocks[i].NearestNs is long nearest)
            {
                yield return $"{Number(i + 1)}: the two orders came within {HumanDuration.Format(nearest)} of each other.";
            }
        }

        if (report.PossibleDeadlocks.Any(possible => !possible.IsCertain))
        {
            yield return "Not every acquire is in the recording: a lock held around contradicting orders may not be seen.";
        }

        if (report.PossibleDeadlocksIncomplete)
        {
            yield return "The search was ended early: there may be more.";
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
