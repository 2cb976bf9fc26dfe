namespace Tracing.Reports.Model;

/// <summary>
/// Who held and who waited, when. A recording of a few ten thousand intervals is here interval by interval. Of a longer one each lane keeps its longest
/// intervals as they were, and all of them, short and long, are summed up in bins of time: nothing is drawn that did not happen, and what is not drawn
/// singly is counted.
/// </summary>
/// <remarks>Times are nanoseconds since the start of the recording.</remarks>
public sealed record Timeline
{
    /// <summary>From the start of the recording to its last event.</summary>
    public long LengthNs { get; init; }

    /// <summary>Length of a bin; 0 when no track has bins, because every interval is kept.</summary>
    public double BinNs { get; init; }

    /// <summary>The mutexes, the most waited for first, those waited for alike by how long they were held.</summary>
    public IReadOnlyList<TimelineLane> Mutexes { get; init; } = [];

    /// <summary>The threads, the one that waited longest first, those alike by how long they held.</summary>
    public IReadOnlyList<TimelineLane> Threads { get; init; } = [];

    /// <summary>Mutexes that were held or waited for and have no lane; at least so many in recordings of more than a thousand.</summary>
    public long MutexesLeftOut { get; init; }

    /// <summary>Threads that held or waited and have no lane; at least so many in recordings of more than five hundred.</summary>
    public long ThreadsLeftOut { get; init; }

    /// <summary>Holds and waits in the recording whose times are known, those without a lane included.</summary>
    public long Intervals { get; init; }

    /// <summary>Holds and waits in the recording that have a call stack; only the slowest keep it.</summary>
    public long StacksRecorded { get; init; }
}

/// <summary>The holds of a mutex and the waits for it, or what a thread held and waited for.</summary>
public sealed record TimelineLane
{
    /// <summary>The driver's number of the mutex, or the number of the thread.</summary>
    public required ulong Id { get; init; }

    /// <summary>What to call it.</summary>
    public required string Name { get; init; }

    /// <summary>When the lane begins to be complete: later than 0 only in recordings of very many lanes, where a quiet one may have been forgotten.</summary>
    public long CompleteFromNs { get; init; }

    /// <summary>Outermost holds. A thread may hold several mutexes at a time, so that a bin of its lane can hold more time than it lasts.</summary>
    public required TimelineTrack Holds { get; init; }

    /// <summary>Waits, those that were given up included.</summary>
    public required TimelineTrack Waits { get; init; }
}

/// <summary>Intervals of one kind in one lane.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="TotalNs">Their sum, those cut by an edge of the recording with the part that is certain.</param>
/// <param name="Kept">Those kept one by one, by start; the longest ones when not all are kept.</param>
/// <param name="Bins">All of them by time, empty bins left out; none when all are kept.</param>
public sealed record TimelineTrack(long Count, long TotalNs, IReadOnlyList<TimelineInterval> Kept, IReadOnlyList<TimelineBin> Bins);

/// <summary>A hold or a wait.</summary>
/// <param name="StartNs">When it began, or the recording began.</param>
/// <param name="LengthNs">How long it lasted; at least so long when it was cut.</param>
/// <param name="MutexId">The mutex.</param>
/// <param name="Mutex">What to call it, as in its <see cref="MutexRow"/>.</param>
/// <param name="ThreadId">Who held or waited.</param>
/// <param name="Site">Where the acquire stands; null where the trace does not say.</param>
/// <param name="Ending">How it ended.</param>
/// <param name="Stack">
/// The call stack of the event that ended it, as in <see cref="StackRow.Frames"/>; null where none was recorded, and for all but the slowest. One list for one interval, in
/// whatever lane.
/// </param>
public readonly record struct TimelineInterval(
    long StartNs, long LengthNs, ulong MutexId, string Mutex, int ThreadId, SourceSite? Site, IntervalEnding Ending,
    IReadOnlyList<string>? Stack = null);

/// <summary>What lies in a stretch of time.</summary>
/// <param name="Index">Number of the bin: it begins at this many times <see cref="Timeline.BinNs"/>.</param>
/// <param name="Count">Intervals that began in it.</param>
/// <param name="Ns">Time of all intervals in it: as a share of the bin, how much of it the mutex was held, or how many waited on average.</param>
public readonly record struct TimelineBin(int Index, long Count, double Ns);

/// <summary>How an interval ended.</summary>
public enum IntervalEnding
{
    /// <summary>It is whole: a hold by a release, a wait by the acquire.</summary>
    Whole,

    /// <summary>It began before the recording: only the part within is here.</summary>
    CutByStart,

    /// <summary>The recording ended first.</summary>
    OpenAtEnd,

    /// <summary>A wait that was given up.</summary>
    GaveUp,
}
