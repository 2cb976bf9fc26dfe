using System.Runtime.CompilerServices;

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
            _ = WorkloadThread.Count(thread, thread->Run->Request.HoldMicroseconds == 0 ? Increment(own) : IncrementAtWork(thread, own));
        }

        if (own.ToOwned(out ulong sum) != MutexError.None || sum != thread->Acquires)
        {
            thread->Failures++;
        }
    }

    /// <summary>
    /// One lock and one unlock with next to nothing between them. Not inlined, so that a test can count its instructions, and a profiler
    /// can name it.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static MutexError Increment(KMutex<ulong> own)
    {
        using KMutexGuard<ulong> guard = own.Lock(out MutexError error);
        if (error == MutexError.None)
        {
            guard.Value++;
        }

        return error;
    }

    private static MutexError IncrementAtWork(WorkloadThread* thread, KMutex<ulong> own)
    {
        using KMutexGuard<ulong> guard = own.Lock(out MutexError error);
        if (error == MutexError.None)
        {
            guard.Value++;
            WorkloadThread.Work(thread);
        }

        return error;
    }
}
