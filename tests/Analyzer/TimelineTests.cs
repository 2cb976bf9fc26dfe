using CsCheck;
using Tracing.Analysis;
using Tracing.Analysis.Durations;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;
using Tracing.Analysis.Stacks;
using Tracing.Analysis.Timelines;
using Tracing.Analyzer.Tests.Naive;
using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>Who held and who waited, when: interval by interval while they are few, the longest and bins of all when they are many.</summary>
public sealed class TimelineTests
{
    private const long Start = 1000;

    [Fact]
    public void A_hold_and_the_wait_for_it_stand_in_the_lanes_of_mutex_and_threads()
    {
        Timeline timeline = Run("""
            t=1001 T1 site id=7 line=118 file=Queue.cs member=Push
            t=1100 T1 acquire m1 seq=1 site=7
            t=1150 T2 block m1 req=1150
            t=1200 T1 release m1 seq=1 acq=1100 site=7
            t=1201 T2 acquire m1 seq=2 req=1150 waited
            t=1210 T2 release m1 seq=2 acq=1201
            """);

        TimelineLane mutex = Assert.Single(timeline.Mutexes);
        Assert.Equal(1u, mutex.Id);
        Assert.Equal([(100, 100, 1, IntervalEnding.Whole), (201, 9, 2, IntervalEnding.Whole)], mutex.Holds.Kept.Select(Shape));
        Assert.Equal([(150, 51, 2, IntervalEnding.Whole)], mutex.Waits.Kept.Select(Shape));
        Assert.Equal("Queue.cs:118", mutex.Holds.Kept[0].Site?.Short);
        Assert.Equal([2u, 1u], timeline.Threads.Select(thread => thread.Id));
        Assert.Equal(mutex.Waits.Kept, timeline.Threads[0].Waits.Kept);
        Assert.Equal(210, timeline.LengthNs);
        Assert.Equal(3, timeline.Intervals);
        Assert.Empty(mutex.Holds.Bins);
    }

    [Fact]
    public void What_an_edge_of_the_recording_cuts_is_marked()
    {
        Timeline timeline = Run("""
            t=1100 T1 release m1 seq=1 acq=900
            t=1150 T2 acquire m1 seq=2
            t=1160 T3 block m1 req=1160
            t=1200 T4 other
            """);

        TimelineLane mutex = Assert.Single(timeline.Mutexes);
        Assert.Equal([(0, 100, 1, IntervalEnding.CutByStart), (150, 50, 2, IntervalEnding.OpenAtEnd)], mutex.Holds.Kept.Select(Shape));
        Assert.Equal([(160, 40, 3, IntervalEnding.OpenAtEnd)], mutex.Waits.Kept.Select(Shape));
    }

    [Fact]
    public void A_wait_that_was_given_up_is_marked()
    {
        Timeline timeline = Run("""
            t=1150 T2 block m1 req=1150
            t=1190 T2 fail m1 req=1150
            """);

        Assert.Equal([(150, 40, 2, IntervalEnding.GaveUp)], Assert.Single(timeline.Mutexes).Waits.Kept.Select(Shape));
    }

    [Fact]
    public void An_open_end_is_not_drawn_when_events_may_be_missing()
    {
        const string Text = """
            t=1150 T2 acquire m1 seq=1
            t=1160 T3 block m1 req=1160
            t=1200 T4 other
            """;

        Assert.Empty(Run(Text, Script.Lossy).Mutexes);
    }

    [Fact]
    public void What_cannot_be_true_is_not_drawn()
    {
        Timeline timeline = Run("""
            t=1100 T1 release m1 seq=1 acq=1090
            t=1100 T1 release m1 seq=1 acq=1090
            t=1200 T1 release m1 seq=2 acq=1190 at=9999999999
            t=1300 T1 fail m1 req=1310 at=1305
            """);

        TimelineLane mutex = Assert.Single(timeline.Mutexes);
        Assert.Equal([(90, 10, 1, IntervalEnding.Whole)], mutex.Holds.Kept.Select(Shape));
        Assert.Empty(mutex.Waits.Kept);
    }

