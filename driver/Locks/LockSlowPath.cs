using System.Runtime.CompilerServices;
using System.Threading;

namespace Tracing.Driver;

/// <summary>The long way through acquire and release: contention, nesting, timeouts, a listening session, refusals.</summary>
internal static unsafe class LockSlowPath
{
    /// <summary>Finishes an acquire that <see cref="LockCore.Acquire"/> began.</summary>
    /// <param name="mutex">A live mutex, or null.</param>
    /// <param name="guard">Filled in; emptied on failure.</param>
    /// <param name="status">How the try ended.</param>
    /// <param name="file">The call site's file,</param>
    /// <param name="line">its line,</param>
    /// <param name="member">and its member.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static MutexError Acquire(MutexHeader* mutex, GuardState* guard, int status, string file, int line, string member)
    {
        AcquireRequest request = new(new CallSite(file, line, member));
        return Finish(mutex, guard, status, in request);
    }

    /// <summary>
    /// Acquires a KMUTEX in any way that can be asked for. IRQL: any; above <see cref="IrqlLimits.Lock"/> nothing is acquired.
    /// </summary>
    /// <param name="mutex">A live mutex, or null.</param>
    /// <param name="guard">Filled in; emptied on failure.</param>
    /// <param name="request">In which way.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static MutexError Acquire(MutexHeader* mutex, GuardState* guard, in AcquireRequest request)
    {
        int status = NtStatus.IrqlTooHigh;
        if (mutex != null && Kernel.KeGetCurrentIrql() <= IrqlLimits.Lock)
        {
            long noWait = 0;
            status = Kernel.KeWaitForSingleObject(mutex, WaitReason.Executive, ProcessorMode.Kernel, 0, &noWait);
        }

        return Finish(mutex, guard, status, in request);
    }

    /// <summary>Releases what a guard holds, or says why not. IRQL: any; above <see cref="IrqlLimits.Release"/> nothing is released.</summary>
    /// <param name="guard">Emptied when the mutex was released; unchanged on any error.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static MutexError Release(ref GuardState guard)
    {
        MutexHeader* mutex = guard.Mutex;
        if (mutex == null)
        {
            return MutexError.Empty;
        }

        byte irql = Kernel.KeGetCurrentIrql();
        if (irql > IrqlLimits.Release)
        {
            LockTrace.Rejected(mutex, LockOperation.Release, irql, IrqlLimits.Release, guard.SiteId);
            return MutexError.IrqlTooHigh;
        }

        MutexError error = CheckOwner(mutex, guard.SiteId);
        if (error != MutexError.None)
        {
            return error;
        }

        Hold.End(mutex, in guard, out ReleaseEvent release);
        guard.Mutex = null;

        // Once released, another thread may free the mutex: from here on only the copy on this stack is read.
        _ = Kernel.KeReleaseMutex(&mutex->Mutex, 0);
        LockTrace.Released(in release);
        return MutexError.None;
    }

    /// <summary>Whether the calling thread may release a mutex; that it may not is in the trace.</summary>
    /// <param name="mutex">A live mutex of any kind.</param>
    /// <param name="siteId">Call site of the acquire, as far as known.</param>
    internal static MutexError CheckOwner(MutexHeader* mutex, uint siteId)
    {
        uint owner = mutex->OwnerThreadId;
        if (owner == CurrentThread.Id)
        {
            return MutexError.None;
        }

        bool free = owner == 0;
        LockTrace.Misused(mutex, free ? MisuseKind.DoubleRelease : MisuseKind.ReleaseByOtherThread, siteId);
        return free ? MutexError.NotHeld : MutexError.NotOwner;
    }

    private static MutexError Finish(MutexHeader* mutex, GuardState* guard, int status, in AcquireRequest request)
    {
        *guard = default;
        switch (status)
        {
            case NtStatus.Success:
            case NtStatus.Abandoned:
                ulong acquiredAt = LockTrace.TimesHolds ? Clock.Now() : 0;
                AcquiredFlags flags = status == NtStatus.Success ? request.Flags : request.Flags | AcquiredFlags.Abandoned;
                Hold.Begin(mutex, guard, acquiredAt, flags, in request);
                return MutexError.None;

            case NtStatus.Timeout:
                return request.Has(AcquiredFlags.Try) ? MutexError.Busy : Wait(mutex, guard, in request);

            case NtStatus.IrqlTooHigh:
                if (mutex == null)
                {
                    return MutexError.Empty;
                }

                LockOperation operation = request.Has(AcquiredFlags.Try) ? LockOperation.TryLock : LockOperation.Lock;
                LockTrace.Rejected(mutex, operation, Kernel.KeGetCurrentIrql(), IrqlLimits.Lock, request.Site);
                return MutexError.IrqlTooHigh;

            default:
                return MutexError.WaitFailed;
        }
    }

    /// <summary>Waits until the mutex is free, or until the wait ends otherwise, after the try has failed.</summary>
    private static MutexError Wait(MutexHeader* mutex, GuardState* guard, in AcquireRequest request)
    {
        ulong requestedAt = Clock.Now();
        int waitingAlready = Interlocked.Increment(ref mutex->Waiters) - 1;
        LockTrace.Blocked(mutex, requestedAt, (uint)waitingAlready, request.Site);

        long timeout = request.Timeout;
        int status = Kernel.KeWaitForSingleObject(
            &mutex->Mutex,
            WaitReason.Executive,
            ProcessorMode.Kernel,
            request.Has(AcquiredFlags.Alertable) ? (byte)1 : (byte)0,
            request.Has(AcquiredFlags.Timed) ? &timeout : null);
        ulong endedAt = Clock.Now();
        _ = Interlocked.Decrement(ref mutex->Waiters);

        switch (status)
        {
            case NtStatus.Success:
                Hold.BeginContended(mutex, guard, requestedAt, endedAt, request.Flags, in request);
                return MutexError.None;

            case NtStatus.Abandoned:
                Hold.BeginContended(mutex, guard, requestedAt, endedAt, request.Flags | AcquiredFlags.Abandoned, in request);
                return MutexError.None;

            case NtStatus.Timeout:
                LockTrace.AcquireFailed(mutex, AcquireFailure.TimedOut, requestedAt, endedAt, request.Site);
                return MutexError.TimedOut;

            case NtStatus.Alerted:
                LockTrace.AcquireFailed(mutex, AcquireFailure.Alerted, requestedAt, endedAt, request.Site);
                return MutexError.Alerted;

            case NtStatus.UserApc:
                LockTrace.AcquireFailed(mutex, AcquireFailure.UserApc, requestedAt, endedAt, request.Site);
                return MutexError.UserApc;

            default:
                return MutexError.WaitFailed;
        }
    }
}
