namespace Tracing.Driver;

/// <summary>
/// The commonest bug with mutexes in drivers, made on purpose: locking while a spin lock holds the processor at DISPATCH_LEVEL. The call
/// is rejected; the same call after the spin lock is not.
/// </summary>
internal static unsafe class IrqlWorkload
{
    /// <summary>Allocates the mutex. IRQL: PASSIVE_LEVEL.</summary>
    internal static MutexError Prepare(WorkloadRun* run) => KMutex<ulong>.New(0, "IrqlCounter", out run->Shared);

    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        for (uint i = 0; i < thread->Run->Request.Iterations; i++)
        {
            LockUnderSpinLock(thread);
            LockAtPassive(thread);
        }
    }

    private static void LockUnderSpinLock(WorkloadThread* thread)
    {
        WorkloadRun* run = thread->Run;
        byte irql = run->SpinLock.Acquire();
        WorkloadLock.Enter(thread, &run->Shared).Dispose();
        run->SpinLock.Release(irql);
    }

    private static void LockAtPassive(WorkloadThread* thread)
    {
        using WorkloadLock held = WorkloadLock.Enter(thread, &thread->Run->Shared);
    }
}