    [Fact]
    public void Of_very_many_intervals_the_longest_are_kept_and_all_are_in_the_bins()
    {
        const int Holds = 500_000;
        (TimelineCollector collector, DriverLoad load) = Collector(end: Start + (Holds * 100));
        MutexLedger busy = load.Mutex(1);
        MutexLedger quiet = load.Mutex(2);
        for (int i = 0; i < Holds; i++)
        {
            // 10 of 100 ticks held; every ten thousandth hold lasts 90.
            Hold(collector, load, busy, Start + (i * 100), i % 10_000 == 0 ? 90 : 10, threadId: i % 3);
        }

        Hold(collector, load, quiet, Start + 5, 1, threadId: 1);
        Timeline timeline = Build(collector);

        TimelineTrack holds = timeline.Mutexes[0].Holds;
        Assert.Equal(Holds, holds.Count);
        Assert.Equal((Holds * 10) + (50 * 80), holds.TotalNs);
        Assert.Equal(50, holds.Kept.Count(kept => kept.LengthNs == 90));
        Assert.Equal(36_000 - 1, holds.Kept.Count);
        Assert.Equal(Holds, holds.Bins.Sum(bin => bin.Count));
        Assert.Equal(holds.TotalNs, holds.Bins.Sum(bin => bin.Ns), 0.5);
        Assert.Equal([(5, 1, 1, IntervalEnding.Whole)], timeline.Mutexes[1].Holds.Kept.Select(Shape));
        Assert.Empty(timeline.Mutexes[1].Holds.Bins);
    }

