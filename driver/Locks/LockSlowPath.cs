using System.Runtime.CompilerServices;
using System.Threading;

namespace Tracing.Driver;

/// <summary>The long way through acquire and release: contention, a listening session, refusals.</summary>
internal static unsafe class LockSlowPath
{
    /// <summary>Finishes an acquire that <see cref="LockCore.TryAcquire"/> began. IRQL: &lt;= <see cref="IrqlLimits.Lock"/> unless refused for it.</summary>
    /// <param name="mutex">A live mutex.</param>
    /// <param name="guard">Filled in on success.</param>
    /// <param name="first">How the try ended.</param>
    /// <param name="site">Where the call stands.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static MutexError Acquire(MutexHeader* mutex, GuardState* guard, FirstTry first, in CallSite site)
    {
        // The clock first: right after the acquire, or right after the try that failed.
        ulong triedAt = Clock.Now();
        switch (first)
        {
            case FirstTry.AcquiredUnderTrace:
                Hold(mutex, guard, triedAt, triedAt, AcquireKind.Plain, in site);
                return MutexError.None;

            case FirstTry.AcquiredAbandoned:
                Hold(mutex, guard, triedAt, triedAt, AcquireKind.Abandoned, in site);
                return MutexError.None;

            case FirstTry.TimedOut:
                return Wait(mutex, guard, triedAt, in site);

            case FirstTry.IrqlTooHigh:
                LockTrace.Rejected(mutex, LockOperation.Lock, Kernel.KeGetCurrentIrql(), IrqlLimits.Lock, in site);
                return MutexError.IrqlTooHigh;

            default:
                return MutexError.WaitFailed;
        }
    }

    /// <summary>Releases what a guard holds while a session listens, or says why not. IRQL: any.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static MutexError Release(GuardState* guard)
    {
        MutexHeader* mutex = guard->Mutex;
        byte irql = Kernel.KeGetCurrentIrql();
        if (irql > IrqlLimits.Release)
        {
            LockTrace.Rejected(mutex, LockOperation.Release, irql, IrqlLimits.Release, guard->SiteId);
            return MutexError.IrqlTooHigh;
        }

        uint owner = mutex->OwnerThreadId;
        if (owner != CurrentThread.Id)
        {
            bool free = owner == 0;
            LockTrace.Misused(mutex, free ? MisuseKind.DoubleRelease : MisuseKind.ReleaseByOtherThread, guard->SiteId);
            return free ? MutexError.NotHeld : MutexError.NotOwner;
        }

        ReleaseEvent release;
        release.MutexId = mutex->MutexId;
        release.Sequence = guard->Sequence;
        release.Depth = mutex->Depth;
        release.AcquiredAt = mutex->Depth == 1 ? mutex->HeldSince : guard->AcquiredAt;
        release.Waiters = (uint)mutex->Waiters;
        release.SiteId = guard->SiteId;
        release.ReleasedAt = Clock.Now();

        guard->Mutex = null;
        if (--mutex->Depth == 0)
        {
            CountHold(mutex, release.ReleasedAt);
            mutex->OwnerThreadId = 0;
        }

        // Once released, another thread may free the mutex: from here on only the copy on this stack is read.
        _ = Kernel.KeReleaseMutex(&mutex->Mutex, 0);
        LockTrace.Released(&release);
        return MutexError.None;
    }

    /// <summary>Waits until the mutex is free, after the try has failed.</summary>
    private static MutexError Wait(MutexHeader* mutex, GuardState* guard, ulong requestedAt, in CallSite site)
    {
        int waitingAlready = Interlocked.Increment(ref mutex->Waiters) - 1;
        LockTrace.Blocked(mutex, requestedAt, (uint)waitingAlready, in site);

        int status = Kernel.KeWaitForSingleObject(&mutex->Mutex, WaitReason.Executive, ProcessorMode.Kernel, 0, null);
        ulong acquiredAt = Clock.Now();
        _ = Interlocked.Decrement(ref mutex->Waiters);
        if (NtStatus.Failed(status))
        {
            return MutexError.WaitFailed;
        }

        ulong waited = acquiredAt - requestedAt;
        mutex->Contended++;
        mutex->WaitTotal += waited;
        if (waited > mutex->WaitMax)
        {
            mutex->WaitMax = waited;
        }

        Hold(mutex, guard, requestedAt, acquiredAt, AcquireKind.Contended | (status == NtStatus.Success ? 0 : AcquireKind.Abandoned), in site);
        return MutexError.None;
    }

    /// <summary>Records an acquire, with the mutex held.</summary>
    private static void Hold(
        MutexHeader* mutex, GuardState* guard, ulong requestedAt, ulong acquiredAt, AcquireKind kind, in CallSite site)
    {
        if ((kind & AcquireKind.Abandoned) != 0)
        {
            // The owner that ended has left its depth behind.
            mutex->Depth = 0;
        }

        if (mutex->Depth++ == 0)
        {
            mutex->OwnerThreadId = CurrentThread.Id;
            mutex->HeldSince = acquiredAt;
        }

        guard->Mutex = mutex;
        guard->Sequence = ++mutex->Sequence;
        guard->AcquiredAt = acquiredAt;
        guard->SiteId = LockTrace.Acquired(mutex, requestedAt, acquiredAt, kind, in site);
    }

    /// <summary>Adds the hold that ends to the counters, if its beginning is known. The mutex is held.</summary>
    private static void CountHold(MutexHeader* mutex, ulong releasedAt)
    {
        if (mutex->HeldSince == 0)
        {
            return;
        }

        ulong held = releasedAt - mutex->HeldSince;
        mutex->TimedHolds++;
        mutex->HoldTotal += held;
        if (held > mutex->HoldMax)
        {
            mutex->HoldMax = held;
        }
    }
}
