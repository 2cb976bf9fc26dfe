namespace Tracing.Reports.Model;

/// <summary>One mutex: how often it was taken, how long it was waited for and how long it was held.</summary>
public sealed record MutexRow
{
    /// <summary>The driver's 64-bit number of the mutex, never used twice.</summary>
    public required ulong Id { get; init; }

    /// <summary>The label the driver registered it under; empty for none.</summary>
    public string Label { get; init; } = "";

    /// <summary>What kind of lock it is: <c>KMutex</c>, <c>FastMutex</c>, <c>CriticalSection</c>, or empty where the trace does not say.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The build of the driver that it belongs to, 32 hexadecimal digits; empty where the trace does not say.</summary>
    public string Build { get; init; } = "";

    /// <summary>Where it was allocated; null where the trace does not say.</summary>
    public SourceSite? Site { get; init; }

    /// <summary>Its address in the recorded machine; 0 where unknown. Addresses are used again: never group by them.</summary>
    public ulong Address { get; init; }

    /// <summary>Successful acquires, recursive ones included.</summary>
    public long Acquires { get; init; }

    /// <summary>Acquires whose zero-timeout try failed, so that the thread waited.</summary>
    public long Contended { get; init; }

    /// <summary>Acquires that gave up: timed out, alerted, or interrupted by an APC.</summary>
    public long Failed { get; init; }

    /// <summary>How long the acquires that gave up had waited.</summary>
    public DurationSummary FailedWait { get; init; } = DurationSummary.None;

    /// <summary>Where acquires, contended and totals come from.</summary>
    public CountSource CountedFrom { get; init; }

    /// <summary>Waits of contended acquires. An uncontended acquire has waited for nothing and is not part of the distribution.</summary>
    public DurationSummary Wait { get; init; } = DurationSummary.None;

    /// <summary>Holds, from the outermost acquire to the outermost release.</summary>
    public DurationSummary Hold { get; init; } = DurationSummary.None;

    /// <summary>The deepest recursion seen; 1 for a mutex never taken twice by one thread, 0 for one never taken.</summary>
    public int DeepestRecursion { get; init; }

    /// <summary>Acquisitions that certainly happened and whose events are not in the file.</summary>
    public long SequenceGaps { get; init; }

    /// <summary>Calls on this mutex refused because the IRQL was too high.</summary>
    public long IrqlRejections { get; init; }

    /// <summary>True when it was not freed by the end of the recording.</summary>
    public bool Live { get; init; }

    /// <summary>How much of its waits goes to holders, in nanoseconds.</summary>
    public long BlamedNs { get; init; }

    /// <summary>How much of its waits was hand-off, when nobody held it, in nanoseconds.</summary>
    public long HandOffNs { get; init; }

    /// <summary>How much of its waits cannot be told for missing events, in nanoseconds.</summary>
    public long UnknownBlameNs { get; init; }

    /// <summary>Where threads waited for it longest; null where nobody waited or the trace does not say.</summary>
    public SourceSite? TopWaitingSite { get; init; }

    /// <summary>Where the holders that made others wait longest had acquired it; null where nobody waited or the trace does not say.</summary>
    public SourceSite? TopBlamedSite { get; init; }

    /// <summary>How much of its waits goes to holders from <see cref="TopBlamedSite"/>, in nanoseconds.</summary>
    public long TopBlamedNs { get; init; }

    /// <summary>The thread that most of <see cref="TopBlamedNs"/> goes to; null when nobody is to blame.</summary>
    public int? TopBlamedThreadId { get; init; }

    /// <summary>How much of <see cref="TopBlamedNs"/> goes to that thread, in nanoseconds.</summary>
    public long TopBlamedThreadNs { get; init; }

    /// <summary>Share of the recording during which it was held, in percent.</summary>
    public double UtilisationPercent { get; init; }

    /// <summary>Share of the recording during which somebody waited for it, in percent.</summary>
    public double WaitedForPercent { get; init; }

    /// <summary>The most threads that waited for it at one time.</summary>
    public int DeepestQueue { get; init; }

    /// <summary>How often it passed from one thread to another.</summary>
    public long OwnerSwitches { get; init; }

    /// <summary>Misuse that the driver saw on it.</summary>
    public long Misuses { get; init; }

    /// <summary>How far this row can be trusted.</summary>
    public TrustGrade Grade { get; init; }

    /// <summary>What to call it: its label, else where it was allocated, with its number where that alone is not unique in the report.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it has in common with the mutexes that the driver's source does not tell apart from it.</summary>
    public MutexClass Class => new(Label, Site, Build);

    /// <summary>Contended acquires per hundred acquires; 0 when there were none.</summary>
    public double ContendedPercent => Acquires == 0 ? 0 : 100.0 * Contended / Acquires;
}

/// <summary>Mutexes that the driver's source does not tell apart.</summary>
/// <param name="Label">Their label; empty for none.</param>
/// <param name="Site">Where they were allocated; null where the trace does not say.</param>
/// <param name="Build">The build of the driver; empty for unknown.</param>
public readonly record struct MutexClass(string Label, SourceSite? Site, string Build)
{
    /// <summary>Whether they have anything in common at all: a label or a site.</summary>
    public bool IsNamed => Label.Length > 0 || Site is not null;

    /// <summary>What to call several of them.</summary>
    public string Name => Label.Length > 0 ? Label : Site?.Short ?? "(no site)";

    /// <summary>A name with the build, in as many digits as commits are usually called by: for reports that have several builds.</summary>
    public string WithBuild(string name) => Build.Length >= 8 ? $"{name} [{Build[..8]}]" : name;
}

/// <summary>Where the counts and totals of a <see cref="MutexRow"/> come from.</summary>
public enum CountSource
{
    /// <summary>From the events of each single acquire and release.</summary>
    Events,

    /// <summary>From the counters that the driver keeps in the mutex itself and writes when it is freed or run down.</summary>
    Counters,

    /// <summary>Only contended acquires were recorded and the trace has no counters of this mutex: uncontended acquires are not known.</summary>
    ContendedEvents,
}
