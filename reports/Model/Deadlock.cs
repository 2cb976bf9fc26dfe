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

/// <summary>
/// Locks that were taken in contradicting orders by different threads, with no common lock held around them: the threads need only meet to block
/// each other for good.
/// </summary>
/// <param name="Orders">Each takes what the next one begins with; the last takes what the first begins with.</param>
/// <param name="NearestNs">The shortest time between the two orders that came nearest to meeting, in nanoseconds.</param>
public sealed record PossibleDeadlock(IReadOnlyList<LockOrder> Orders, long NearestNs);

/// <summary>One lock was taken while another was held.</summary>
/// <param name="Held">The class held: a label, else an allocation site.</param>
/// <param name="HeldSite">Where it had been acquired.</param>
/// <param name="Taken">The class taken meanwhile.</param>
/// <param name="TakenSite">Where.</param>
/// <param name="Count">How often it was seen.</param>
/// <param name="ThreadIds">Some of the threads that did it, by number.</param>
public sealed record LockOrder(string Held, SourceSite? HeldSite, string Taken, SourceSite? TakenSite, long Count, IReadOnlyList<int> ThreadIds);
