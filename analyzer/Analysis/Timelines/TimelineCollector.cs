using Tracing.Analysis.Durations;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Timelines;

/// <summary>
/// Gathers holds and waits for a <see cref="Timeline"/> while the trace is read: told of each when it ends, in any order. What it keeps is bounded, whatever
/// the trace: 200,000 intervals by mutex and as many by thread, a thousand lanes of each, and bins for the busiest of them.
/// </summary>
/// <remarks>Not safe for use from several threads.</remarks>
public sealed class TimelineCollector
{
    // What a page shows: more lanes than anybody scrolls through. With these a page stays below three megabytes in the worst case. Most intervals of a thread are
    // those of a mutex too, so that threads need few of their own.
    private const int MostMutexesShown = 40;
    private const int MostThreadsShown = 24;
    private const int MostIntervalsOfMutexes = 36_000;
    private const int MostIntervalsOfThreads = 9_000;

    private readonly TraceTime _time;
    private readonly BinScale _bins;
    private readonly LaneSet<MutexLedger> _mutexes;
    private readonly LaneSet<int> _threads;
    private long _intervals;

    /// <summary>A collector for a recording about to be read.</summary>
    /// <param name="time">The edges of the recording.</param>
    public TimelineCollector(TraceTime time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _bins = new BinScale(time);
        _mutexes = new LaneSet<MutexLedger>(_bins);
        _threads = new LaneSet<int>(_bins);
    }

    /// <summary>A hold has ended.</summary>
    public void Held(in TimedInterval hold) => Add(hold, isHold: true);

    /// <summary>A wait has ended.</summary>
    public void Waited(in TimedInterval wait) => Add(wait, isHold: false);

    /// <summary>Makes the timeline. To be called once, when the trace has been read.</summary>
    /// <param name="scale">From ticks to nanoseconds.</param>
    /// <param name="nameOf">What to call a mutex.</param>
    public Timeline Build(TickScale scale, Func<MutexLedger, DriverLoad, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(nameOf);
        var mutexes = _mutexes.Take(MostMutexesShown, MostIntervalsOfMutexes);
        var threads = _threads.Take(MostThreadsShown, MostIntervalsOfThreads);
        return new Timeline
        {
            LengthNs = Nanoseconds(_time.End),
            BinNs = Math.ScaleB(1e9, _bins.Shift) / scale.Frequency,
            Mutexes = [.. mutexes.Select(pair => Show(pair.Value, pair.Key.Id, nameOf(pair.Key, pair.Value.Load)))],
            Threads = [.. threads.Select(pair => Show(pair.Value, (ulong)(uint)pair.Key, $"thread {pair.Key}"))],
            MutexesLeftOut = _mutexes.Count + _mutexes.Forgotten - mutexes.Count,
            ThreadsLeftOut = _threads.Count + _threads.Forgotten - threads.Count,
            Intervals = _intervals,
        };

        TimelineLane Show(Lane lane, ulong id, string name) => new()
        {
            Id = id,
            Name = name,
            CompleteFromNs = lane.CompleteFrom == 0 ? 0 : Nanoseconds(lane.CompleteFrom),
            Holds = ShowTrack(lane.Holds),
            Waits = ShowTrack(lane.Waits),
        };

        TimelineTrack ShowTrack(IntervalTrack track) => new(
            track.Count, scale.ToNanoseconds(track.Ticks),
            [.. track.Kept.Order(Comparer<TimedInterval>.Create(TimedInterval.EarliestFirst)).Select(ShowInterval)],
            track.Bins is null ? [] : [.. track.Bins.Filled().Select(bin => new TimelineBin(bin.Index, bin.Starts, bin.Ticks * 1e9 / scale.Frequency))]);

        TimelineInterval ShowInterval(TimedInterval kept) => new(
            Nanoseconds(kept.From), scale.ToNanoseconds(kept.Ticks), kept.Mutex.Id, nameOf(kept.Mutex, kept.Load), kept.ThreadId,
            kept.Load.Sites.Find(kept.SiteId), kept.Ending);

        long Nanoseconds(ulong tick) => scale.ToNanoseconds(_time.SinceStart(tick));
    }

    private void Add(in TimedInterval interval, bool isHold)
    {
        _intervals++;
        _mutexes.Add(interval.Mutex, interval, isHold);
        _threads.Add(interval.ThreadId, interval, isHold);
    }
}
