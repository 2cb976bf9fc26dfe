using Tracing.Host.Kernel;

namespace Tracing.Host.Scheduling;

/// <summary>
/// The clock of a machine under a <see cref="Schedule"/>: it moves by what the machine does, so that the same seed gives the same times. Each
/// call of the kernel takes a tick, a stall what was asked for, and when every thread sleeps the clock goes to the first that is to wake.
/// Thread-safe.
/// </summary>
internal sealed class VirtualClock : KernelClock
{
    /// <summary>The machine has been up for an hour, as any that loads a driver has been for some time.</summary>
    private const long Start = 3600 * Frequency;

    private readonly long _systemStart = DateTime.UtcNow.ToFileTimeUtc();
    private long _now = Start;

    internal override long Now => Interlocked.Read(ref _now);

    internal override long SystemTime => _systemStart + Now - Start;

    internal override void Stall(uint microseconds) => Interlocked.Add(ref _now, microseconds * TicksPerMicrosecond);

    /// <summary>A call of the kernel takes its time.</summary>
    internal void Tick() => Interlocked.Increment(ref _now);

    /// <summary>Nothing happens before a time.</summary>
    internal void AdvanceTo(long time)
    {
        if (time > Now)
        {
            Interlocked.Exchange(ref _now, time);
        }
    }
}
