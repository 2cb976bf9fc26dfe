namespace Tracing.Driver;

/// <summary>
/// The beginning and the end of a hold, recorded in the mutex by its owner: plain stores do, since only the owner makes them.
/// </summary>
internal static unsafe class Hold
{
    /// <summary>Records an acquire whose first try succeeded. The caller has the mutex.</summary>
    /// <param name="mutex">The mutex.</param>
    /// <param name="guard">Filled in.</param>
    /// <param name="acquiredAt">QPC ticks; 0 when nobody listens.</param>
    /// <param name="flags">What was asked for, and Abandoned if it was.</param>
    /// <param name="request">What was asked for.</param>
    internal static void Begin(MutexHeader* mutex, GuardState* guard, ulong acquiredAt, AcquiredFlags flags, in AcquireRequest request)
    {
        flags |= Own(mutex, guard, acquiredAt, flags);
        guard->SiteId = LockTrace.Acquired(mutex, acquiredAt, flags, request.Site);
    }

    /// <summary>Records an acquire that had to wait. The caller has the mutex.</summary>
    /// <param name="mutex">The mutex.</param>
    /// <param name="guard">Filled in.</param>
    /// <param name="requestedAt">QPC ticks of the failed try.</param>
    /// <param name="acquiredAt">QPC ticks of the end of the wait.</param>
    /// <param name="flags">What was asked for, and Abandoned if it was.</param>
    /// <param name="request">What was asked for.</param>
    internal static void BeginContended(
        MutexHeader* mutex, GuardState* guard, ulong requestedAt, ulong acquiredAt, AcquiredFlags flags, in AcquireRequest request)
    {
        ulong waited = acquiredAt - requestedAt;
        mutex->Contended++;
        mutex->WaitTotal += waited;
        if (waited > mutex->WaitMax)
        {
            mutex->WaitMax = waited;
        }

        flags |= Own(mutex, guard, acquiredAt, flags);
        guard->SiteId = LockTrace.AcquiredContended(mutex, requestedAt, acquiredAt, flags, request.Site);
    }

    /// <summary>Records the end of a hold, or of a nested one. The caller has the mutex until it returns, and releases it next.</summary>
    /// <param name="mutex">The mutex.</param>
    /// <param name="guard">What is released.</param>
    /// <param name="release">What the event of the release will say: by then the mutex may be gone.</param>
    internal static void End(MutexHeader* mutex, in GuardState guard, out ReleaseEvent release)
    {
        release.IsWanted = LockTrace.TimesHolds;
        release.MutexId = mutex->MutexId;
        release.Sequence = guard.Sequence;
        release.Depth = mutex->Depth;
        release.AcquiredAt = release.Depth == 1 ? mutex->HeldSince : guard.AcquiredAt;
        release.Waiters = (uint)mutex->Waiters;
        release.SiteId = guard.SiteId;
        release.ReleasedAt = release.IsWanted ? Clock.Now() : 0;
        if (release.Depth != 1)
        {
            mutex->Ownership -= MutexHeader.Nesting;
            return;
        }

        if (release.IsWanted && release.AcquiredAt != 0)
        {
            Count(mutex, release.ReleasedAt - release.AcquiredAt);
        }

        mutex->HeldSince = 0;
        mutex->Ownership = 0;
    }

    /// <summary>Makes the calling thread the owner, or the owner once more.</summary>
    /// <returns>Recursive, if it was already.</returns>
    private static AcquiredFlags Own(MutexHeader* mutex, GuardState* guard, ulong acquiredAt, AcquiredFlags flags)
    {
        guard->Mutex = mutex;
        guard->Sequence = ++mutex->Sequence;
        guard->AcquiredAt = acquiredAt;
        if (mutex->Ownership != 0 && (flags & AcquiredFlags.Abandoned) == 0)
        {
            mutex->Ownership += MutexHeader.Nesting;
            return AcquiredFlags.Recursive;
        }

        // An owner that ended has left itself behind: what it held counts for nothing now.
        mutex->Ownership = CurrentThread.Id;
        mutex->HeldSince = acquiredAt;
        return 0;
    }

    private static void Count(MutexHeader* mutex, ulong held)
    {
        mutex->TimedHolds++;
        mutex->HoldTotal += held;
        if (held > mutex->HoldMax)
        {
            mutex->HoldMax = held;
        }
    }
}
