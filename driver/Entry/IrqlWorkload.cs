namespace Tracing.Driver;

/// <summary>
/// The commonest bug with mutexes in drivers, made on purpose: locking while a spin lock holds the processor at DISPATCH_LEVEL. The call
/// is rejected; the same call after the spin lock is not.
/// </summary>
internal static unsafe class IrqlWorkload
{
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
        using (KMutexGuard<ulong> guard = run->Shared.Lock(out MutexError error))
        {
            if (WorkloadThread.Count(thread, error))
            {
                // Must not happen; the sum at the end will tell.
                guard.Value++;
            }
        }

        run->SpinLock.Release(irql);
    }

    private static void LockAtPassive(WorkloadThread* thread)
    {
        using KMutexGuard<ulong> guard = thread->Run->Shared.Lock(out MutexError error);
        if (WorkloadThread.Count(thread, error))
        {
            thread->SharedAcquires++;
            guard.Value++;
            WorkloadThread.Work(thread);
        }
    }
}
