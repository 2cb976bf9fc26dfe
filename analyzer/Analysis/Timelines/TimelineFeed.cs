using Tracing.Analysis.Durations;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Timelines;

/// <summary>
/// From what the analysis has taken into account to the intervals of a timeline: a hold is read from its outermost release and a wait from the event that ended
/// it, so that lanes and totals are of the same intervals.
/// </summary>
public sealed class TimelineFeed(TraceTime time)
{
    /// <summary>What was gathered.</summary>
    public TimelineCollector Collector { get; } = new(time);

    /// <summary>A hold ended with a release.</summary>
    /// <param name="load">The life of the driver.</param>
    /// <param name="mutex">The mutex.</param>
    /// <param name="released">The event.</param>
    /// <param name="threadId">Who released.</param>
    /// <param name="verdict">What is known of the hold.</param>
    /// <param name="ticks">Its length, as far as it is certain.</param>
    public void Released(DriverLoad load, MutexLedger mutex, in ReleasedEvent released, int threadId, IntervalVerdict verdict, ulong ticks)
    {
        if (verdict != IntervalVerdict.Impossible)
        {
            Collector.Held(new TimedInterval(
                load, mutex, released.ReleasedAt - ticks, released.ReleasedAt, threadId, released.SiteId, EndingOf(verdict, IntervalEnding.Whole)));
        }
    }

    /// <summary>A wait ended, with the mutex or without.</summary>
    /// <param name="load">The life of the driver.</param>
    /// <param name="mutex">The mutex.</param>
    /// <param name="from">When it began, in ticks.</param>
    /// <param name="to">When it ended, in ticks.</param>
    /// <param name="threadId">Who waited.</param>
    /// <param name="siteId">Where the acquire stands.</param>
    /// <param name="ending">How it ended.</param>
    public void Waited(DriverLoad load, MutexLedger mutex, ulong from, ulong to, int threadId, uint siteId, IntervalEnding ending)
    {
        Interval wait = time.Judge(from, to);
        if (wait.Verdict != IntervalVerdict.Impossible)
        {
            Collector.Waited(new TimedInterval(load, mutex, to - wait.Ticks, to, threadId, siteId, EndingOf(wait.Verdict, ending)));
        }
    }

    /// <summary>Waits that go on when the recording, or the driver, ends.</summary>
    public void EndWaits(DriverLoad load, ulong end)
    {
        foreach ((int threadId, WaitingThreads.Wait wait) in load.Waiting.Open)
        {
            ulong since = Math.Max(wait.RequestedAt, time.Start);
            Collector.Waited(new TimedInterval(load, wait.Mutex, since, Math.Max(since, end), threadId, wait.SiteId, IntervalEnding.OpenAtEnd));
        }
    }

    /// <summary>A hold, if one is known, that goes on when the recording, or the driver, ends.</summary>
    public void EndHold(DriverLoad load, MutexLedger mutex, ulong end)
    {
        if (mutex.HeldAtEnd is OpenHold hold)
        {
            ulong since = Math.Max(hold.AcquiredAt, time.Start);
            Collector.Held(new TimedInterval(load, mutex, since, Math.Max(since, end), hold.ThreadId, hold.SiteId, IntervalEnding.OpenAtEnd));
        }
    }

    private static IntervalEnding EndingOf(IntervalVerdict verdict, IntervalEnding ending) =>
        verdict == IntervalVerdict.CutByStart ? IntervalEnding.CutByStart : ending;
}
