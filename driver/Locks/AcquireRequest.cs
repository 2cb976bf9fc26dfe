namespace Tracing.Driver;

/// <summary>What a caller asks of an acquire, beyond the mutex itself.</summary>
internal readonly ref struct AcquireRequest
{
    private const long TicksPerMillisecond = 10_000;

    /// <summary>An acquire that waits as long as it takes.</summary>
    internal AcquireRequest(CallSite site) => Site = site;

    private AcquireRequest(CallSite site, AcquiredFlags flags, long timeout)
    {
        Site = site;
        Flags = flags;
        Timeout = timeout;
    }

    /// <summary>Where the call stands.</summary>
    internal CallSite Site { get; }

    /// <summary>Try, Timed, Alertable or none of them: what the events repeat.</summary>
    internal AcquiredFlags Flags { get; }

    /// <summary>With Timed: units of 100 ns, negative since it counts from the beginning of the wait.</summary>
    internal long Timeout { get; }

    /// <summary>Whether a bit is set.</summary>
    internal bool Has(AcquiredFlags flag) => (Flags & flag) != 0;

    /// <summary>An acquire that does not wait.</summary>
    internal static AcquireRequest Try(CallSite site) => new(site, AcquiredFlags.Try, 0);

    /// <summary>An acquire that waits for so many milliseconds.</summary>
    internal static AcquireRequest Within(uint milliseconds, CallSite site) =>
        new(site, AcquiredFlags.Timed, -(milliseconds * TicksPerMillisecond));

    /// <summary>An acquire whose wait an alert ends.</summary>
    internal static AcquireRequest Alertable(CallSite site) => new(site, AcquiredFlags.Alertable, 0);

    /// <summary>Both: an alert or the time ends the wait.</summary>
    internal static AcquireRequest AlertableWithin(uint milliseconds, CallSite site) =>
        new(site, AcquiredFlags.Alertable | AcquiredFlags.Timed, -(milliseconds * TicksPerMillisecond));
}
