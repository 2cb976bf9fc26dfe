using System.Runtime.CompilerServices;
using System.Threading;

namespace Tracing.Driver;

/// <summary>
/// What the locks say, as events: each member asks whether its event is wanted, and only then gathers what it holds. IRQL: any, unless
/// stated; all data is resident.
/// </summary>
internal static unsafe class LockTrace
{
    /// <summary>
    /// Whether holds are timed: whether any event of an acquire or a release is wanted. One question stands for all four, since
    /// MutexReleasedContended has every keyword that the others have, and no other is at a less verbose level.
    /// </summary>
    internal static bool TimesHolds => KMutexEvents.IsMutexReleasedContendedEnabled;

    /// <summary>A mutex has been allocated and published. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    internal static void Allocated(MutexHeader* mutex)
    {
        if (KMutexEvents.IsMutexAllocatedEnabled)
        {
            _ = KMutexEvents.WriteMutexAllocated(
                TraceProvider.Registration,
                mutex->MutexId,
                mutex,
                mutex->Kind,
                mutex->DataSize,
                mutex->PoolSize,
                MutexBlock.PoolTag,
                mutex->AllocationIrql,
                mutex->AllocationSite,
                mutex->AllocatedAt,
                mutex->Label,
                mutex->LabelLength);
        }
    }

    /// <summary>The pool had no memory for a mutex.</summary>
    internal static void AllocationFailed(MutexKind kind, uint poolSize, in CallSite site)
    {
        if (KMutexEvents.IsAllocationFailedEnabled)
        {
            _ = KMutexEvents.WriteAllocationFailed(
                TraceProvider.Registration, kind, poolSize, MutexBlock.PoolTag, SiteTable.Resolve(in site));
        }
    }

    /// <summary>A mutex is out of the list of the live ones, its memory about to be freed.</summary>
    internal static void Freed(MutexHeader* mutex, FreeReason reason, in CallSite site)
    {
        if (KMutexEvents.IsMutexFreedEnabled)
        {
            _ = KMutexEvents.WriteMutexFreed(
                TraceProvider.Registration,
                mutex->MutexId,
                reason,
                mutex->OwnerThreadId,
                (uint)mutex->Waiters,
                SiteTable.Resolve(in site),
                Clock.Now(),
                mutex->Sequence,
                mutex->Contended,
                (ulong)mutex->Rejected,
                mutex->WaitTotal,
                mutex->WaitMax,
                mutex->TimedHolds,
                mutex->HoldTotal,
                mutex->HoldMax);
        }
    }

    /// <summary>The try has failed, the thread is about to wait. What is said of the owner was seen without a lock.</summary>
    internal static void Blocked(MutexHeader* mutex, ulong requestedAt, uint waitingAlready, in CallSite site)
    {
        if (KMutexEvents.IsAcquireBlockedEnabled)
        {
            _ = KMutexEvents.WriteAcquireBlocked(
                TraceProvider.Registration,
                mutex->MutexId,
                requestedAt,
                mutex->OwnerThreadId,
                mutex->Sequence,
                waitingAlready,
                Kernel.KeGetCurrentIrql(),
                SiteTable.Resolve(in site));
        }
    }

    /// <summary>The wait has ended without the mutex.</summary>
    internal static void AcquireFailed(MutexHeader* mutex, AcquireFailure reason, ulong requestedAt, ulong failedAt, in CallSite site)
    {
        if (KMutexEvents.IsAcquireFailedEnabled)
        {
            _ = KMutexEvents.WriteAcquireFailed(
                TraceProvider.Registration, mutex->MutexId, reason, requestedAt, failedAt, SiteTable.Resolve(in site));
        }
    }

    /// <summary>The calling thread has acquired by its first try, and recorded it in the mutex.</summary>
    /// <returns>The site, for the release to come; 0 when nobody listens.</returns>
    internal static uint Acquired(MutexHeader* mutex, ulong acquiredAt, AcquiredFlags flags, in CallSite site)
    {
        // Asked once per acquire, by whoever read the clock: a session that has come since then finds a hold without a time.
        if (acquiredAt == 0)
        {
            return 0;
        }

        uint siteId = SiteTable.Resolve(in site);
        if (KMutexEvents.IsMutexAcquiredEnabled)
        {
            _ = KMutexEvents.WriteMutexAcquired(
                TraceProvider.Registration, mutex->MutexId, mutex->Sequence, Shorten(mutex->Depth), flags, acquiredAt, acquiredAt, siteId);
        }

        return siteId;
    }

