using System.Runtime.CompilerServices;

namespace Tracing.Driver;

/// <summary>
/// A lock as most workloads take it: counted, with the data counted up and some work done. Unlike <see cref="KMutexGuard{T}"/> it is not inlined into its
/// callers: the driver has many of these, and measures none.
/// </summary>
internal unsafe ref struct WorkloadLock
{
    /// <summary>What holds the mutex; empty when nothing is held.</summary>
    internal KMutexGuard<ulong> Guard;

    /// <summary>Whether the mutex is held by this.</summary>
    internal readonly bool IsHeld => Guard.IsHeld;

    /// <summary>Locks a mutex, waiting as long as it takes, and works. IRQL: any; above APC_LEVEL the rejection is counted.</summary>
    /// <param name="thread">The calling thread.</param>
    /// <param name="mutex">One of the run, or of the thread's own.</param>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns>Unlocks when disposed. Meant for <c>using</c>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static WorkloadLock Enter(
        WorkloadThread* thread, KMutex<ulong>* mutex, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "")
    {
        WorkloadLock entered = default;
        entered.Guard = mutex->Lock(out MutexError error, file, line, member);
        Use(thread, mutex, in entered.Guard, error);
        return entered;
    }

    /// <summary>The same for a lock that was asked for in another way, and is unlocked at once.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void UseAndRelease(WorkloadThread* thread, KMutex<ulong>* mutex, ref KMutexGuard<ulong> guard, MutexError error)
    {
        Use(thread, mutex, in guard, error);
        guard.Dispose();
    }

    /// <summary>Unlocks, if that has not been done.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Dispose() => Guard.Dispose();

    private static void Use(WorkloadThread* thread, KMutex<ulong>* mutex, scoped in KMutexGuard<ulong> guard, MutexError error)
    {
        if (WorkloadThread.Count(thread, error))
        {
            thread->SharedAcquires += mutex == &thread->Run->Shared ? 1u : 0u;
            guard.Value++;
            WorkloadThread.Work(thread);
        }
    }
}
