using Tracing.Analysis.Mutexes;

namespace Tracing.Analysis.Ordering;

/// <summary>An outermost acquire that a thread has not undone yet.</summary>
/// <param name="Mutex">What it holds.</param>
/// <param name="Sequence">The number of that acquire.</param>
/// <param name="SiteId">Where it acquired.</param>
/// <param name="AcquiredAt">When, in ticks.</param>
public record struct HeldLock(MutexLedger Mutex, ulong Sequence, uint SiteId, ulong AcquiredAt)
{
    /// <summary>Whether nothing speaks against the thread still holding it: a release that was lost shows in later acquires by others, or in the free.</summary>
    public readonly bool IsCurrent => Mutex.OwnerSequence == Sequence && !Mutex.Freed;

    /// <summary>What was taken while it was held, and counts once it is released; null for nothing so far.</summary>
    internal List<PendingOrder>? Pending { get; set; }
}

/// <summary>What a thread took, or waited for in vain, while it held another lock: counted once the release of that lock proves that it was held.</summary>
/// <param name="Edge">The order.</param>
/// <param name="Count">How often during this hold.</param>
/// <param name="LastAt">When last, in ticks.</param>
public readonly record struct PendingOrder(LockOrderEdge Edge, long Count, ulong LastAt);
