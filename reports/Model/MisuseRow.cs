namespace Tracing.Reports.Model;

/// <summary>One way of using a mutex wrongly, at one place.</summary>
/// <param name="Kind">What was done: <c>DoubleRelease</c>, <c>FreeWhileHeld</c>, and so on.</param>
/// <param name="Site">Where; null where the trace does not say.</param>
/// <param name="MutexId">The mutex.</param>
/// <param name="Mutex">What to call it.</param>
/// <param name="Count">How often.</param>
/// <param name="FirstNs">When first, in nanoseconds since the start of the recording.</param>
/// <param name="ThreadId">The thread that did it first.</param>
public sealed record MisuseRow(string Kind, SourceSite? Site, ulong MutexId, string Mutex, long Count, long FirstNs, int ThreadId);
