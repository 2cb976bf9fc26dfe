using Tracing.Driver.Contract;

namespace Tracing.Host;

/// <summary>A workload of the driver, as users know it. Immutable.</summary>
public sealed record WorkloadKind
{
    private const int Many = 10_000;
    private const int Some = 100;
    private const int Few = 10;

    private WorkloadKind(Workload code, string name, int iterations, string summary)
    {
        Code = code;
        Name = name;
        Iterations = iterations;
        Summary = summary;
    }

    /// <summary>The workloads, in the order they are listed to users.</summary>
    public static IReadOnlyList<WorkloadKind> All { get; } =
    [
        new(Workload.Uncontended, "uncontended", Many, "each thread locks a mutex of its own"),
        new(Workload.Contended, "contended", Many, "all threads lock one mutex, and now and then a second one inside it"),
        new(Workload.Convoy, "convoy", Some, "all threads queue for one mutex, and queue again as soon as they have had it"),
        new(Workload.SlowHolder, "slow-holder", Few, "one thread sleeps while it holds the mutex that the others need for a moment"),
        new(Workload.Recursion, "recursion", Many, "threads lock a mutex again while they hold it"),
        new(Workload.TimedWaits, "timed-waits", Few, "tries, timed and alertable waits, in vain and with success"),
        new(Workload.OppositeOrders, "opposite-orders", Some, "two mutexes nested in both orders, never at once: a deadlock that could happen"),
        new(Workload.Deadlock, "deadlock", Few, "the same at once: a deadlock that happens, and ends by a timeout"),
        new(Workload.Irql, "irql", Many, "each lock is first tried under a spin lock, which is rejected"),
        new(Workload.Dpc, "dpc", Some, "each lock is first tried in a DPC, which is rejected"),
        new(Workload.OutOfPool, "out-of-pool", Few, "each thread allocates mutexes for more data than the pool gives"),
        new(Workload.Registry, "registry", Many, "threads register, get, lock and destroy registered mutexes at once"),
        new(Workload.Leak, "leak", Some, "of the mutexes that threads allocate, every other one is never freed"),
        new(Workload.LeakGrowing, "leak-growing", Some, "of three mutexes that come two go: what is alive grows with the time"),
        new(Workload.LeakSteady, "leak-steady", Some, "each mutex is replaced by the next, and the last is never freed"),
        new(Workload.LeakAtUnload, "leak-at-unload", Some, "mutexes that are used all along, and never freed"),
        new(Workload.DoubleRelease, "double-release", Few, "misuse: a copy of a guard releases a second time"),
        new(Workload.ReleaseByOther, "release-by-other", Few, "misuse: threads release what another one holds"),
        new(Workload.FreeWhileHeld, "free-while-held", Few, "misuse: threads free what another one holds"),
        new(Workload.FreeWithWaiters, "free-with-waiters", Few, "misuse: the holder frees what others wait for"),
        new(Workload.LabelInUse, "label-in-use", Few, "misuse: a label is registered anew while its mutex is in use"),
        new(Workload.UseAfterFree, "use-after-free", Few, "misuse: a handle is used after its mutex was freed, and is empty"),
    ];

    /// <summary>What the command line calls it.</summary>
    public string Name { get; }

    /// <summary>What it does, in a line.</summary>
    public string Summary { get; }

    /// <summary>Iterations of each thread when nobody says how many: a second's work, or enough to show what it is for.</summary>
    public int Iterations { get; }

    /// <summary>The fewest threads it can be run with.</summary>
    public int LeastThreads => (int)WorkloadControl.LeastThreads(Code);

    /// <summary>What the device calls it.</summary>
    internal Workload Code { get; }
}
