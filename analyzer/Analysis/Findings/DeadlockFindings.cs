using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Analysis.Findings;

/// <summary>Deadlocks, and lock orders that can become one.</summary>
internal static class DeadlockFindings
{
    public static IEnumerable<Finding> Of(LockReport report)
    {
        foreach (Deadlock deadlock in report.Deadlocks)
        {
            yield return Happened(deadlock, report.Names);
        }

        foreach (PossibleDeadlock possible in report.PossibleDeadlocks.Where(possible => !report.Deadlocks.Any(deadlock => IsBetween(deadlock, possible))))
        {
            yield return Possible(possible);
        }
    }

    private static Finding Happened(Deadlock deadlock, ThreadNames names)
    {
        string circle = string.Join(", ", deadlock.Waits.Select(wait =>
            $"thread {names.OfThread(wait.ThreadId)} waited for {wait.Mutex}{Words.At(wait.Site)}"));
        string times = deadlock.Count == 1 ? "" : $", {Words.Count(deadlock.Count, "time")} in all";
        string end = deadlock.End switch
        {
            DeadlockEnd.None => $"it was still there at the end, after {HumanDuration.Format(deadlock.LastedNs)}",
            DeadlockEnd.Unknown => $"how it ended is not known; it was seen for {HumanDuration.Format(deadlock.LastedNs)}",
            DeadlockEnd.TimedOut => $"a timeout ended it after {HumanDuration.Format(deadlock.LastedNs)}",
            _ => $"an interrupted wait ended it after {HumanDuration.Format(deadlock.LastedNs)}",
        };
        string what = deadlock.Waits.Count == 1
            ? $"Thread {names.OfThread(deadlock.Waits[0].ThreadId)} waited for {deadlock.Waits[0].Mutex}{Words.At(deadlock.Waits[0].Site)}, which it held itself"
            : $"{Words.Count(deadlock.Waits.Count, "thread")} were in a deadlock: {circle}, each held by the next";
        string doubt = deadlock.IsCertain ? "" : " Events are missing from the recording: one that was lost may have shown that it was none.";
        return new Finding(deadlock.IsCertain ? FindingSeverity.Error : FindingSeverity.Warning, "deadlock", $"{what}; {end}{times}.{doubt}")
        {
            Subject = string.Join(" ", deadlock.Waits.Select(wait => wait.Mutex).Order(StringComparer.Ordinal)),
            Advice = "Take these locks in one order everywhere, or give back the one before taking the other.",
            Numbers = [new("count", deadlock.Count), new("lasted", deadlock.LastedNs, "ns"), new("threads", deadlock.Waits.Count)],
            Site = deadlock.Waits[0].Site,
        };
    }

    private static Finding Possible(PossibleDeadlock possible)
    {
        string orders = string.Join(", and ", possible.Orders.Select(order =>
            $"{order.Taken} was taken{Words.At(order.TakenSite)} while {order.Held} was held ({Words.Count(order.Count, "time")})"));
        string near = possible.NearestNs is long nearest ? $"; they came within {HumanDuration.Format(nearest)} of each other" : "";
        string same = possible.SameMutexes ? "" : "; not always on the same mutexes";
        string doubt = possible.IsCertain ? "" : " Not every acquire is in the recording: a lock held around them all may not be seen.";
        FindingNumber[] numbers = possible.NearestNs is long ns ? [new("nearest", ns, "ns")] : [];
        return new Finding(
            possible is { SameMutexes: true, IsCertain: true } ? FindingSeverity.Error : FindingSeverity.Warning, "possible-deadlock",
            $"Different threads take locks in contradicting orders and can block each other for good: {orders}{near}{same}.{doubt}")
        {
            Subject = string.Join(" ", possible.Orders.Select(order => order.Held).Order(StringComparer.Ordinal)),
            Advice = "Choose one order for these locks and keep it at each of the places named, or take one lock around both.",
            Numbers = [new("locks", possible.Orders.Count), .. possible.Orders.Select((order, i) => new FindingNumber($"order{i + 1}", order.Count)), .. numbers],
            Site = possible.Orders[0].TakenSite,
        };
    }

    private static bool IsBetween(Deadlock deadlock, PossibleDeadlock possible) =>
        deadlock.Waits.Select(wait => wait.Mutex).ToHashSet(StringComparer.Ordinal).SetEquals(possible.Orders.Select(order => order.Held));
}
