using Tracing.Analysis.Durations;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;
using Tracing.Analysis.Stacks;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Timelines;

/// <summary>
/// Gathers holds and waits for a <see cref="Timeline"/> while the trace is read: told of each when it ends, in any order. A hold is read from its outermost release
/// and a wait from the event that ended it, as the totals are. What is kept is bounded, whatever the trace: 200,000 intervals by mutex and as many by thread, a
/// thousand lanes of each, and bins for the busiest of them.
/// </summary>
/// <remarks>Not safe for use from several threads.</remarks>
public sealed class TimelineCollector : ILockObserver
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

    /// <inheritdoc/>
    public void Acquired(in ObservedAcquire acquire)
    {
        if (acquire.Event.Contended)
        {
            Waited(acquire.Load, acquire.Mutex, acquire.Event.AcquiredAt, acquire.Origin.ThreadId, acquire.Event.SiteId, acquire.Wait, acquire.WaitTicks, IntervalEnding.Whole);
        }
    }

    /// <inheritdoc/>
    public void GaveUp(DriverLoad load, MutexLedger mutex, in FailedEvent failed, in EventOrigin origin)
    {
        Interval wait = _time.Judge(failed.RequestedAt, failed.FailedAt);
        Waited(load, mutex, failed.FailedAt, origin.ThreadId, failed.SiteId, wait.Verdict, wait.Ticks, IntervalEnding.GaveUp);
    }

    /// <inheritdoc/>
    public void Held(in ObservedHold hold)
    {
        if (hold.Hold != IntervalVerdict.Impossible)
        {
            ulong to = hold.Event.ReleasedAt;
            IntervalEnding ending = hold.Hold == IntervalVerdict.CutByStart ? IntervalEnding.CutByStart : IntervalEnding.Whole;
            AddHold(new TimedInterval(hold.Load, hold.Mutex, to - hold.Ticks, to, hold.Origin.ThreadId, hold.Event.SiteId, ending));
        }
    }

    /// <inheritdoc/>
    public void StillWaiting(DriverLoad load, MutexLedger mutex, int threadId, uint siteId, ulong since, ulong end) =>
        AddWait(new TimedInterval(load, mutex, since, end, threadId, siteId, IntervalEnding.OpenAtEnd));

    /// <inheritdoc/>
    public void StillHeld(DriverLoad load, MutexLedger mutex, int threadId, uint siteId, ulong since, ulong end) =>
        AddHold(new TimedInterval(load, mutex, since, end, threadId, siteId, IntervalEnding.OpenAtEnd));

    /// <summary>Adds a hold.</summary>
    public void AddHold(in TimedInterval hold) => Add(hold, isHold: true);

    /// <summary>Adds a wait.</summary>
    public void AddWait(in TimedInterval wait) => Add(wait, isHold: false);

    /// <summary>Makes the timeline. To be called once, when the trace has been read.</summary>
    /// <param name="scale">From ticks to nanoseconds.</param>
    /// <param name="nameOf">What to call a mutex.</param>
    /// <param name="stacks">The call stacks there are.</param>
    public Timeline Build(TickScale scale, Func<MutexLedger, DriverLoad, string> nameOf, IntervalStacks stacks)
    {
        ArgumentNullException.ThrowIfNull(nameOf);
        ArgumentNullException.ThrowIfNull(stacks);
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
            StacksRecorded = stacks.Recorded,
        };

        TimelineLane Show(Lane lane, ulong id, string name) => new()
        {
            Id = id,
            Name = name,
            CompleteFromNs = lane.CompleteFrom == 0 ? 0 : Nanoseconds(lane.CompleteFrom),
            Holds = ShowTrack(lane.Holds, StackKind.Hold),
            Waits = ShowTrack(lane.Waits, StackKind.Wait),
        };

        TimelineTrack ShowTrack(IntervalTrack track, StackKind kind) => new(
            track.Count, scale.ToNanoseconds(track.Ticks),
            [.. track.Kept.Order(Comparer<TimedInterval>.Create(TimedInterval.EarliestFirst)).Select(kept => ShowInterval(kept, kind))],
            track.Bins is null ? [] : [.. track.Bins.Filled().Select(bin => new TimelineBin(bin.Index, bin.Starts, bin.Ticks * 1e9 / scale.Frequency))]);

        TimelineInterval ShowInterval(TimedInterval kept, StackKind kind) => new(
            Nanoseconds(kept.From), scale.ToNanoseconds(kept.Ticks), kept.Mutex.Id, nameOf(kept.Mutex, kept.Load), kept.ThreadId,
            kept.Load.Sites.Find(kept.SiteId), kept.Ending, stacks.Find(kind, kept.Mutex.Id, kept.ThreadId, kept.To));

        long Nanoseconds(ulong tick) => scale.ToNanoseconds(_time.SinceStart(tick));
    }

    private void Waited(
        DriverLoad load, MutexLedger mutex, ulong to, int threadId, uint siteId, IntervalVerdict verdict, ulong ticks, IntervalEnding ending)
    {
        if (verdict != IntervalVerdict.Impossible)
        {
            AddWait(new TimedInterval(load, mutex, to - ticks, to, threadId, siteId, verdict == IntervalVerdict.CutByStart ? IntervalEnding.CutByStart : ending));
        }
    }

    private void Add(in TimedInterval interval, bool isHold)
    {
        _intervals++;
        _mutexes.Add(interval.Mutex, interval, isHold);
        _threads.Add(interval.ThreadId, interval, isHold);
    }
}
