namespace Tracing.Driver;

/// <summary>
/// A convoy: all threads queue for one mutex and, having had it for a moment, queue again at its end. A KMUTEX passes to the thread that has waited longest, so the
/// queue never empties, and the machine does no more than one thread could.
/// </summary>
internal static unsafe class ConvoyWorkload
{
    /// <summary>Allocates the mutex. IRQL: PASSIVE_LEVEL.</summary>
    internal static MutexError Prepare(WorkloadRun* run) => KMutex<ulong>.New(0, "RequestQueue", out run->Shared);

    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        if (thread->Index == 0)
        {
            HoldUntilAllQueue(thread);
        }
        else
        {
            WorkloadThread.Meet(thread);
        }

        for (uint i = 0; i < thread->Run->Request.Iterations; i++)
        {
            using WorkloadLock held = WorkloadLock.Enter(thread, &thread->Run->Shared);
        }
    }

    /// <summary>What starts convoys: somebody holds the mutex, once, until everybody else has come.</summary>
    private static void HoldUntilAllQueue(WorkloadThread* thread)
    {
        WorkloadRun* run = thread->Run;
        using WorkloadLock held = WorkloadLock.Enter(thread, &run->Shared);
        WorkloadThread.Meet(thread);
        WorkloadThread.SleepUntilAwaited(run->Shared, run->Request.Threads - 1);
    }
}
