namespace Tracing.Reports.Model;

/// <summary>Threads that at the end of the recording waited for each other in a circle: none of them can go on.</summary>
/// <param name="Waits">Each waits for what the next one holds, and the last for what the first one holds.</param>
public sealed record Deadlock(IReadOnlyList<DeadlockWait> Waits);

/// <summary>One thread of a deadlock.</summary>
/// <param name="ThreadId">Who waits.</param>
/// <param name="MutexId">For which mutex.</param>
/// <param name="Mutex">What to call it.</param>
/// <param name="Site">Where it waits; null where the trace does not say.</param>
/// <param name="AgeNs">For how long, up to the end of the recording.</param>
/// <param name="HolderThreadId">Who holds that mutex: the next of the circle.</param>
/// <param name="HolderSite">Where that one had acquired it; null where the trace does not say.</param>
public sealed record DeadlockWait(int ThreadId, ulong MutexId, string Mutex, SourceSite? Site, long AgeNs, int HolderThreadId, SourceSite? HolderSite);
