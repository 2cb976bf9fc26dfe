using Tracing.Analysis.Loads;

namespace Tracing.Analysis.Timelines;

/// <summary>The holds and waits of one mutex, or of one thread.</summary>
/// <param name="load">The life of the driver that its first interval belongs to: of a mutex, that of all of them.</param>
/// <param name="completeFrom">From which tick on nothing of it was forgotten; 0 when nothing ever was.</param>
public sealed class Lane(DriverLoad load, ulong completeFrom)
{
    /// <summary>The life of the driver that its first interval belongs to: of a mutex, that of all of them.</summary>
    public DriverLoad Load { get; } = load;

    /// <summary>From which tick on nothing of it was forgotten; 0 when nothing ever was.</summary>
    public ulong CompleteFrom { get; } = completeFrom;

    /// <summary>Outermost holds.</summary>
    public IntervalTrack Holds { get; } = new();

    /// <summary>Waits.</summary>
    public IntervalTrack Waits { get; } = new();

    /// <summary>Intervals kept one by one.</summary>
    public int Kept => Holds.Kept.Count + Waits.Kept.Count;
}
