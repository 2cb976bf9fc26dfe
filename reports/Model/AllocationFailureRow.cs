namespace Tracing.Reports.Model;

/// <summary>Allocations of a mutex that failed for lack of pool memory, at one place.</summary>
/// <param name="Kind">Which kind of lock was asked for: <c>KMutex</c>, <c>FastMutex</c>, <c>CriticalSection</c>.</param>
/// <param name="Site">Where; null where the trace does not say.</param>
/// <param name="Bytes">The most that was asked of the pool at once.</param>
/// <param name="Count">How often.</param>
/// <param name="FirstNs">When first, in nanoseconds since the start of the recording.</param>
public sealed record AllocationFailureRow(string Kind, SourceSite? Site, long Bytes, long Count, long FirstNs);
