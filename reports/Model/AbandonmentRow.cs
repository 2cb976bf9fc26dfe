namespace Tracing.Reports.Model;

/// <summary>A mutex whose owner ended while it held it: what the mutex guards may be half changed.</summary>
/// <param name="MutexId">The mutex.</param>
/// <param name="Mutex">What to call it.</param>
/// <param name="Site">Where the owner had acquired it; null where the trace does not say.</param>
/// <param name="ThreadId">The first thread that did it; null where the trace does not say.</param>
/// <param name="Count">How often.</param>
/// <param name="FirstNs">When it was first known, by the end of the thread or the next acquire, in nanoseconds since the start of the recording.</param>
public sealed record AbandonmentRow(ulong MutexId, string Mutex, SourceSite? Site, int? ThreadId, long Count, long FirstNs);
