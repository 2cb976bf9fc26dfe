namespace Tracing.Driver;

/// <summary>
/// Threads register, get, lock, give back and destroy at once, in the one registry: each call may find that another thread was faster, and says
/// so; nothing that was got goes away.
/// </summary>
internal static unsafe class RegistryWorkload
{
    private const string CounterLabel = "RegisteredCounter";
    private const string FastLabel = "RegisteredFast";

    /// <summary>Of so many iterations one destroys the registry, and two register.</summary>
    private const uint Choices = 12;

    /// <summary>Makes the registry with both of its mutexes. IRQL: PASSIVE_LEVEL.</summary>
    internal static MutexError Prepare(WorkloadRun* run) => Fill() ? MutexError.None : MutexError.OutOfPool;

    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        LockRegistered(thread);
        for (uint i = 0; i < thread->Run->Request.Iterations; i++)
        {
            uint choice = thread->Random.UpTo(Choices - 1);
            switch (choice)
            {
                case 0:
                    Expect(thread, Grt.Destroy());
                    if (!Fill())
                    {
                        thread->Failures++;
                    }

                    break;

                case 1:
                    Expect(thread, Grt.RegisterKMutex(CounterLabel, 0ul));
                    break;

                case 2:
                    Expect(thread, Grt.RegisterFastMutexChecked(FastLabel, 0ul));
                    break;

                default:
                    if (choice % 2 == 0)
                    {
                        LockRegistered(thread);
                    }
                    else
                    {
                        LockRegisteredFast(thread);
                    }

                    break;
            }
        }
    }

    /// <returns>Whether the pool had memory for both; another thread may have made them, or destroyed the registry again.</returns>
    private static bool Fill()
    {
        _ = Grt.Init();
        return Grt.RegisterKMutexChecked(CounterLabel, 0ul) != GrtError.OutOfPool
            && Grt.RegisterFastMutexChecked(FastLabel, 0ul) != GrtError.OutOfPool;
    }

    private static void LockRegistered(WorkloadThread* thread)
    {
        using KMutexLease<ulong> lease = Grt.GetKMutex<ulong>(CounterLabel, out GrtError got);
        Expect(thread, got);
        if (got != GrtError.None)
        {
            return;
        }

        KMutex<ulong> mutex = lease.Mutex;
        using WorkloadLock held = WorkloadLock.Enter(thread, &mutex);
    }

    private static void LockRegisteredFast(WorkloadThread* thread)
    {
        using FastMutexLease<ulong> lease = Grt.GetFastMutex<ulong>(FastLabel, out GrtError got);
        Expect(thread, got);
        if (got != GrtError.None)
        {
            return;
        }

        using FastMutexGuard<ulong> guard = lease.Mutex.Lock(out MutexError error);
        if (WorkloadThread.Count(thread, error))
        {
            guard.Value++;
            WorkloadThread.Work(thread);
        }
    }

    /// <summary>Another thread may have been there first; what nobody can have done to this call is a failure.</summary>
    private static void Expect(WorkloadThread* thread, GrtError error)
    {
        if (error is GrtError.TypeMismatch or GrtError.IrqlTooHigh or GrtError.OutOfPool)
        {
            thread->Failures++;
        }
    }
}
