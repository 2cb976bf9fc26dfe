namespace Tracing.Driver;

/// <summary>
/// A deadlock that happens: the first thread holds the inbox and asks for the outbox, the second holds the outbox and asks for the inbox, the
/// others want the inbox and queue behind. It ends because the first thread asked with a timeout.
/// </summary>
internal static unsafe class DeadlockWorkload
{
    /// <summary>How long the deadlock lasts: long enough to be seen by whoever looks at the machine.</summary>
    private const uint FirstGivesUpAfter = 50;

    /// <summary>Never reached: the first thread gives up long before.</summary>
    private const uint SecondGivesUpAfter = 60_000;

    /// <summary>Allocates both. IRQL: PASSIVE_LEVEL.</summary>
    internal static MutexError Prepare(WorkloadRun* run)
    {
        MutexError error = KMutex<ulong>.New(0, "Inbox", out run->Shared);
        return error == MutexError.None ? KMutex<ulong>.New(0, "Outbox", out run->Second) : error;
    }

    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        for (uint i = 0; i < thread->Run->Request.Iterations; i++)
        {
            switch (thread->Index)
            {
                case 0:
                    HoldInboxAndAskForOutbox(thread);
                    break;

                case 1:
                    HoldOutboxAndAskForInbox(thread);
                    break;

                default:
                    WantInbox(thread);
                    break;
            }

            WorkloadThread.Meet(thread);
        }
    }

    private static void HoldInboxAndAskForOutbox(WorkloadThread* thread)
    {
        WorkloadRun* run = thread->Run;
        using WorkloadLock inbox = WorkloadLock.Enter(thread, &run->Shared);
        WorkloadThread.Meet(thread);

        // The circle closes when all the others wait: the deadlock is complete, and lasts as long as this thread asks.
        WorkloadThread.SleepUntilAwaited(run->Shared, run->Request.Threads - 1);
        KMutexGuard<ulong> outbox = run->Second.LockWithin(FirstGivesUpAfter, out MutexError error);
        WorkloadLock.UseAndRelease(thread, &run->Second, ref outbox, error);
    }

    private static void HoldOutboxAndAskForInbox(WorkloadThread* thread)
    {
        WorkloadRun* run = thread->Run;
        using WorkloadLock outbox = WorkloadLock.Enter(thread, &run->Second);
        WorkloadThread.Meet(thread);
        KMutexGuard<ulong> inbox = run->Shared.LockWithin(SecondGivesUpAfter, out MutexError error);
        WorkloadLock.UseAndRelease(thread, &run->Shared, ref inbox, error);
    }

    private static void WantInbox(WorkloadThread* thread)
    {
        WorkloadThread.Meet(thread);
        using WorkloadLock inbox = WorkloadLock.Enter(thread, &thread->Run->Shared);
    }
}
