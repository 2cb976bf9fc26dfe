using Tracing.Fuzz.Mutation;

namespace Tracing.Fuzz;

/// <summary>One input format and what reads it.</summary>
internal abstract class FuzzTarget
{
    /// <summary>All there are.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new Targets.TraceTarget(),
        new Targets.CompressedTarget(),
        new Targets.KernelEventsTarget(),
        new Targets.DriverEventsTarget(),
        new Targets.BridgeTarget(),
        new Targets.RecordingTarget(),
        new Targets.PdbTarget(),
        new Targets.BaselineTarget(),
        new Targets.GateTarget(),
    ];

    /// <summary>What it is called on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Most bytes that reading one input may allocate on all threads together, those collected again included.</summary>
    public abstract long AllocationLimit { get; }

    /// <summary>Good inputs to begin with.</summary>
    public FuzzSeed[] Seeds => field ??= MakeSeeds();

    /// <summary>Reads an input as a user's program would.</summary>
    /// <returns>False if it was refused in the way that the reader's documentation names. Anything else that is thrown is a finding.</returns>
    public abstract bool Read(byte[] input);

    protected abstract FuzzSeed[] MakeSeeds();
}
