namespace Tracing.Reports.Model;

/// <summary>One lock was taken, or waited for in vain, while another was held: an edge of the lock order graph.</summary>
/// <remarks>
/// Between classes of mutexes: all of one label, else of one allocation site. Where both are of one class the two mutexes themselves are meant.
/// Recursion is no order, and neither is an acquire that was asked not to wait.
/// </remarks>
/// <param name="Held">The class held, or the mutex.</param>
/// <param name="HeldSite">Where it had been acquired; null where the trace does not say.</param>
/// <param name="Taken">The class taken meanwhile, or the mutex.</param>
/// <param name="TakenSite">Where; null where the trace does not say.</param>
/// <param name="Under">The classes of whatever else the thread held.</param>
/// <param name="Count">How often it was seen.</param>
/// <param name="ThreadIds">The threads that did it, the first 64 of them, by number.</param>
/// <param name="FirstNs">When the outer lock was acquired the first time, in nanoseconds since the start of the recording.</param>
public sealed record LockOrder(
    string Held, SourceSite? HeldSite, string Taken, SourceSite? TakenSite, IReadOnlyList<string> Under, long Count, IReadOnlyList<int> ThreadIds, long FirstNs);

/// <summary>
/// Locks that were taken in contradicting orders by different threads, with no common lock held around them: the threads need only meet to block
/// each other for good.
/// </summary>
/// <param name="Orders">Each takes what the next one holds; the last takes what the first holds.</param>
/// <param name="NearestNs">
/// The shortest time between the two orders, in nanoseconds: from where the one thread had both locks to where the other had the first of them. Null for
/// cycles of more than two locks, and where it is not known.
/// </param>
/// <param name="SameMutexes">True when the very same mutexes were taken each way; false when only their classes are known to agree.</param>
public sealed record PossibleDeadlock(IReadOnlyList<LockOrder> Orders, long? NearestNs, bool SameMutexes)
{
    /// <summary>False where not every acquire is in the recording: a lock that is held around all of the orders may not be seen.</summary>
    public bool IsCertain { get; init; } = true;
}
