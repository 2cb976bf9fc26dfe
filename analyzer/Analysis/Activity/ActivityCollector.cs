using Tracing.Analysis.Durations;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Activity;

/// <summary>
/// Collects what each class of mutexes did over time, in at most 128 blocks of one width. When the recording outgrows them, the width doubles and each two blocks become
/// one, so that whatever was recorded ends with 64 to 128. They begin with the first acquire or hold and end with the last: the load may have come late.
/// </summary>
/// <remarks>
/// <para>Memory is bounded: 10 KiB for each class, and for each mutex that no event has described yet, up to 4,096 of each. What is beyond them is collected as one class
/// without a name.</para>
/// <para>A class is told by label and site number, and becomes one with others of the same place at the end: sites may be defined late. Not safe for several threads.</para>
/// </remarks>
public sealed class ActivityCollector : ILockObserver
{
    private const int Most = 4096;
    private const int LeastShift = 8;

    private readonly TraceTime _time;
    private readonly Dictionary<(DriverLoad? Load, string Label, uint SiteId), ActivityTimeline> _classes = [];
    private readonly Dictionary<(DriverLoad Load, MutexLedger Mutex), ActivityTimeline> _undescribed = [];
    private int _shift = LeastShift;
    private ulong _start;
    private ulong _last;

    /// <summary>A collector for a recording.</summary>
    /// <param name="time">Its edges.</param>
    public ActivityCollector(TraceTime time) => _time = time;

    /// <inheritdoc/>
    public void Acquired(in ObservedAcquire acquire)
    {
        bool isMeasured = acquire is { Event.Contended: true, Wait: IntervalVerdict.Complete };
        if (isMeasured)
        {
            BlockOf(acquire.Event.RequestedAt);
        }

        int block = BlockOf(acquire.Event.AcquiredAt);
        ActivityTimeline timeline = TimelineOf(acquire.Load, acquire.Mutex);
        timeline.AddAcquire(block, acquire.Event.Contended);
        if (isMeasured)
        {
            timeline.AddWait(block, acquire.WaitTicks);
            Spread(timeline, acquire.Event.RequestedAt, acquire.Event.AcquiredAt);
        }
    }

    /// <inheritdoc/>
    public void Held(in ObservedHold hold)
    {
        if (hold.Hold == IntervalVerdict.Complete)
        {
            int block = BlockOf(hold.Event.ReleasedAt);
            TimelineOf(hold.Load, hold.Mutex).AddHold(block, hold.Ticks);
        }
    }

    /// <summary>What was collected.</summary>
    /// <param name="frequency">Ticks per second.</param>
    public LockActivity Finish(long frequency)
    {
        foreach (((DriverLoad load, MutexLedger mutex), ActivityTimeline timeline) in _undescribed)
        {
            ClassOf(load, mutex).Merge(timeline);
        }

        _undescribed.Clear();
        var scale = new TickScale(frequency);
        int blocks = _start == 0 ? 0 : BlockOf(_last) + 1;
        var places = new Dictionary<(string Label, SourceSite? Site), ActivityTimeline>();
        foreach (((DriverLoad? load, string label, uint siteId), ActivityTimeline timeline) in _classes)
        {
            (string, SourceSite?) place = (label, load?.Sites.Find(siteId));
            if (!places.TryAdd(place, timeline))
            {
                places[place].Merge(timeline);
            }
        }

        return new LockActivity(scale.ToNanoseconds(_time.SinceStart(_start)), scale.ToNanoseconds(1UL << _shift), blocks,
        [
            .. places.Select(place => new ActivityClass(place.Key.Label, place.Key.Site, place.Value.Finish(blocks, scale)))
                .OrderBy(one => one.Name, StringComparer.Ordinal).ThenBy(one => one.Site?.File, StringComparer.Ordinal)
                .ThenBy(one => one.Site?.Line).ThenBy(one => one.Site?.Member, StringComparer.Ordinal),
        ]);
    }

    /// <summary>Gives each block its part of a wait.</summary>
    private void Spread(ActivityTimeline timeline, ulong from, ulong to)
    {
        ulong at = Math.Max(from, _start);
        while (at < to)
        {
            int block = (int)((at - _start) >> _shift);
            ulong end = Math.Min(to, _start + ((ulong)(block + 1) << _shift));
            timeline.AddWaiting(block, end - at);
            at = end;
        }
    }

    private int BlockOf(ulong time)
    {
        // A release is written late: what follows may have happened a little before the first.
        _start = _start == 0 ? Math.Max(1, time) : _start;
        _last = Math.Max(_last, time);
        ulong since = time > _start ? time - _start : 0;
        while (since >> _shift >= ActivityTimeline.MostBlocks)
        {
            _shift++;
            foreach (ActivityTimeline timeline in _classes.Values.Concat(_undescribed.Values))
            {
                timeline.Widen();
            }
        }

        return (int)(since >> _shift);
    }

    private ActivityTimeline TimelineOf(DriverLoad load, MutexLedger mutex)
    {
        // Allocated or run down: label and site are known.
        if (mutex.Kind != 0)
        {
            return ClassOf(load, mutex);
        }

        if (!_undescribed.TryGetValue((load, mutex), out ActivityTimeline? timeline))
        {
            if (_undescribed.Count == Most)
            {
                return Find((null, "", 0));
            }

            timeline = new ActivityTimeline();
            _undescribed.Add((load, mutex), timeline);
        }

        return timeline;
    }

    private ActivityTimeline ClassOf(DriverLoad load, MutexLedger mutex)
    {
        (DriverLoad?, string, uint) key = (load, mutex.Label, mutex.SiteId);
        return Find(_classes.Count < Most || _classes.ContainsKey(key) ? key : (null, "", 0));
    }

    private ActivityTimeline Find((DriverLoad?, string, uint) key)
    {
        if (!_classes.TryGetValue(key, out ActivityTimeline? timeline))
        {
            timeline = new ActivityTimeline();
            _classes.Add(key, timeline);
        }

        return timeline;
    }
}
