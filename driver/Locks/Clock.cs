namespace Tracing.Driver;

/// <summary>The clock of every time in this driver: QPC ticks.</summary>
internal static unsafe class Clock
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Ticks now. IRQL: any.</summary>
    internal static ulong Now() => (ulong)Kernel.KeQueryPerformanceCounter(null);

    /// <summary>Ticks per second, fixed at boot. IRQL: any.</summary>
    internal static ulong Frequency()
    {
        long frequency;
        _ = Kernel.KeQueryPerformanceCounter(&frequency);
        return (ulong)frequency;
    }

    /// <summary>Ticks as nanoseconds, rounded down. Whole for spans up to half an hour at 10 MHz.</summary>
    internal static ulong ToNanoseconds(ulong ticks, ulong frequency) => ticks * NanosecondsPerSecond / frequency;
}
