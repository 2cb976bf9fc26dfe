namespace Tracing.Reports.Model;

/// <summary>Live mutexes of one label, allocation site and class.</summary>
public sealed record LeakRow
{
    /// <summary>What is known about them.</summary>
    public required LeakClass Class { get; init; }

    /// <summary>The label; empty for none.</summary>
    public string Label { get; init; } = "";

    /// <summary>Where they were allocated; null where the trace does not say.</summary>
    public SourceSite? Site { get; init; }

    /// <summary>How many.</summary>
    public int Count { get; init; }

    /// <summary>Their pool memory together.</summary>
    public long Bytes { get; init; }

    /// <summary>How many of them were born in the recording.</summary>
    public int BornInTrace { get; init; }

    /// <summary>Age of the oldest at the end; null where the trace does not say.</summary>
    public long? OldestNs { get; init; }

    /// <summary>Time since any of them was last used, at the end; null when none was used in the recording.</summary>
    public long? LastUsedNs { get; init; }

    /// <summary>The thread that used one of them last; null when none was used in the recording.</summary>
    public int? LastThreadId { get; init; }

    /// <summary>Growth of the number of live mutexes of this allocation site, by least squares over its allocations and frees, per second.</summary>
    public double GrowthPerSecond { get; init; }
}

/// <summary>What is known about mutexes that are live at the end, the worst last.</summary>
public enum LeakClass
{
    /// <summary>Used lately.</summary>
    InUse,

    /// <summary>Not used in the last half of the recording.</summary>
    Idle,

    /// <summary>Held at the end.</summary>
    Stuck,

    /// <summary>The live mutexes of the allocation site rose in number through the recording.</summary>
    Growing,

    /// <summary>Still live when the driver unloaded: leaked for certain.</summary>
    Leaked,
}
