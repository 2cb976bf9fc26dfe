namespace Tracing.Reports.Model;

/// <summary>Threads that waited for each other in a circle: none of them could go on until one gave up.</summary>
/// <param name="Waits">Each waits for what the next one holds, and the last for what the first one holds.</param>
/// <param name="End">How it ended.</param>
/// <param name="FormedNs">When the last of them began to wait, in nanoseconds since the start of the recording.</param>
/// <param name="LastedNs">From then until the first of them gave up, or until the end of the recording.</param>
/// <param name="Count">How often the same locks at the same sites formed one; the other values are those of the first.</param>
public sealed record Deadlock(IReadOnlyList<DeadlockWait> Waits, DeadlockEnd End, long FormedNs, long LastedNs, long Count)
{
    /// <summary>False where events are missing from the recording: one that was lost may have shown that one of the threads could go on.</summary>
    public bool IsCertain { get; init; } = true;
}

/// <summary>One thread of a deadlock.</summary>
/// <param name="ThreadId">Who waits.</param>
/// <param name="MutexId">For which mutex.</param>
/// <param name="Mutex">What to call it.</param>
/// <param name="Site">Where it waits; null where the trace does not say.</param>
/// <param name="AgeNs">For how long, up to the end of the deadlock.</param>
/// <param name="HolderThreadId">Who holds that mutex: the next of the circle.</param>
/// <param name="HolderSite">Where that one had acquired it; null where the trace does not say.</param>
public sealed record DeadlockWait(int ThreadId, ulong MutexId, string Mutex, SourceSite? Site, long AgeNs, int HolderThreadId, SourceSite? HolderSite);

/// <summary>How a deadlock ended.</summary>
public enum DeadlockEnd
{
    /// <summary>Not within the recording.</summary>
    None,

    /// <summary>The timeout of one of the threads ran out.</summary>
    TimedOut,

    /// <summary>One of the waits was ended by an alert.</summary>
    Alerted,

    /// <summary>One of the waits was ended by a user APC.</summary>
    UserApc,

    /// <summary>The recording does not tell.</summary>
    Unknown,
}
