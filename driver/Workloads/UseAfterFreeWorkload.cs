namespace Tracing.Driver;

/// <summary>
/// Misuse: a handle is used after its mutex was freed. Freeing empties the handle, so that every call by it is refused and none reads memory that is
/// somebody else's by now. Without a mutex there is nothing an event could name: the trace shows a life without fault.
/// </summary>
internal static unsafe class UseAfterFreeWorkload
{
    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        for (uint i = 0; i < thread->Run->Request.Iterations; i++)
        {
            if (KMutex<ulong>.New(0, "ShortLived", out KMutex<ulong> mutex) != MutexError.None)
            {
                thread->Failures++;
                continue;
            }

            WorkloadLock.Enter(thread, &mutex).Dispose();
            if (mutex.Free() != MutexError.None)
            {
                thread->Failures++;
            }

            _ = mutex.TryLock(out MutexError error);
            WorkloadThread.CountRefusal(thread, error, MutexError.Empty);
            WorkloadThread.CountRefusal(thread, mutex.Free(), MutexError.Empty);
        }
    }
}
