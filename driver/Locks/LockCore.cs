using System.Runtime.CompilerServices;

namespace Tracing.Driver;

/// <summary>
/// The short way through acquire and release of a KMUTEX: uncontended, not nested, nobody listening. No clock, no interlocked instruction, no call
/// besides the kernel's. Everything else is in <see cref="LockSlowPath"/>.
/// </summary>
/// <remarks>
/// Both are inlined into the caller: their frames would cost as much as what they do. A test counts the instructions that are executed, so
/// the shape matters: one way out, and few enough statements in <see cref="Release"/> that the compiler copies it out of the
/// <c>finally</c> that <c>using</c> makes.
/// </remarks>
internal static unsafe class LockCore
{
    /// <summary>
    /// Acquires, waiting as long as it takes. IRQL: any; above <see cref="IrqlLimits.Lock"/> nothing is acquired.
    /// </summary>
    /// <remarks>
    /// Try first, wait second: contention is then known, not guessed. The try costs a thread that will wait well under a microsecond.
    /// </remarks>
    /// <param name="mutex">A live mutex, or null.</param>
    /// <param name="guard">Filled in; emptied on failure.</param>
    /// <param name="file">The call site's file,</param>
    /// <param name="line">its line,</param>
    /// <param name="member">and its member: three values, since a structure of them would have to be zeroed where the function begins.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static MutexError Acquire(MutexHeader* mutex, GuardState* guard, string file, int line, string member)
    {
        int status = NtStatus.IrqlTooHigh;
        if (mutex != null && Kernel.KeGetCurrentIrql() <= IrqlLimits.Lock)
        {
            long noWait = 0;
            status = Kernel.KeWaitForSingleObject(mutex, WaitReason.Executive, ProcessorMode.Kernel, 0, &noWait);
            if (status == NtStatus.Success && !LockTrace.TimesHolds && mutex->Ownership == 0)
            {
                mutex->Ownership = CurrentThread.Id;
                mutex->Sequence = mutex->Sequence + 1;
                guard->Mutex = mutex;
                guard->Sequence = mutex->Sequence;
                guard->AcquiredAt = 0;
                guard->SiteId = 0;
                return MutexError.None;
            }
        }

        return LockSlowPath.Acquire(mutex, guard, status, file, line, member);
    }

    /// <summary>Releases what a guard holds, if it holds anything. IRQL: any; above <see cref="IrqlLimits.Release"/> nothing is released.</summary>
    /// <param name="guard">Emptied when the mutex was released; unchanged on any error, which is in the trace.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Release(ref GuardState guard)
    {
        MutexHeader* mutex = guard.Mutex;
        if (mutex == null)
        {
            return;
        }

        if (Kernel.KeGetCurrentIrql() <= IrqlLimits.Release && CurrentThread.Id == mutex->Ownership && !LockTrace.TimesHolds)
        {
            mutex->Ownership = 0;
            mutex->HeldSince = 0;
            guard.Mutex = null;

            // The kernel's object is the first field: the block's address is its address.
            _ = Kernel.KeReleaseMutex((KMutexObject*)mutex, 0);
            return;
        }

        _ = LockSlowPath.Release(ref guard);
    }
}
