using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests.Naive;

/// <summary>What a report says of lock orders and deadlocks, added up over sites so that two reports can be compared.</summary>
internal static class LockingTotals
{
    /// <summary>The mutexes of a deadlock, ascending.</summary>
    public static string MutexesOf(Deadlock deadlock) => string.Join(' ', deadlock.Waits.Select(wait => wait.MutexId).Order());

    /// <summary>How often each lock was taken while which other one was held.</summary>
    public static Dictionary<(string Held, string Taken), long> Orders(LockReport report) =>
        report.LockOrders.GroupBy(order => (order.Held, order.Taken)).ToDictionary(same => same.Key, same => same.Sum(order => order.Count));

    /// <summary>How often each circle of mutexes was a deadlock.</summary>
    public static Dictionary<string, long> Deadlocks(LockReport report) =>
        report.Deadlocks.GroupBy(MutexesOf).ToDictionary(same => same.Key, same => same.Sum(deadlock => deadlock.Count));
}
