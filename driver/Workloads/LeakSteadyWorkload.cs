namespace Tracing.Driver;

/// <summary>
/// A leak that does not grow: each thread renews its mutex again and again, freeing the one before, and forgets the last. Only the unload shows it.
/// </summary>
internal static unsafe class LeakSteadyWorkload
{
    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        KMutex<ulong> current = default;
        for (uint i = 0; i < thread->Run->Request.Iterations; i++)
        {
            if (KMutex<ulong>.New(0, "Lease", out KMutex<ulong> next) != MutexError.None)
            {
                thread->Failures++;
                continue;
            }

            if (current.IsAllocated && current.Free() != MutexError.None)
            {
                thread->Failures++;
            }

            current = next;
            WorkloadLock.Enter(thread, &current).Dispose();
        }
    }
}
