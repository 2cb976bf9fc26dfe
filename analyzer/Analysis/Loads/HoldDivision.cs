using Tracing.Analysis.Scheduling;

namespace Tracing.Analysis.Loads;

/// <summary>What threads did while they held a mutex that they had acquired at one site: sums in ticks.</summary>
/// <remarks>A mutable struct, to be used as a field and never copied while in use.</remarks>
internal struct HoldDivision
{
    /// <summary>Holds that were divided.</summary>
    public long Holds { get; private set; }

    /// <summary>Their length, as the report has it.</summary>
    public UInt128 Total { get; private set; }

    /// <summary>The thread ran.</summary>
    public UInt128 Running { get; private set; }

    /// <summary>It could have run, and had no processor.</summary>
    public UInt128 Ready { get; private set; }

    /// <summary>It waited.</summary>
    public UInt128 Waiting { get; private set; }

    /// <summary>An interrupt or a deferred procedure call ran in its stead.</summary>
    public UInt128 Interrupted { get; private set; }

    /// <summary>Nobody knows.</summary>
    public UInt128 Unknown { get; private set; }

    /// <summary>All parts.</summary>
    public readonly UInt128 Parts => Running + Ready + Waiting + Interrupted + Unknown;

    /// <summary>Adds a hold.</summary>
    public void Add(ulong ticks, in ActivityTicks parts)
    {
        Holds++;
        Total += ticks;
        Running += (ulong)parts.Running;
        Ready += (ulong)parts.Ready;
        Waiting += (ulong)parts.Waiting;
        Interrupted += (ulong)parts.Interrupted;
        Unknown += (ulong)parts.Unknown;
    }

    /// <summary>Adds what another has.</summary>
    public void Merge(in HoldDivision other)
    {
        Holds += other.Holds;
        Total += other.Total;
        Running += other.Running;
        Ready += other.Ready;
        Waiting += other.Waiting;
        Interrupted += other.Interrupted;
        Unknown += other.Unknown;
    }
}
