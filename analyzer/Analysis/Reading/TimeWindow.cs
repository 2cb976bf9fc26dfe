using Tracing.Etl;

namespace Tracing.Analysis.Reading;

/// <summary>The part of a recording that is looked at. What goes on at its edges is cut there, as at the edges of a recording.</summary>
/// <param name="SinceNs">Where it begins, in nanoseconds since the start of the recording; 0 for there.</param>
/// <param name="UntilNs">Where it ends; null for the end of the recording.</param>
public sealed record TimeWindow(long SinceNs, long? UntilNs)
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>All of a recording.</summary>
    public static TimeWindow Whole { get; } = new(0, null);

    /// <summary>Its first tick.</summary>
    public long SinceTicks(EtlClock clock) => TicksAt(clock, SinceNs);

    /// <summary>The first tick after it.</summary>
    public long UntilTicks(EtlClock clock) => UntilNs is long until ? TicksAt(clock, until) : long.MaxValue;

    private static long TicksAt(EtlClock clock, long nanoseconds) =>
        (long)Int128.Min(long.MaxValue, clock.StartTicks + ((Int128)nanoseconds * clock.Frequency / NanosecondsPerSecond));
}
