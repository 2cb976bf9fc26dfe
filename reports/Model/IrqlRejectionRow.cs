namespace Tracing.Reports.Model;

/// <summary>Calls refused for one reason at one place: operation, IRQL, site and mutex.</summary>
public sealed record IrqlRejectionRow
{
    /// <summary>What was tried: <c>New</c>, <c>Lock</c>, <c>TryLock</c>, <c>Release</c>, <c>Free</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>The IRQL of the call: 2 is DISPATCH_LEVEL.</summary>
    public int Irql { get; init; }

    /// <summary>The highest IRQL at which the operation is legal: 1 is APC_LEVEL.</summary>
    public int MaximumIrql { get; init; }

    /// <summary>Where the call stands; null where the trace does not say.</summary>
    public SourceSite? Site { get; init; }

    /// <summary>The mutex it was meant for; 0 when there was none yet.</summary>
    public ulong MutexId { get; init; }

    /// <summary>What to call that mutex, as in its <see cref="MutexRow"/>; empty when there was none yet.</summary>
    public string Mutex { get; init; } = "";

    /// <summary>The label of that mutex; empty for none.</summary>
    public string MutexLabel { get; init; } = "";

    /// <summary>How often.</summary>
    public long Count { get; init; }

    /// <summary>
    /// How many of them the same thread followed by an acquire of the same mutex: it tried again at a lower IRQL. A DPC runs on whatever thread it
    /// interrupts, so there it is the interrupted thread that is meant. Null where not every acquire was recorded.
    /// </summary>
    public long? RetriedWithSuccess { get; init; }

    /// <summary>First time, in nanoseconds since the start of the recording.</summary>
    public long FirstNs { get; init; }

    /// <summary>Last time, in nanoseconds since the start of the recording.</summary>
    public long LastNs { get; init; }
}
