namespace Tracing.Driver;

/// <summary>
/// Each thread allocates mutexes, locks each once, frees every other one and forgets the rest: of n, n / 2 are freed (rounded down).
/// </summary>
internal static unsafe class LeakWorkload
{
    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        for (uint i = 0; i < thread->Run->Request.Iterations; i++)
        {
            if (i % 2 == 0)
            {
                Forget(thread);
            }
            else
            {
                Use(thread);
            }
        }
    }

    private static void Use(WorkloadThread* thread)
    {
        if (KMutex<ulong>.New(0, "Returned", out KMutex<ulong> mutex) != MutexError.None)
        {
            thread->Failures++;
            return;
        }

        WorkloadLock.Enter(thread, &mutex).Dispose();
        if (mutex.Free() != MutexError.None)
        {
            thread->Failures++;
        }
    }

    private static void Forget(WorkloadThread* thread)
    {
        if (KMutex<ulong>.New(0, "Forgotten", out KMutex<ulong> mutex) != MutexError.None)
        {
            thread->Failures++;
            return;
        }

        // The only handle to the mutex ends with this method: the leak.
        WorkloadLock.Enter(thread, &mutex).Dispose();
    }
}
