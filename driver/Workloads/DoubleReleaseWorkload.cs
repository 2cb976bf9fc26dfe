namespace Tracing.Driver;

/// <summary>Misuse: a copy of a guard, made by mistake, releases what the guard itself has released.</summary>
internal static unsafe class DoubleReleaseWorkload
{
    /// <summary>Allocates a mutex for each thread. IRQL: PASSIVE_LEVEL.</summary>
    internal static MutexError Prepare(WorkloadRun* run) => WorkloadRun.AllocateOwn(run, "DoublyReleased");

    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        for (uint i = 0; i < thread->Run->Request.Iterations; i++)
        {
            KMutexGuard<ulong> guard = thread->Own.Lock(out MutexError error);
            if (WorkloadThread.Count(thread, error))
            {
                WorkloadThread.Work(thread);
                KMutexGuard<ulong> copy = guard;
                guard.Dispose();
                WorkloadThread.CountRefusal(thread, copy.Release(), MutexError.NotHeld);
            }
        }
    }
}
