using Tracing.Reports.Model;

namespace Tracing.Reports.Data;

internal sealed record DeadlockDocument(DeadlockEnd End, bool IsCertain, long FormedNs, long LastedNs, long Count, IReadOnlyList<DeadlockWaitDocument> Waits)
{
    public static DeadlockDocument Of(Deadlock deadlock, ThreadNames names) => new(
        deadlock.End, deadlock.IsCertain, deadlock.FormedNs, deadlock.LastedNs, deadlock.Count,
        [.. deadlock.Waits.Select(wait => new DeadlockWaitDocument(
            wait.ThreadId, names.OfThread(wait.ThreadId), wait.MutexId, wait.Mutex, SiteDocument.Of(wait.Site), wait.AgeNs, wait.HolderThreadId,
            names.OfThread(wait.HolderThreadId), SiteDocument.Of(wait.HolderSite)))]);
}

internal sealed record DeadlockWaitDocument(
    int ThreadId, string Thread, ulong MutexId, string Mutex, SiteDocument? Site, long AgeNs, int HolderThreadId, string Holder, SiteDocument? HolderSite);

internal sealed record LockOrderDocument(
    string Held, SiteDocument? HeldSite, string Taken, SiteDocument? TakenSite, IReadOnlyList<string> Under, long Count, IReadOnlyList<int> ThreadIds, IReadOnlyList<string> Threads,
    long FirstNs)
{
    public static LockOrderDocument Of(LockOrder order, ThreadNames names) => new(
        order.Held, SiteDocument.Of(order.HeldSite), order.Taken, SiteDocument.Of(order.TakenSite), order.Under, order.Count, order.ThreadIds,
        [.. order.ThreadIds.Select(names.OfThread)], order.FirstNs);
}

internal sealed record PossibleDeadlockDocument(IReadOnlyList<LockOrderDocument> Orders, long? NearestNs, bool SameMutexes, bool IsCertain)
{
    public static PossibleDeadlockDocument Of(PossibleDeadlock possible, ThreadNames names) =>
        new([.. possible.Orders.Select(order => LockOrderDocument.Of(order, names))], possible.NearestNs, possible.SameMutexes, possible.IsCertain);
}

internal sealed record LockOrdersDocument(long NotKept, bool SearchIncomplete, IReadOnlyList<LockOrderDocument> Orders);
