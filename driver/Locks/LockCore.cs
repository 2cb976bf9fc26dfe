using System.Runtime.CompilerServices;

namespace Tracing.Driver;

/// <summary>
/// The short way through acquire and release: an uncontended mutex, nobody listening. No clock, no interlocked instruction, no call
/// besides the kernel's. Everything else is in <see cref="LockSlowPath"/>.
/// </summary>
/// <remarks>
/// Try first, wait second: contention is then known, not guessed. The try costs a thread that will wait well under a microsecond.
/// </remarks>
internal static unsafe class LockCore
{
    /// <summary>Tries to acquire. IRQL: any; above <see cref="IrqlLimits.Lock"/> nothing is tried.</summary>
    /// <param name="mutex">A live mutex.</param>
    /// <param name="guard">Filled in when the answer is <see cref="FirstTry.Done"/>.</param>
    /// <returns>Anything but <see cref="FirstTry.Done"/> is to be handed to <see cref="LockSlowPath.Acquire"/> at once.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static FirstTry TryAcquire(MutexHeader* mutex, GuardState* guard)
    {
        if (Kernel.KeGetCurrentIrql() > IrqlLimits.Lock)
        {
            return FirstTry.IrqlTooHigh;
        }

        // The kernel's object is the first field: the block's address is its address.
        long noWait = 0;
        int status = Kernel.KeWaitForSingleObject(mutex, WaitReason.Executive, ProcessorMode.Kernel, 0, &noWait);
        if (status != NtStatus.Success)
        {
            return Classify(status);
        }

        if (LockTrace.TimesHolds)
        {
            return FirstTry.AcquiredUnderTrace;
        }

        if (mutex->Depth++ == 0)
        {
            mutex->OwnerThreadId = CurrentThread.Id;
            mutex->HeldSince = 0;
        }

        guard->Mutex = mutex;
        guard->Sequence = ++mutex->Sequence;
        guard->AcquiredAt = 0;
        guard->SiteId = 0;
        return FirstTry.Done;
    }

    /// <summary>Releases what a guard holds. IRQL: any; above <see cref="IrqlLimits.Release"/> nothing is released.</summary>
    /// <param name="guard">Emptied when the mutex was released; unchanged on any error.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static MutexError Release(GuardState* guard)
    {
        MutexHeader* mutex = guard->Mutex;
        if (mutex == null)
        {
            return MutexError.Empty;
        }

        if (Kernel.KeGetCurrentIrql() > IrqlLimits.Release || mutex->OwnerThreadId != CurrentThread.Id || LockTrace.TimesHolds)
        {
            return LockSlowPath.Release(guard);
        }

        guard->Mutex = null;
        if (--mutex->Depth == 0)
        {
            mutex->OwnerThreadId = 0;
        }

        _ = Kernel.KeReleaseMutex(&mutex->Mutex, 0);
        return MutexError.None;
    }

    /// <summary>
    /// A status that is not plain success. STATUS_ABANDONED is not negative: the mutex was acquired.
    /// </summary>
    private static FirstTry Classify(int status)
    {
        if (status == NtStatus.Timeout)
        {
            return FirstTry.TimedOut;
        }

        return NtStatus.Failed(status) ? FirstTry.Failed : FirstTry.AcquiredAbandoned;
    }
}
