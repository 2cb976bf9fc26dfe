using Tracing.Etl;

namespace Tracing.Analysis.Reading;

/// <summary>The part of a recording that is looked at. What goes on at its edges is cut there, as at the edges of a recording.</summary>
/// <param name="SinceNs">Where it begins, in nanoseconds since the start of the recording; 0 for there.</param>
/// <param name="UntilNs">Where it ends; null for the end of the recording.</param>
public sealed record TimeWindow(long SinceNs, long? UntilNs)
{
    /// <summary>All of a recording.</summary>
    public static TimeWindow Whole { get; } = new(0, null);

    /// <summary>Its first tick.</summary>
    public long SinceTicks(EtlClock clock) => clock.ToTicks(SinceNs);

    /// <summary>The first tick after it.</summary>
    public long UntilTicks(EtlClock clock) => UntilNs is long until ? clock.ToTicks(until) : long.MaxValue;
}
