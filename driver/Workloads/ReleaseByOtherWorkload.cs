namespace Tracing.Driver;

/// <summary>Misuse: a guard wanders to other threads, which release what the first one holds.</summary>
internal static unsafe class ReleaseByOtherWorkload
{
    /// <summary>Allocates the mutex. IRQL: PASSIVE_LEVEL.</summary>
    internal static MutexError Prepare(WorkloadRun* run) => KMutex<ulong>.New(0, "WronglyReleased", out run->Shared);

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
                KMutexGuard<ulong> wandered = default;
                wandered.State = thread->Run->Holder;
                WorkloadThread.CountRefusal(thread, wandered.Release(), MutexError.NotOwner);
                WorkloadThread.Meet(thread);
            }
        }
    }

    private static void Hold(WorkloadThread* thread)
    {
        using WorkloadLock held = WorkloadLock.Enter(thread, &thread->Run->Shared);
        thread->Run->Holder = held.Guard.State;
        WorkloadThread.Meet(thread);
        WorkloadThread.Meet(thread);
    }
}
