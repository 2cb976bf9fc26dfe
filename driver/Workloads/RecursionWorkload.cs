namespace Tracing.Driver;

/// <summary>Threads lock a mutex again while they hold it, as functions do that call each other and do not know who has locked already.</summary>
internal static unsafe class RecursionWorkload
{
    private const uint MaximumDepth = 4;

    /// <summary>Allocates the mutex. IRQL: PASSIVE_LEVEL.</summary>
    internal static MutexError Prepare(WorkloadRun* run) => KMutex<ulong>.New(0, "Tree", out run->Shared);

    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        for (uint i = 0; i < thread->Run->Request.Iterations; i++)
        {
            Descend(thread, 1 + thread->Random.UpTo(MaximumDepth - 1));
        }
    }

    private static void Descend(WorkloadThread* thread, uint levels)
    {
        using WorkloadLock held = WorkloadLock.Enter(thread, &thread->Run->Shared);
        if (held.IsHeld && levels > 1)
        {
            Descend(thread, levels - 1);
        }
    }
}
