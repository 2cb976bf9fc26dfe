namespace Tracing.Driver;

/// <summary>
/// A deadlock that waits to happen: some threads take the accounts and then the journal, others the journal and then the accounts. They
/// take turns, so that it does not happen here; only the orders are in the trace.
/// </summary>
internal static unsafe class OppositeOrdersWorkload
{
    /// <summary>Allocates both. IRQL: PASSIVE_LEVEL.</summary>
    internal static MutexError Prepare(WorkloadRun* run)
    {
        MutexError error = KMutex<ulong>.New(0, "Accounts", out run->Shared);
        return error == MutexError.None ? KMutex<ulong>.New(0, "Journal", out run->Second) : error;
    }

    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        WorkloadRun* run = thread->Run;
        for (uint i = 0; i < run->Request.Iterations; i++)
        {
            for (uint turn = 0; turn < run->Request.Threads; turn++)
            {
                if (turn == thread->Index)
                {
                    TakeBoth(thread);
                }

                WorkloadThread.Meet(thread);
            }
        }
    }

    private static void TakeBoth(WorkloadThread* thread)
    {
        if (thread->Index % 2 == 0)
        {
            Transfer(thread);
        }
        else
        {
            Audit(thread);
        }
    }

    private static void Transfer(WorkloadThread* thread)
    {
        using WorkloadLock accounts = WorkloadLock.Enter(thread, &thread->Run->Shared);
        using WorkloadLock journal = WorkloadLock.Enter(thread, &thread->Run->Second);
    }

    private static void Audit(WorkloadThread* thread)
    {
        using WorkloadLock journal = WorkloadLock.Enter(thread, &thread->Run->Second);
        using WorkloadLock accounts = WorkloadLock.Enter(thread, &thread->Run->Shared);
    }
}
