using System.Runtime.InteropServices;

namespace Tracing.Driver.Contract;

/// <summary>The device's one control, and the bounds a request is checked against.</summary>
internal static class WorkloadControl
{
    /// <summary>CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_READ_DATA | FILE_WRITE_DATA).</summary>
    internal const uint RunWorkload = (0x22u << 16) | (3u << 14) | (0x800u << 2);

    /// <summary>Most threads of one request: the most objects KeWaitForMultipleObjects takes, a number that users know.</summary>
    internal const uint MaximumThreads = 64;

    /// <summary>Most iterations of each thread: an hour of small locks, not a machine lost to a typing error.</summary>
    internal const uint MaximumIterations = 100_000_000;

    /// <summary>Longest time inside one lock, in microseconds: a tenth of a second of busy processor.</summary>
    internal const uint MaximumHoldMicroseconds = 100_000;

    /// <summary>Most mutexes that one request leaks, all threads together.</summary>
    internal const uint MaximumLeaks = 1_000_000;

    /// <summary>The fewest threads that can do what a workload is for: some need a second one to wait, to answer, or to be in the way.</summary>
    internal static uint LeastThreads(Workload workload) => workload switch
    {
        Workload.OppositeOrders or Workload.Deadlock or Workload.SlowHolder or Workload.TimedWaits => 2,
        Workload.ReleaseByOther or Workload.FreeWhileHeld or Workload.FreeWithWaiters => 2,
        Workload.Convoy => 3,
        _ => 1,
    };

    /// <summary>How many mutexes a request leaks for each iteration of each thread, at most.</summary>
    internal static uint LeaksPerIteration(Workload workload) => workload is Workload.Leak or Workload.LeakGrowing ? 1u : 0u;
}

/// <summary>What to run.</summary>
internal enum Workload : uint
{
    /// <summary>Each thread locks a mutex of its own.</summary>
    Uncontended = 1,

    /// <summary>All threads lock one mutex, and now and then a second one.</summary>
    Contended = 2,

    /// <summary>Each iteration locks at DISPATCH_LEVEL, which is rejected, and again at PASSIVE_LEVEL, which is not.</summary>
    Irql = 3,

    /// <summary>Each thread allocates mutexes, frees every other one and leaks the rest.</summary>
    Leak = 4,

    /// <summary>Each thread registers, gets, locks and gives back mutexes of the registry, and now and then destroys it.</summary>
    Registry = 5,

    /// <summary>Two mutexes, taken in one order by one half of the threads and in the other by the other half, never at the same time: nobody deadlocks.</summary>
    OppositeOrders = 6,

    /// <summary>The same at the same time: two threads wait for each other until the first gives up. The others wait behind them.</summary>
    Deadlock = 7,

    /// <summary>All threads queue for one mutex, and queue again as soon as they have had it: each release hands it to a thread that waits.</summary>
    Convoy = 8,

    /// <summary>One thread sleeps while it holds the mutex that the others need for a moment.</summary>
    SlowHolder = 9,

    /// <summary>Each iteration allocates three mutexes and frees two: what is alive grows with the time.</summary>
    LeakGrowing = 10,

    /// <summary>Each iteration allocates a mutex and frees the one before: what is alive stays the same, and the last one is never freed.</summary>
    LeakSteady = 11,

    /// <summary>Each thread has a mutex from the start, uses it all along, and never frees it.</summary>
    LeakAtUnload = 12,

    /// <summary>Misuse: a copy of a guard releases what the guard has released.</summary>
    DoubleRelease = 13,

    /// <summary>Misuse: a thread releases what another one holds.</summary>
    ReleaseByOther = 14,

    /// <summary>Misuse: a thread frees the mutex that another one holds.</summary>
    FreeWhileHeld = 15,

    /// <summary>Misuse: a thread frees the mutex that others wait for.</summary>
    FreeWithWaiters = 16,

    /// <summary>Misuse: the label of a registered mutex is registered anew while the mutex is in use.</summary>
    LabelInUse = 17,

    /// <summary>Misuse: a handle is used after its mutex was freed. It is empty then: nothing is touched, and there is nothing to report.</summary>
    UseAfterFree = 18,

    /// <summary>Threads lock one mutex again while they hold it, to a random depth.</summary>
    Recursion = 19,

    /// <summary>Waits with a timeout, alertable ones and tries, while one thread holds the mutex, and the same while it lets go.</summary>
    TimedWaits = 20,

    /// <summary>Each iteration locks in a DPC, which is rejected, and again at PASSIVE_LEVEL, which is not.</summary>
    Dpc = 21,

    /// <summary>Each iteration allocates a mutex for more data than the pool gives.</summary>
    OutOfPool = 22,
}

/// <summary>What goes into <see cref="WorkloadControl.RunWorkload"/>: 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WorkloadRequest
{
    /// <summary>Bytes of this structure: 32.</summary>
    internal uint Size;

    /// <summary>A <see cref="Contract.Workload"/>.</summary>
    internal uint Workload;

    /// <summary>System threads, 1 to <see cref="WorkloadControl.MaximumThreads"/>.</summary>
    internal uint Threads;

    /// <summary>Iterations of each thread, 1 to <see cref="WorkloadControl.MaximumIterations"/>.</summary>
    internal uint Iterations;

    /// <summary>Longest busy time inside the lock, in microseconds, 0 to <see cref="WorkloadControl.MaximumHoldMicroseconds"/>.</summary>
    internal uint HoldMicroseconds;

    /// <summary>Zero.</summary>
    internal uint Reserved;

    /// <summary>Where the random numbers start: the same seed draws the same numbers in each thread.</summary>
    internal ulong Seed;
}

/// <summary>What comes out: 48 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WorkloadResult
{
    /// <summary>Bytes of this structure: 48.</summary>
    internal uint Size;

    /// <summary>Threads that ran.</summary>
    internal uint Threads;

    /// <summary>Calls of Lock that acquired.</summary>
    internal ulong Acquires;

    /// <summary>Calls refused for their IRQL.</summary>
    internal ulong Rejections;

    /// <summary>Calls that were meant not to do what they asked for, and did not: waits that ended by time or alert, tries, misuse.</summary>
    internal ulong Refusals;

    /// <summary>Calls that ended otherwise than they were meant to.</summary>
    internal ulong Failures;

    /// <summary>Mutexes that are allocated when the request ends, of this request and of all before it.</summary>
    internal uint LiveMutexes;

    /// <summary>Zero.</summary>
    internal uint Reserved;
}
