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

    /// <summary>Most mutexes that one <see cref="Workload.Leak"/> request allocates, all threads together.</summary>
    internal const uint MaximumAllocations = 1_000_000;
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

/// <summary>What comes out: 40 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WorkloadResult
{
    /// <summary>Bytes of this structure: 40.</summary>
    internal uint Size;

    /// <summary>Threads that ran.</summary>
    internal uint Threads;

    /// <summary>Calls of Lock that acquired.</summary>
    internal ulong Acquires;

    /// <summary>Calls refused for their IRQL.</summary>
    internal ulong Rejections;

    /// <summary>Calls that failed otherwise.</summary>
    internal ulong Failures;

    /// <summary>Mutexes that are allocated when the request ends, of this request and of all before it.</summary>
    internal uint LiveMutexes;

    /// <summary>Zero.</summary>
    internal uint Reserved;
}
