namespace Tracing.Driver;

/// <summary>All threads lock one mutex, and now and then a second one inside it: always in that order, so that nobody deadlocks.</summary>
internal static unsafe class ContendedWorkload
{
    /// <summary>One acquire of the first in this many also takes the second.</summary>
    private const uint NestEvery = 16;

    /// <summary>Allocates both. IRQL: PASSIVE_LEVEL.</summary>
    internal static MutexError Prepare(WorkloadRun* run)
    {
        MutexError error = KMutex<ulong>.New(0, "SharedCounter", out run->Shared);
        return error == MutexError.None ? KMutex<ulong>.New(0, "SecondCounter", out run->Second) : error;
    }

    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        WorkloadRun* run = thread->Run;
        for (uint i = 0; i < run->Request.Iterations; i++)
        {
            using WorkloadLock held = WorkloadLock.Enter(thread, &run->Shared);
            if (held.IsHeld && thread->Random.UpTo(NestEvery - 1) == 0)
            {
                Nest(thread);
            }
        }
    }

    private static void Nest(WorkloadThread* thread)
    {
        using WorkloadLock held = WorkloadLock.Enter(thread, &thread->Run->Second);
    }
}
