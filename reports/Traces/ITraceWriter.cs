namespace Tracing.Reports.Traces;

/// <summary>
/// Writes a trace in another tool's format, as a stream: tracks are named once, then slices and marks follow in any order. Text is safe already: who calls has escaped it.
/// Disposing ends the trace.
/// </summary>
public interface ITraceWriter : IDisposable
{
    /// <summary>Names a track, before its first slice.</summary>
    void Define(TraceTrack track);

    /// <summary>Adds something that happened at a moment.</summary>
    void Add(in TraceMark mark);

    /// <summary>Adds a slice. Slices of one track don't overlap.</summary>
    void Add(in TraceSlice slice);
}

/// <summary>A line of slices.</summary>
/// <param name="Id">Its number, above 0 and unique in the trace.</param>
/// <param name="Name">What to call it.</param>
/// <param name="ProcessId">The process it is shown under; null for the mutexes, which are of no process.</param>
/// <param name="ThreadId">The thread whose track it is; null for a further track of a thread or of a mutex.</param>
/// <param name="Parent">The track it is shown under; 0 for none.</param>
public sealed record TraceTrack(int Id, string Name, int? ProcessId, int? ThreadId, int Parent);

/// <summary>Something that happened at a moment.</summary>
/// <param name="Track">The track's number.</param>
/// <param name="AtNs">When, in nanoseconds since the start of the recording.</param>
/// <param name="Name">What it is. There are few different ones.</param>
/// <param name="Site">Where in the source; empty for unknown.</param>
/// <param name="Note">What else is to be known; empty for nothing.</param>
public readonly record struct TraceMark(int Track, long AtNs, string Name, string Site, string Note);

/// <summary>Something that lasts.</summary>
/// <param name="Track">The track's number.</param>
/// <param name="FromNs">Begin, in nanoseconds since the start of the recording.</param>
/// <param name="ToNs">End, not before the begin.</param>
/// <param name="Name">What it is. There are few different ones.</param>
/// <param name="Site">Where in the source; empty for unknown.</param>
/// <param name="Note">What else is to be known; empty for nothing.</param>
/// <param name="FlowOut">An arrow that begins here; 0 for none.</param>
/// <param name="FlowIn">An arrow that ends here; 0 for none.</param>
public readonly record struct TraceSlice(int Track, long FromNs, long ToNs, string Name, string Site, string Note, ulong FlowOut = 0, ulong FlowIn = 0);
