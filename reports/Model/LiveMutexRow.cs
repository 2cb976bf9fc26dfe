namespace Tracing.Reports.Model;

/// <summary>A mutex that was allocated, or reported alive by a rundown, and not freed by the end of the recording.</summary>
public sealed record LiveMutexRow
{
    /// <summary>The driver's number of the mutex.</summary>
    public required ulong Id { get; init; }

    /// <summary>Its label; empty for none.</summary>
    public string Label { get; init; } = "";

    /// <summary>What to call it, as in its <see cref="MutexRow"/>.</summary>
    public string Name { get; init; } = "";

    /// <summary>Where it was allocated; null where the trace does not say.</summary>
    public SourceSite? Site { get; init; }

    /// <summary>Its address in the recorded machine; 0 where unknown.</summary>
    public ulong Address { get; init; }

    /// <summary>Bytes taken from the pool.</summary>
    public long Bytes { get; init; }

    /// <summary>Time since its allocation, up to the end of the recording; null where the trace does not say when it was allocated.</summary>
    public long? AgeNs { get; init; }

    /// <summary>True when its allocation is in the recording, false when it was born before.</summary>
    public bool BornInTrace { get; init; }

    /// <summary>What is known about it.</summary>
    public LiveClass Class { get; init; }

    /// <summary>The thread that held it when the recording ended; null when it was free or that is not known.</summary>
    public int? OwnerThreadId { get; init; }

    /// <summary>Where that thread had acquired it; null when it was free or the trace does not say.</summary>
    public SourceSite? OwnerSite { get; init; }

    /// <summary>For how long that thread had held it; null when it was free, or held since nobody knows when.</summary>
    public long? HeldForNs { get; init; }

    /// <summary>How many threads waited for it when the recording ended.</summary>
    public int Waiters { get; init; }

    /// <summary>Time since it was last acquired, at the end; null when no acquire of it is in the recording, or not every acquire was recorded.</summary>
    public long? LastUsedNs { get; init; }

    /// <summary>The thread that acquired it last; null as above.</summary>
    public int? LastThreadId { get; init; }
}

/// <summary>What is known about a mutex that is live at the end, the worst last.</summary>
public enum LiveClass
{
    /// <summary>Nothing speaks against it: it may be in use.</summary>
    InUse,

    /// <summary>It existed and was not acquired throughout the last half of the recording.</summary>
    Idle,

    /// <summary>Held at the end, for longer than each of its holds that ended in the recording.</summary>
    Stuck,

    /// <summary>The live mutexes of its allocation site rose in number through the recording.</summary>
    Growing,

    /// <summary>Not freed as far as the recording shows, though the driver counted other live mutexes when it unloaded: its free may be missing, or that of another.</summary>
    Doubtful,

    /// <summary>Still live when the driver unloaded: nobody can free it any more.</summary>
    Leaked,
}
