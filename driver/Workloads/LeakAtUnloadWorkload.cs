namespace Tracing.Driver;

/// <summary>What a driver has from its first day to its last, and does not free when it unloads: a mutex for each thread, used all along.</summary>
internal static unsafe class LeakAtUnloadWorkload
{
    /// <summary>Allocates them. IRQL: PASSIVE_LEVEL.</summary>
    internal static MutexError Prepare(WorkloadRun* run) => WorkloadRun.AllocateOwn(run, "DeviceState");

    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        for (uint i = 0; i < thread->Run->Request.Iterations; i++)
        {
            WorkloadLock.Enter(thread, &thread->Own).Dispose();
        }

        // The run frees what its threads own: this one it will not find.
        thread->Own = default;
    }
}
