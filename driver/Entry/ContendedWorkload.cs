namespace Tracing.Driver;

/// <summary>All threads lock one mutex, and now and then a second one inside it: always in that order, so that nobody deadlocks.</summary>
internal static unsafe class ContendedWorkload
{
    /// <summary>One acquire of the first in this many also takes the second.</summary>
    private const uint NestEvery = 16;

    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        WorkloadRun* run = thread->Run;
        for (uint i = 0; i < run->Request.Iterations; i++)
        {
            using KMutexGuard<ulong> guard = run->Shared.Lock(out MutexError error);
            if (!WorkloadThread.Count(thread, error))
            {
                continue;
            }

            thread->SharedAcquires++;
            guard.Value++;
            WorkloadThread.Work(thread);
            if (thread->Random.UpTo(NestEvery - 1) == 0)
            {
                Nest(thread);
            }
        }
    }

    private static void Nest(WorkloadThread* thread)
    {
        using KMutexGuard<ulong> guard = thread->Run->Second.Lock(out MutexError error);
        if (WorkloadThread.Count(thread, error))
        {
            guard.Value++;
            WorkloadThread.Work(thread);
        }
    }
}
