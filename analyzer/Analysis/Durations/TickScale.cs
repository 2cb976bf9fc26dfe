namespace Tracing.Analysis.Durations;

/// <summary>Turns clock ticks into nanoseconds, in 128-bit arithmetic, rounded down once.</summary>
/// <remarks>Sums are made in ticks and converted at the end: converting each interval would add a rounding error per interval.</remarks>
public readonly struct TickScale
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <summary>A scale for a clock.</summary>
    /// <param name="frequency">Ticks per second, above 0.</param>
    public TickScale(long frequency)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frequency);
        Frequency = frequency;
    }

    /// <summary>Ticks per second.</summary>
    public long Frequency { get; }

    /// <summary>The duration in nanoseconds; <see cref="long.MaxValue"/> for one beyond 292 years.</summary>
    public long ToNanoseconds(UInt128 ticks)
    {
        // Durations of hours fit 64 bits even times a billion, and are nearly all there are.
        if (ticks <= ulong.MaxValue / NanosecondsPerSecond)
        {
            return (long)((ulong)ticks * NanosecondsPerSecond / (ulong)Frequency);
        }

        // Sums above 2^96 ticks would overflow the product, and are beyond 292 years at any real frequency.
        if (ticks >> 96 != 0)
        {
            return long.MaxValue;
        }

        UInt128 nanoseconds = ticks * NanosecondsPerSecond / (ulong)Frequency;
        return nanoseconds > (UInt128)long.MaxValue ? long.MaxValue : (long)nanoseconds;
    }
}
