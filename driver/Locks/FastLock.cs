using System.Threading;

namespace Tracing.Driver;

/// <summary>Acquire and release of a FAST_MUTEX.</summary>
internal static unsafe class FastLock
{
    /// <summary>Acquires. IRQL: any; above <see cref="IrqlLimits.Lock"/> nothing is acquired; returns at APC_LEVEL when it has acquired.</summary>
    /// <param name="mutex">A live mutex, or null.</param>
    /// <param name="guard">Filled in; emptied on failure.</param>
    /// <param name="request">Plain or Try.</param>
    internal static MutexError Acquire(MutexHeader* mutex, GuardState* guard, in AcquireRequest request)
    {
        *guard = default;
        if (mutex == null)
        {
            return MutexError.Empty;
        }

        byte irql = Kernel.KeGetCurrentIrql();
        if (irql > IrqlLimits.Lock)
        {
            LockOperation operation = request.Has(AcquiredFlags.Try) ? LockOperation.TryLock : LockOperation.Lock;
            LockTrace.Rejected(mutex, operation, irql, IrqlLimits.Lock, request.Site);
            return MutexError.IrqlTooHigh;
        }

        // Only this thread writes its own id there: equal means that it holds the mutex, whatever others do meanwhile.
        if (mutex->OwnerThreadId == CurrentThread.Id)
        {
            return MutexError.AlreadyOwned;
        }

        FastMutexObject* fastMutex = (FastMutexObject*)&mutex->Mutex;
        if (Kernel.ExTryToAcquireFastMutex(fastMutex) != 0)
        {
            Hold.Begin(mutex, guard, LockTrace.TimesHolds ? Clock.Now() : 0, request.Flags, in request);
            return MutexError.None;
        }

        if (request.Has(AcquiredFlags.Try))
        {
            return MutexError.Busy;
        }

        ulong requestedAt = Clock.Now();
        int waitingAlready = Interlocked.Increment(ref mutex->Waiters) - 1;
        LockTrace.Blocked(mutex, requestedAt, (uint)waitingAlready, request.Site);
        Kernel.ExAcquireFastMutex(fastMutex);
        ulong acquiredAt = Clock.Now();
        _ = Interlocked.Decrement(ref mutex->Waiters);
        Hold.BeginContended(mutex, guard, requestedAt, acquiredAt, request.Flags, in request);
        return MutexError.None;
    }

    /// <summary>Releases what a guard holds, or says why not. IRQL: APC_LEVEL; at any other nothing is released.</summary>
    /// <param name="guard">Emptied when the mutex was released; unchanged on any error.</param>
    internal static MutexError Release(ref GuardState guard)
    {
        MutexHeader* mutex = guard.Mutex;
        if (mutex == null)
        {
            return MutexError.Empty;
        }

        // Who releases comes first: a copy of a guard that is used up is at whatever IRQL its thread is.
        MutexError error = LockSlowPath.CheckOwner(mutex, guard.SiteId);
        if (error != MutexError.None)
        {
            return error;
        }

        byte irql = Kernel.KeGetCurrentIrql();
        if (irql != IrqlLimits.Release)
        {
            LockTrace.Rejected(mutex, LockOperation.Release, irql, IrqlLimits.Release, guard.SiteId);
            return irql > IrqlLimits.Release ? MutexError.IrqlTooHigh : MutexError.IrqlNotApcLevel;
        }

        Hold.End(mutex, in guard, out ReleaseEvent release);
        guard.Mutex = null;

        // Once released, another thread may free the mutex: from here on only the copy on this stack is read.
        Kernel.ExReleaseFastMutex((FastMutexObject*)&mutex->Mutex);
        LockTrace.Released(in release);
        return MutexError.None;
    }
}