    /// <summary>The calling thread has acquired after a wait, and recorded it in the mutex.</summary>
    /// <returns>As <see cref="Acquired"/>.</returns>
    internal static uint AcquiredContended(MutexHeader* mutex, ulong requestedAt, ulong acquiredAt, AcquiredFlags flags, in CallSite site)
    {
        if (!TimesHolds)
        {
            return 0;
        }

        uint siteId = SiteTable.Resolve(in site);
        if (KMutexEvents.IsMutexAcquiredContendedEnabled)
        {
            _ = KMutexEvents.WriteMutexAcquiredContended(
                TraceProvider.Registration, mutex->MutexId, mutex->Sequence, Shorten(mutex->Depth), flags, requestedAt, acquiredAt, siteId);
        }

        return siteId;
    }

    /// <summary>The calling thread has released: the mutex itself may be gone.</summary>
    internal static void Released(in ReleaseEvent release)
    {
        if (!release.IsWanted)
        {
            return;
        }

        bool isLong = release.AcquiredAt != 0 && release.ReleasedAt - release.AcquiredAt >= ProviderFacts.LongHold;
        if (release.Waiters != 0 || isLong)
        {
            if (KMutexEvents.IsMutexReleasedContendedEnabled)
            {
                _ = KMutexEvents.WriteMutexReleasedContended(
                    TraceProvider.Registration,
                    release.MutexId,
                    release.Sequence,
                    Shorten(release.Depth),
                    release.AcquiredAt,
                    release.ReleasedAt,
                    release.Waiters,
                    release.SiteId);
            }
        }
        else if (KMutexEvents.IsMutexReleasedEnabled)
        {
            _ = KMutexEvents.WriteMutexReleased(
                TraceProvider.Registration,
                release.MutexId,
                release.Sequence,
                Shorten(release.Depth),
                release.AcquiredAt,
                release.ReleasedAt,
                release.Waiters,
                release.SiteId);
        }
    }

    /// <summary>A call was refused for its IRQL, where the call site is at hand.</summary>
    /// <param name="mutex">Null when there is none yet.</param>
    /// <param name="operation">What was asked for.</param>
    /// <param name="irql">The caller's.</param>
    /// <param name="limit">The operation's.</param>
    /// <param name="site">Where the call stands.</param>
    internal static void Rejected(MutexHeader* mutex, LockOperation operation, byte irql, byte limit, in CallSite site) =>
        Rejected(mutex, operation, irql, limit, KMutexEvents.IsIrqlRejectedEnabled ? SiteTable.Resolve(in site) : 0);

    /// <summary>A call was refused for its IRQL.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Rejected(MutexHeader* mutex, LockOperation operation, byte irql, byte limit, uint siteId)
    {
        ulong mutexId = 0;
        if (mutex != null)
        {
            mutexId = mutex->MutexId;
            _ = Interlocked.Increment(ref mutex->Rejected);
        }

        if (KMutexEvents.IsIrqlRejectedEnabled)
        {
            ushort processor = (ushort)Kernel.KeGetCurrentProcessorNumberEx(null);
            _ = KMutexEvents.WriteIrqlRejected(
                TraceProvider.Registration, mutexId, operation, irql, limit, processor, siteId, Clock.Now());
        }
    }

    /// <summary>A mutex was used in a way that is always a bug of the caller; the call was refused.</summary>
    internal static void Misused(MutexHeader* mutex, MisuseKind kind, in CallSite site) =>
        Misused(mutex, kind, KMutexEvents.IsMisuseDetectedEnabled ? SiteTable.Resolve(in site) : 0);

    /// <inheritdoc cref="Misused(MutexHeader*, MisuseKind, in CallSite)"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Misused(MutexHeader* mutex, MisuseKind kind, uint siteId)
    {
        if (KMutexEvents.IsMisuseDetectedEnabled)
        {
            _ = KMutexEvents.WriteMisuseDetected(
                TraceProvider.Registration, mutex->MutexId, kind, mutex->OwnerThreadId, Shorten(mutex->Depth), siteId, Clock.Now());
        }
    }

    /// <summary>A depth as events hold it: 65535 stands for that and more.</summary>
    internal static ushort Shorten(uint depth) => depth > ushort.MaxValue ? ushort.MaxValue : (ushort)depth;
}