    [Fact]
    public void Of_very_many_mutexes_the_most_waited_for_have_lanes_and_the_others_are_counted()
    {
        const int Mutexes = 20_000;
        (TimelineCollector collector, DriverLoad load) = Collector(end: Start + Mutexes);
        for (int i = 0; i < Mutexes; i++)
        {
            Hold(collector, load, load.Mutex((ulong)i + 1), Start + i, 1, threadId: i);
            if (i % 1000 == 999)
            {
                collector.AddWait(new TimedInterval(load, load.Mutex((ulong)i + 1), Start, Start + (ulong)i, i, 0, IntervalEnding.Whole));
            }
        }

        Timeline timeline = Build(collector);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => 20_000ul - (1000 * (ulong)i)), timeline.Mutexes.Take(20).Select(lane => lane.Id));
        Assert.Equal(Mutexes, timeline.Mutexes.Count + timeline.MutexesLeftOut);
        Assert.Equal(Mutexes, timeline.Threads.Count + timeline.ThreadsLeftOut);
        Assert.True(timeline.Mutexes[0].CompleteFromNs > 0);
    }

    /// <summary>What is drawn and what is counted are the same intervals, over random schedules with losses and cuts.</summary>
    [Fact]
    public void Lanes_add_up_to_the_rows_of_the_report() => RandomRecording.Cases.Sample(
        test =>
        {
            List<LockEvent> events = test.Recorded();
            if (!events.Any(RandomRecording.IsLockEvent))
            {
                return;
            }

            TimelineCollector? collector = null;
            LockReport report = RandomRecording.Analyze(events, test.Facts, time => collector = new TimelineCollector(time));
            Timeline timeline = Build(collector!);
            foreach (MutexRow row in report.Mutexes)
            {
                TimelineLane? lane = timeline.Mutexes.SingleOrDefault(one => one.Id == row.Id);
                TimelineInterval[] holds = [.. lane?.Holds.Kept ?? []];
                TimelineInterval[] waits = [.. lane?.Waits.Kept ?? []];
                Assert.Equal((row.Hold.Count, row.Hold.TotalNs), Sum(holds, IntervalEnding.Whole));
                Assert.Equal((row.Hold.Censored.Count, row.Hold.Censored.AtLeastTotalNs), Sum(holds, IntervalEnding.CutByStart, IntervalEnding.OpenAtEnd));
                Assert.Equal((row.Wait.Count, row.Wait.TotalNs), Sum(waits, IntervalEnding.Whole));
                Assert.Equal((row.FailedWait.Count, row.FailedWait.TotalNs), Sum(waits, IntervalEnding.GaveUp));
                Assert.Equal(
                    (row.Wait.Censored.Count + row.FailedWait.Censored.Count, row.Wait.Censored.AtLeastTotalNs + row.FailedWait.Censored.AtLeastTotalNs),
                    Sum(waits, IntervalEnding.CutByStart, IntervalEnding.OpenAtEnd));
            }

            Assert.Equal(timeline.Mutexes.Sum(lane => lane.Holds.TotalNs), timeline.Threads.Sum(lane => lane.Holds.TotalNs));
            Assert.Equal(timeline.Mutexes.Sum(lane => lane.Waits.TotalNs), timeline.Threads.Sum(lane => lane.Waits.TotalNs));
        },
        iter: 500);

    /// <summary>However the bins had to grow, they hold the time of all intervals, each in its place.</summary>
    [Fact]
    public void Bins_hold_each_interval_in_its_place() => Gen.Select(
        Gen.ULong[0, 1_000_000], Gen.ULong[0, 1_000_000], (a, b) => (From: Math.Min(a, b), To: Math.Max(a, b))).Array[1, 200].Sample(intervals =>
    {
        var scale = new BinScale(new TraceTime(0, 1, sameClock: true));
        var bins = new TimeBins(scale);
        foreach ((ulong from, ulong to) in intervals)
        {
            bins.Add(from, to);
        }

        double[] expected = new double[BinScale.Count];
        double length = Math.ScaleB(1, scale.Shift);
        foreach ((ulong from, ulong to) in intervals)
        {
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] += Math.Max(0, Math.Min(to, (i + 1) * length) - Math.Max(from, i * length));
            }
        }

        double[] found = new double[BinScale.Count];
        foreach ((int index, int _, double ticks) in bins.Filled())
        {
            found[index] = ticks;
        }

        Assert.Equal(expected, found, (a, b) => Math.Abs(a - b) < 1e-3);
        Assert.Equal(intervals.Length, bins.Filled().Sum(bin => bin.Starts));
    }, iter: 200);

    private static Timeline Run(string text, RecordingFacts? facts = null)
    {
        TimelineCollector? collector = null;
        Script.Analyze(text, time => collector = new TimelineCollector(time)).Finish(facts ?? Script.Complete);
        return Build(collector!);
    }

    private static (long Count, long TotalNs) Sum(TimelineInterval[] intervals, params IntervalEnding[] endings)
    {
        TimelineInterval[] counted = [.. intervals.Where(interval => endings.Contains(interval.Ending))];
        return (counted.Length, counted.Sum(interval => interval.LengthNs));
    }

    private static (long Start, long Length, int Thread, IntervalEnding Ending) Shape(TimelineInterval interval) =>
        (interval.StartNs, interval.LengthNs, interval.ThreadId, interval.Ending);

    private static (TimelineCollector Collector, DriverLoad Load) Collector(long end)
    {
        var time = new TraceTime(Start, 1_000_000_000, sameClock: true);
        time.Pass(end);
        return (new TimelineCollector(time), new DriverLoad());
    }

    private static Timeline Build(TimelineCollector collector) => collector.Build(new TickScale(1_000_000_000), (mutex, _) => $"#{mutex.Id}", IntervalStacks.None);

    private static void Hold(TimelineCollector collector, DriverLoad load, MutexLedger mutex, long from, long ticks, int threadId) =>
        collector.AddHold(new TimedInterval(load, mutex, (ulong)from, (ulong)(from + ticks), threadId, 0, IntervalEnding.Whole));
}
