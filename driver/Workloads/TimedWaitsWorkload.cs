namespace Tracing.Driver;

/// <summary>
/// Every way to ask that does not wait for ever: first while another thread holds the mutex for longer than anybody asks, then while it lets go.
/// </summary>
internal static unsafe class TimedWaitsWorkload
{
    /// <summary>In milliseconds, while the holder stays.</summary>
    private const uint TooShort = 2;

    /// <summary>In milliseconds, while it leaves: never reached.</summary>
    private const uint LongEnough = 60_000;

    /// <summary>Allocates the mutex. IRQL: PASSIVE_LEVEL.</summary>
    internal static MutexError Prepare(WorkloadRun* run) => KMutex<ulong>.New(0, "Device", out run->Shared);

    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        for (uint i = 0; i < thread->Run->Request.Iterations; i++)
        {
            if (thread->Index == 0)
            {
                Hold(thread);
            }
            else
            {
                WorkloadThread.Meet(thread);
                AskInVain(thread);
                WorkloadThread.Meet(thread);
                AskWithSuccess(thread, i);
            }

            WorkloadThread.Meet(thread);
        }
    }

    private static void Hold(WorkloadThread* thread)
    {
        WorkloadRun* run = thread->Run;
        using WorkloadLock held = WorkloadLock.Enter(thread, &run->Shared);
        WorkloadThread.Meet(thread);
        WorkloadThread.Meet(thread);
        WorkloadThread.SleepUntilAwaited(run->Shared, run->Request.Threads - 1);
    }

    private static void AskInVain(WorkloadThread* thread)
    {
        KMutex<ulong>* mutex = &thread->Run->Shared;
        KMutexGuard<ulong> guard = mutex->TryLock(out MutexError error);
        WorkloadLock.UseAndRelease(thread, mutex, ref guard, error);
        guard = mutex->LockWithin(TooShort, out error);
        WorkloadLock.UseAndRelease(thread, mutex, ref guard, error);
        guard = mutex->LockAlertableWithin(TooShort, out error);
        WorkloadLock.UseAndRelease(thread, mutex, ref guard, error);
    }

    private static void AskWithSuccess(WorkloadThread* thread, uint iteration)
    {
        KMutex<ulong>* mutex = &thread->Run->Shared;
        MutexError error;
        KMutexGuard<ulong> guard = (iteration % 3) switch
        {
            0 => mutex->LockWithin(LongEnough, out error),
            1 => mutex->LockAlertable(out error),
            _ => mutex->LockAlertableWithin(LongEnough, out error),
        };
        WorkloadLock.UseAndRelease(thread, mutex, ref guard, error);
    }
}
