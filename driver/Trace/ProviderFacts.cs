namespace Tracing.Driver;

/// <summary>What a reader of a trace must know before it reads: the event ProviderStarted.</summary>
internal static unsafe class ProviderFacts
{
    /// <summary>The set of events in KMutex.man.</summary>
    private const ushort SchemaVersion = 1;

    /// <summary>0.1.0: major in bits 24-31, minor in bits 16-23, patch in bits 0-15.</summary>
    private const uint DriverVersion = (0 << 24) | (1 << 16) | 0;

    /// <summary>
    /// From here a hold is worth an event although nobody waited: a millisecond, a thousand times what a lock is meant for.
    /// </summary>
    private const ulong LongHoldsPerSecond = 1000;

    private static ulong _frequency;
    private static ulong _longHold;
    private static ulong _eventCost;

    /// <summary>The contention threshold, in QPC ticks.</summary>
    internal static ulong LongHold => _longHold;

    /// <summary>Learns what does not change while the driver is loaded. IRQL: any.</summary>
    internal static void Measure()
    {
        _frequency = Clock.Frequency();
        _longHold = _frequency / LongHoldsPerSecond;
    }

    /// <summary>
    /// Takes over what a rundown took: it writes many real events in a row, so their mean is an honest price, and costs no event made up
    /// for the measurement. Until the first rundown the price is 0, not measured.
    /// </summary>
    /// <param name="ticks">QPC ticks.</param>
    /// <param name="events">Events written in that time.</param>
    internal static void TakeCost(ulong ticks, uint events)
    {
        // Below this many, the first event's cold caches would be most of the mean.
        const uint Enough = 8;
        if (events >= Enough)
        {
            _eventCost = Clock.ToNanoseconds(ticks, _frequency) / events;
        }
    }

    /// <summary>Writes ProviderStarted, if anybody listens. IRQL: any.</summary>
    internal static void WriteStarted()
    {
        if (KMutexEvents.IsProviderStartedEnabled)
        {
            _ = KMutexEvents.WriteProviderStarted(
                TraceProvider.Registration, SchemaVersion, DriverVersion, Image.BuildId, _frequency, _longHold, _eventCost, (byte)sizeof(nint));
        }
    }
}
