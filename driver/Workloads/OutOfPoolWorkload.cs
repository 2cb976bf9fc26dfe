using System.Runtime.CompilerServices;

namespace Tracing.Driver;

/// <summary>
/// Mutexes for more data than the pool gives in one block: each is refused, and reported with its size and site, and the thread goes on with a small one. A
/// machine with tens of gigabytes may have that much; then the block is given back at once, and counted as a failure of the workload.
/// </summary>
internal static unsafe class OutOfPoolWorkload
{
    /// <summary>3.75 GiB, near the most that a size in an event can say.</summary>
    private const uint TooMuch = 0xF000_0000;

    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        for (uint i = 0; i < thread->Run->Request.Iterations; i++)
        {
            MutexError error = MutexBlock.Allocate(MutexKind.KMutex, TooMuch, "Colossus", out MutexHeader* mutex, Here());
            WorkloadThread.CountRefusal(thread, error, MutexError.OutOfPool);
            if (error == MutexError.None)
            {
                _ = MutexBlock.Free(mutex, FreeReason.Disposed, Here());
            }

            GoOn(thread);
        }
    }

    private static void GoOn(WorkloadThread* thread)
    {
        if (KMutex<ulong>.New(0, "Modest", out KMutex<ulong> mutex) != MutexError.None)
        {
            thread->Failures++;
            return;
        }

        WorkloadLock.Enter(thread, &mutex).Dispose();

        // The data outlives the mutex where there is memory for it alone; else it goes with it.
        if (mutex.ToOwnedBox(out PoolBox<ulong> data) == MutexError.None)
        {
            data.Free();
        }
        else
        {
            thread->Failures += mutex.Free() == MutexError.None ? 0u : 1u;
        }
    }

    private static CallSite Here([CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "") =>
        new(file, line, member);
}
