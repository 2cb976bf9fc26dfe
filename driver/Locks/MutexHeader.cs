using System.Runtime.InteropServices;

namespace Tracing.Driver;

/// <summary>
/// The head of a mutex's pool block: the kernel's object, what the library knows of it, then (at <see cref="MutexBlock.DataOffset"/>) the data.
/// </summary>
/// <remarks>
/// Who may write what:
/// <list type="bullet">
/// <item>"under the mutex": only the thread that holds it, so plain stores do. Other threads read these fields for events and rundowns
/// without a lock; each is read whole, but two of them may belong to different moments.</item>
/// <item>"interlocked": any thread. Only paths that wait, fail or reject touch them.</item>
/// <item>"under the list's lock": only <see cref="LiveMutexes"/>; "under the registry's lock": only <see cref="Grt"/>.</item>
/// <item>The rest is written before the mutex is published, and never again.</item>
/// </list>
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MutexHeader
{
    /// <summary>The kernel's object: a KMUTEX or, of the same size, a FAST_MUTEX. First, so that its address is the block's.</summary>
    internal KMutexObject Mutex;

    /// <summary>Acquires so far, recursive ones included; while held, the number of the latest. Under the mutex.</summary>
    internal ulong Sequence;

    /// <summary>QPC ticks of the outermost acquire; 0 when that hold is not timed, or there is none. Under the mutex.</summary>
    internal ulong HeldSince;

    /// <summary>
    /// Who holds it, and how deep, in one word, so that both are read whole and "held once, by me" is one comparison: the thread's id in
    /// the low half, the acquires beyond its first in the high half; 0 when free. Under the mutex.
    /// </summary>
    internal ulong Ownership;

    /// <summary>Threads that wait, or have their wait just behind them. Interlocked.</summary>
    internal int Waiters;

    /// <summary>IRQL of the allocating call.</summary>
    internal byte AllocationIrql;

    /// <summary>What the object beneath is.</summary>
    internal MutexKind Kind;

    /// <summary>Calls refused for their IRQL. Interlocked.</summary>
    internal long Rejected;

    /// <summary>Acquires that had to wait. Under the mutex.</summary>
    internal ulong Contended;

    /// <summary>Sum of the waits, in QPC ticks. Under the mutex.</summary>
    internal ulong WaitTotal;

    /// <summary>Longest wait, in QPC ticks. Under the mutex.</summary>
    internal ulong WaitMax;

    /// <summary>Holds that were timed. Under the mutex.</summary>
    internal ulong TimedHolds;

    /// <summary>Sum of the timed holds, in QPC ticks. Under the mutex.</summary>
    internal ulong HoldTotal;

    /// <summary>Longest timed hold, in QPC ticks. Under the mutex.</summary>
    internal ulong HoldMax;

    /// <summary>Identity: never 0 for a mutex, never used again. Under the list's lock.</summary>
    internal ulong MutexId;

    /// <summary>The neighbours among all live mutexes. Under the list's lock.</summary>
    internal MutexHeader* Next;

    /// <inheritdoc cref="Next"/>
    internal MutexHeader* Previous;

    /// <summary>The next one in the registry. Under the registry's lock.</summary>
    internal MutexHeader* NextRegistered;

    /// <summary>What identifies the type of the data, see <see cref="TypeToken{T}"/>; 0 when the registry does not hold it.</summary>
    internal nuint RegisteredType;

    /// <summary>How many have got it from the registry and not given it back. Under the registry's lock.</summary>
    internal uint Leases;

    /// <summary>The label's characters in a literal, or null.</summary>
    internal char* Label;

    /// <summary>QPC ticks of the allocation.</summary>
    internal ulong AllocatedAt;

    /// <summary>Length of <see cref="Label"/> in characters.</summary>
    internal int LabelLength;

    /// <summary>Call site of the allocation.</summary>
    internal uint AllocationSite;

    /// <summary>Bytes of guarded data.</summary>
    internal uint DataSize;

    /// <summary>Bytes of the pool block.</summary>
    internal uint PoolSize;

    /// <summary>One acquire in the high half of <see cref="Ownership"/>.</summary>
    internal const ulong Nesting = 1UL << 32;

    /// <summary>The thread that holds it; 0 when free.</summary>
    internal readonly uint OwnerThreadId => (uint)Ownership;

    /// <summary>How often the owner has acquired it; 0 when free.</summary>
    internal readonly uint Depth => DepthOf(Ownership);

    /// <summary>The depth that a value of <see cref="Ownership"/> stands for.</summary>
    internal static uint DepthOf(ulong ownership) => ownership == 0 ? 0 : (uint)(ownership >> 32) + 1;
}
