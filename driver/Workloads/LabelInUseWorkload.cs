namespace Tracing.Driver;

/// <summary>Misuse: a label is registered anew while somebody has got its mutex. It is not replaced: whoever got it goes on using it.</summary>
internal static unsafe class LabelInUseWorkload
{
    private const string Label = "Settings";

    /// <summary>Makes the registry with the one mutex. IRQL: PASSIVE_LEVEL.</summary>
    internal static MutexError Prepare(WorkloadRun* run)
    {
        _ = Grt.Init();
        return Grt.RegisterKMutex(Label, 0ul) == GrtError.None ? MutexError.None : MutexError.OutOfPool;
    }

    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        for (uint i = 0; i < thread->Run->Request.Iterations; i++)
        {
            using KMutexLease<ulong> lease = Grt.GetKMutex<ulong>(Label, out GrtError got);
            if (got != GrtError.None || Grt.RegisterKMutex(Label, 0ul) != GrtError.InUse)
            {
                thread->Failures++;
                continue;
            }

            thread->Refusals++;
            KMutex<ulong> mutex = lease.Mutex;
            WorkloadLock.Enter(thread, &mutex).Dispose();
        }
    }
}
