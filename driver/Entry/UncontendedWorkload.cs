namespace Tracing.Driver;

/// <summary>Each thread locks a mutex of its own: what locking costs when nobody is in the way.</summary>
internal static unsafe class UncontendedWorkload
{
    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        if (KMutex<ulong>.New(0, "OwnCounter", out KMutex<ulong> own) != MutexError.None)
        {
            thread->Failures++;
            return;
        }

        for (uint i = 0; i < thread->Run->Request.Iterations; i++)
        {
            using KMutexGuard<ulong> guard = own.Lock(out MutexError error);
            if (WorkloadThread.Count(thread, error))
            {
                guard.Value++;
                WorkloadThread.Work(thread);
            }
        }

        if (own.ToOwned(out ulong sum) != MutexError.None || sum != thread->Acquires)
        {
            thread->Failures++;
        }
    }
}
