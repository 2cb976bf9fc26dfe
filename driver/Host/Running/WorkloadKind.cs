using Tracing.Driver.Contract;

namespace Tracing.Host;

/// <summary>A workload of the driver, as users know it. Immutable.</summary>
public sealed record WorkloadKind
{
    private WorkloadKind(Workload code, string name, string summary)
    {
        Code = code;
        Name = name;
        Summary = summary;
    }

    /// <summary>The workloads, in the order they are listed to users.</summary>
    public static IReadOnlyList<WorkloadKind> All { get; } =
    [
        new(Workload.Uncontended, "uncontended", "each thread locks a mutex of its own"),
        new(Workload.Contended, "contended", "all threads lock one mutex, and now and then a second one inside it"),
        new(Workload.Convoy, "convoy", "all threads queue for one mutex, and queue again as soon as they have had it"),
        new(Workload.SlowHolder, "slow-holder", "one thread sleeps while it holds the mutex that the others need for a moment"),
        new(Workload.Recursion, "recursion", "threads lock a mutex again while they hold it"),
        new(Workload.TimedWaits, "timed-waits", "tries, timed and alertable waits, in vain and with success"),
        new(Workload.OppositeOrders, "opposite-orders", "two mutexes nested in both orders, never at once: a deadlock that could happen"),
        new(Workload.Deadlock, "deadlock", "the same at once: a deadlock that happens, and ends by a timeout"),
        new(Workload.Irql, "irql", "each lock is first tried under a spin lock, which is rejected"),
        new(Workload.Registry, "registry", "threads register, get, lock and destroy registered mutexes at once"),
        new(Workload.Leak, "leak", "of the mutexes that threads allocate, every other one is never freed"),
        new(Workload.LeakGrowing, "leak-growing", "of three mutexes that come two go: what is alive grows with the time"),
        new(Workload.LeakSteady, "leak-steady", "each mutex is replaced by the next, and the last is never freed"),
        new(Workload.LeakAtUnload, "leak-at-unload", "mutexes that are used all along, and never freed"),
        new(Workload.DoubleRelease, "double-release", "misuse: a copy of a guard releases a second time"),
        new(Workload.ReleaseByOther, "release-by-other", "misuse: threads release what another one holds"),
        new(Workload.FreeWhileHeld, "free-while-held", "misuse: threads free what another one holds"),
        new(Workload.FreeWithWaiters, "free-with-waiters", "misuse: the holder frees what others wait for"),
        new(Workload.LabelInUse, "label-in-use", "misuse: a label is registered anew while its mutex is in use"),
        new(Workload.UseAfterFree, "use-after-free", "misuse: a handle is used after its mutex was freed, and is empty"),
    ];

    /// <summary>What the command line calls it.</summary>
    public string Name { get; }

    /// <summary>What it does, in a line.</summary>
    public string Summary { get; }

    /// <summary>The fewest threads it can be run with.</summary>
    public int LeastThreads => (int)WorkloadControl.LeastThreads(Code);

    /// <summary>What the device calls it.</summary>
    internal Workload Code { get; }
}
