namespace Tracing.Driver;

/// <summary>A leak in the midst of traffic: of three sessions that come two end, and what is alive grows as long as the driver is used.</summary>
internal static unsafe class LeakGrowingWorkload
{
    private const uint Sessions = 3;

    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        for (uint i = 0; i < thread->Run->Request.Iterations; i++)
        {
            for (uint session = 0; session < Sessions; session++)
            {
                Serve(thread, isForgotten: session == Sessions - 1);
            }

            WorkloadThread.Sleep(1);
        }
    }

    private static void Serve(WorkloadThread* thread, bool isForgotten)
    {
        if (KMutex<ulong>.New(0, "Session", out KMutex<ulong> session) != MutexError.None)
        {
            thread->Failures++;
            return;
        }

        WorkloadLock.Enter(thread, &session).Dispose();

        // The only handle to the mutex ends with this method: the leak.
        if (!isForgotten && session.Free() != MutexError.None)
        {
            thread->Failures++;
        }
    }
}
