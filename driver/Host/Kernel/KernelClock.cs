using System.Diagnostics;

namespace Tracing.Host.Kernel;

/// <summary>The simulated machine's clocks, read from the real ones. Thread-safe.</summary>
internal static class KernelClock
{
    /// <summary>Ticks per second of the performance counter: what Windows 10 and later show on every machine.</summary>
    internal const long Frequency = 10_000_000;

    private static readonly long HostFrequency = Stopwatch.Frequency;

    /// <summary>The performance counter, in ticks of 100 ns. Monotonic over all threads.</summary>
    internal static long Now
    {
        get
        {
            long ticks = Stopwatch.GetTimestamp();
            return HostFrequency switch
            {
                Frequency => ticks,
                1_000_000_000 => ticks / 100,
                _ => (long)((Int128)ticks * Frequency / HostFrequency),
            };
        }
    }

    /// <summary>The system time as a FILETIME: 100 ns since 1601, UTC.</summary>
    internal static long SystemTime => DateTime.UtcNow.ToFileTimeUtc();
}
