using Tracing.Analysis.Mutexes;

namespace Tracing.Analysis.Ordering;

/// <summary>A wait that has begun.</summary>
/// <param name="Mutex">What for; null for no wait.</param>
/// <param name="RequestedAt">Since when, in ticks.</param>
/// <param name="SiteId">Where.</param>
/// <param name="OwnerThreadId">Who held it, as far as the driver could see without a lock; 0 for nobody.</param>
/// <param name="OwnerSequence">The number of that one's acquire.</param>
public readonly record struct LockWait(MutexLedger? Mutex, ulong RequestedAt, uint SiteId, int OwnerThreadId, ulong OwnerSequence)
{
    /// <summary>Who holds the mutex, as far as the events and the driver's own look tell; 0 for nobody known.</summary>
    /// <remarks>Who was seen to hold it, and has let go since, holds it no more, though who got it then may not have written so yet.</remarks>
    public int HolderThreadId => Mutex is null ? 0
        : OwnerSequence > Mutex.OwnerSequence ? (Mutex.LastReleasedAt > RequestedAt ? 0 : OwnerThreadId)
        : Mutex.OwnerSequence == 0 ? 0 : Mutex.Owner.ThreadId;
}
