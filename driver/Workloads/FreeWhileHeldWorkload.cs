namespace Tracing.Driver;

/// <summary>Misuse: threads free the mutex that another one holds. The memory is kept, so that the holder comes to no harm.</summary>
internal static unsafe class FreeWhileHeldWorkload
{
    /// <summary>Allocates the mutex. IRQL: PASSIVE_LEVEL.</summary>
    internal static MutexError Prepare(WorkloadRun* run) => KMutex<ulong>.New(0, "FreedWhileHeld", out run->Shared);

    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        for (uint i = 0; i < thread->Run->Request.Iterations; i++)
        {
            if (thread->Index == 0)
            {
                Hold(thread);
            }
            else
            {
                WorkloadThread.Meet(thread);
                KMutex<ulong> copy = thread->Run->Shared;
                WorkloadThread.CountRefusal(thread, copy.Free(), MutexError.Held);
                WorkloadThread.Meet(thread);
            }
        }
    }

    private static void Hold(WorkloadThread* thread)
    {
        using WorkloadLock held = WorkloadLock.Enter(thread, &thread->Run->Shared);
        WorkloadThread.Meet(thread);
        WorkloadThread.Meet(thread);
    }
}
