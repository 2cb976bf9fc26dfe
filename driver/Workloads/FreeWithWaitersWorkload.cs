namespace Tracing.Driver;

/// <summary>Misuse: a thread that holds a mutex frees it before it lets go, and others wait for it. The memory is kept, so that they come to no harm.</summary>
internal static unsafe class FreeWithWaitersWorkload
{
    /// <summary>Allocates the mutex. IRQL: PASSIVE_LEVEL.</summary>
    internal static MutexError Prepare(WorkloadRun* run) => KMutex<ulong>.New(0, "FreedWithWaiters", out run->Shared);

    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        for (uint i = 0; i < thread->Run->Request.Iterations; i++)
        {
            if (thread->Index == 0)
            {
                FreeBeforeLettingGo(thread);
            }
            else
            {
                WorkloadThread.Meet(thread);
                using WorkloadLock held = WorkloadLock.Enter(thread, &thread->Run->Shared);
            }

            WorkloadThread.Meet(thread);
        }
    }

    private static void FreeBeforeLettingGo(WorkloadThread* thread)
    {
        WorkloadRun* run = thread->Run;
        using WorkloadLock held = WorkloadLock.Enter(thread, &run->Shared);
        WorkloadThread.Meet(thread);
        WorkloadThread.SleepUntilAwaited(run->Shared, run->Request.Threads - 1);
        KMutex<ulong> copy = run->Shared;
        WorkloadThread.CountRefusal(thread, copy.Free(), MutexError.Awaited);
    }
}
