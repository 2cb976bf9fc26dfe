namespace Tracing.Driver;

/// <summary>The readers are quick, and wait all the same: for the one writer, which sleeps while it holds what they read.</summary>
internal static unsafe class SlowHolderWorkload
{
    /// <summary>How long the writer sleeps, in milliseconds: ten times what the driver calls a long hold.</summary>
    private const uint Nap = 10;

    /// <summary>Allocates the mutex. IRQL: PASSIVE_LEVEL.</summary>
    internal static MutexError Prepare(WorkloadRun* run) => KMutex<ulong>.New(0, "Configuration", out run->Shared);

    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        for (uint i = 0; i < thread->Run->Request.Iterations; i++)
        {
            if (thread->Index == 0)
            {
                Write(thread);
            }
            else
            {
                Read(thread);
            }

            WorkloadThread.Meet(thread);
        }
    }

    private static void Write(WorkloadThread* thread)
    {
        WorkloadRun* run = thread->Run;
        using WorkloadLock held = WorkloadLock.Enter(thread, &run->Shared);
        WorkloadThread.Meet(thread);
        WorkloadThread.SleepUntilAwaited(run->Shared, run->Request.Threads - 1);
        WorkloadThread.Sleep(Nap);
    }

    private static void Read(WorkloadThread* thread)
    {
        WorkloadThread.Meet(thread);
        using WorkloadLock held = WorkloadLock.Enter(thread, &thread->Run->Shared);
    }
}
