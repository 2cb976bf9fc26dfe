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
    public LiveState State { get; init; }

    /// <summary>The thread that held it when the recording ended; null when it was free or that is not known.</summary>
    public int? OwnerThreadId { get; init; }
}

/// <summary>What it means that a mutex was still live.</summary>
public enum LiveState
{
    /// <summary>Live at the end of the recording: in use, or leaked; the recording cannot tell.</summary>
    Live,

    /// <summary>Live when the driver unloaded: nobody can free it any more.</summary>
    Leaked,
}
