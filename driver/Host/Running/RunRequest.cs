using Tracing.Driver.Contract;

namespace Tracing.Host;

/// <summary>A run to be made. Immutable; checked by <see cref="WorkloadRun.Execute"/> before anything happens.</summary>
public sealed record RunRequest
{
    private const uint MaximumRundowns = 1_000_000;

    /// <summary>The driver: a kmutex.sys, unchanged.</summary>
    public required string DriverPath { get; init; }

    /// <summary>The trace to write. It appears when it is complete; a run that is cancelled leaves none.</summary>
    public required string OutputPath { get; init; }

    /// <summary>The name of one of <see cref="WorkloadKind.All"/>.</summary>
    public string Workload { get; init; } = "contended";

    /// <summary>System threads, <see cref="WorkloadKind.LeastThreads"/> to 64.</summary>
    public int Threads { get; init; } = 4;

    /// <summary>Iterations of each thread, 1 to 100,000,000; null: as many as <see cref="WorkloadKind.Iterations"/> of the workload.</summary>
    public int? Iterations { get; init; }

    /// <summary>Longest busy time inside the lock, in microseconds, 0 to 100,000.</summary>
    public int HoldMicroseconds { get; init; }

    /// <summary>Where the workload's random numbers start.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How the trace session records.</summary>
    public SessionSettings Session { get; init; } = new();

    /// <summary>
    /// The seed of an order in which threads run one at a time and change places at their calls into the kernel, with a clock of its own: the same
    /// seed gives the same run. Null: all threads run at once, as the system beneath lets them.
    /// </summary>
    public ulong? Schedule { get; init; }

    /// <summary>
    /// How often at most a session asks for the state of what lives, again and again from before the workload until the driver has unloaded, on a
    /// thread of its own: 0 to 1,000,000.
    /// </summary>
    public int Rundowns { get; init; }

    /// <summary>What the driver's pool is made of.</summary>
    public PoolKind Pool { get; init; } = PoolKind.Special;

    /// <summary>
    /// Names functions of the driver in call stacks, by the offset in its image: "name+0x12", or null for none that is known. Called from threads
    /// of the machine, one at a time. Null: functions are told by where they begin.
    /// </summary>
    public Func<uint, string?>? FunctionNames { get; init; }

    /// <summary>Which calls of the driver's imports fail; null: none, and none is counted.</summary>
    public FaultPlan? Faults { get; init; }

    /// <summary>The request as the device takes it.</summary>
    /// <exception cref="ArgumentException">A value is out of its range, or the workload is unknown.</exception>
    internal WorkloadRequest ToDevice()
    {
        WorkloadKind kind = WorkloadKind.All.FirstOrDefault(candidate => candidate.Name == Workload)
            ?? throw new ArgumentException(
                $"There is no workload \"{Workload}\"; there are {string.Join(", ", WorkloadKind.All.Select(known => known.Name))}.", nameof(Workload));

        _ = Within(Rundowns, 0, MaximumRundowns, "rundowns", nameof(Rundowns));

        return new WorkloadRequest
        {
            Size = 32,
            Workload = (uint)kind.Code,
            Threads = Within(Threads, kind.LeastThreads, WorkloadControl.MaximumThreads, "threads", nameof(Threads)),
            Iterations = Within(Iterations ?? kind.Iterations, 1, WorkloadControl.MaximumIterations, "iterations of each thread", nameof(Iterations)),
            HoldMicroseconds = Within(
                HoldMicroseconds, 0, WorkloadControl.MaximumHoldMicroseconds, "microseconds of hold time", nameof(HoldMicroseconds)),
            Seed = Seed,
        };
    }

    private static uint Within(int value, int minimum, uint maximum, string what, string name) => value >= minimum && value <= maximum
        ? (uint)value
        : throw new ArgumentOutOfRangeException(name, value, $"Expected {minimum} to {maximum} {what}.");
}
