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
    /// <remarks>
    /// Who acquired it after that look holds it until its release is seen: somebody waits, so that a light recording has the release, too. Of an earlier acquire only
    /// the look tells whether it still holds, until a release shows that whoever was seen has let go.
    /// </remarks>
    public int HolderThreadId => Mutex is null ? 0
        : Mutex.OwnerSequence > OwnerSequence ? Mutex.Owner.ThreadId
        : Mutex.LastReleasedAt > RequestedAt ? 0
        : OwnerThreadId;
}
