using System.Diagnostics;

namespace Tracing.Host.Kernel;

/// <summary>The simulated machine's clocks, read from the real ones. Thread-safe.</summary>
internal class KernelClock
{
    /// <summary>Ticks per second of the performance counter: what Windows 10 and later show on every machine.</summary>
    internal const long Frequency = 10_000_000;

    internal const long TicksPerMillisecond = Frequency / 1000;

    internal const long TicksPerMicrosecond = Frequency / 1_000_000;

    private static readonly long HostFrequency = Stopwatch.Frequency;

    /// <summary>The clock of a machine whose threads run as the system beneath lets them.</summary>
    internal static KernelClock Real { get; } = new();

    /// <summary>The performance counter, in ticks of 100 ns. Monotonic over all threads.</summary>
    internal virtual long Now => ReadReal();

    /// <summary>The system time as a FILETIME: 100 ns since 1601, UTC.</summary>
    internal virtual long SystemTime => DateTime.UtcNow.ToFileTimeUtc();

    /// <summary>Keeps the calling thread busy.</summary>
    internal virtual void Stall(uint microseconds)
    {
        long end = Stopwatch.GetTimestamp() + ((long)microseconds * HostFrequency / 1_000_000);
        while (Stopwatch.GetTimestamp() < end)
        {
            Thread.SpinWait(1);
        }
    }

    private static long ReadReal()
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
