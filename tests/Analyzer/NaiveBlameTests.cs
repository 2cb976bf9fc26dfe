using CsCheck;
using Tracing.Analysis;
using Tracing.Analyzer.Tests.Naive;
using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>Who made whom wait, against an analysis that asks for each tick of each wait: exactly, over random schedules.</summary>
public sealed class NaiveBlameTests
{
    [Fact]
    public void Both_agree_on_every_tick_of_every_wait() => RandomRecording.Cases.Sample(
        test =>
        {
            List<LockEvent> events = test.Recorded();
            if (!events.Any(RandomRecording.IsLockEvent))
            {
                return;
            }

            LockReport report = RandomRecording.Analyze(events, test.Facts);
            List<BlamedTick> all = AssertMutexes(events, test.Facts, report);
            AssertTops(all, report);
            AssertDepths(events, report);
            AssertPlaces(all, report);
            Assert.Equal(
                all.Where(tick => tick.Cause == BlameCause.Hold).GroupBy(tick => (tick.WaiterThread, tick.HolderThread))
                    .Select(same => (same.Key.WaiterThread, same.Key.HolderThread, (long)same.Count())).Order(),
                report.Blame.Threads.Select(row => (row.WaiterThreadId, row.HolderThreadId, row.Ns)).Order());
        },
        iter: 2000);

    /// <summary>Where more than 64 wait at a time, blame by thread who waits is not split; all else is exact, and what is not split is said.</summary>
    [Fact]
    public void In_a_crowd_both_agree_on_all_but_which_thread_waited_for_which()
    {
        int crowds = 0;
        RandomRecording.Crowds.Sample(
            test =>
            {
                List<LockEvent> events = test.Recorded();
                LockReport report = RandomRecording.Analyze(events, test.Facts);
                List<BlamedTick> all = AssertMutexes(events, test.Facts, report);
                AssertPlaces(all, report);
                var threads = all.Where(tick => tick.Cause == BlameCause.Hold).CountBy(tick => (tick.WaiterThread, tick.HolderThread)).ToDictionary();
                Assert.All(report.Blame.Threads, row => Assert.InRange(row.Ns, 1, threads[(row.WaiterThreadId, row.HolderThreadId)]));
                Assert.Equal(threads.Values.Sum(), report.Blame.Threads.Sum(row => row.Ns) + report.Blame.OtherThreadsNs);
                if (report.Blame.OtherThreadsNs > 0)
                {
                    Interlocked.Increment(ref crowds);
                }
            },
            iter: 40);
        Assert.True(crowds > 0, "no schedule had a crowd");
    }

    [Fact]
    public void Blame_and_hand_off_add_up_to_the_waits_whatever_was_lost() => RandomRecording.Cases.Sample(
        test =>
        {
            BlameSummary blame = RandomRecording.Analyze(test.Recorded(), test.Facts).Blame;
            Assert.Equal(blame.WaitTicks, blame.BlamedTicks + blame.HandOffTicks + blame.UnknownTicks);
            Assert.Equal(blame.WaitNs, blame.Sites.Sum(row => row.Ns) + blame.OtherSitesNs);
            Assert.Equal(blame.BlamedNs, blame.Threads.Sum(row => row.Ns) + blame.OtherThreadsNs);
        },
        iter: 1000);

    [Fact]
    public void Without_losses_only_what_was_held_before_the_recording_is_unknown() => RandomRecording.Cases.Sample(
        test =>
        {
            List<LockEvent> events = (test with { DropPercent = 0, CutPercent = 100 }).Recorded();
            Assert.All(
                RandomRecording.Analyze(events, Script.Complete).Mutexes.Where(row => events.Any(one => one.Kind == LockEventKind.Allocated && one.Mutex == row.Id)),
                row => Assert.Equal(0, row.UnknownBlameNs));
        },
        iter: 500);

    [Fact]
    public void Losing_events_never_blames_a_holder_for_more() => RandomRecording.Cases.Sample(
        test =>
        {
            Dictionary<ulong, MutexRow> truth = RandomRecording.Analyze((test with { DropPercent = 0 }).Recorded(), Script.Complete).Mutexes.ToDictionary(row => row.Id);
            foreach (MutexRow row in RandomRecording.Analyze(test.Recorded(), Script.Lossy).Mutexes)
            {
                Assert.True(row.BlamedNs <= truth[row.Id].BlamedNs);
                Assert.True(row.HandOffNs <= truth[row.Id].HandOffNs);
                Assert.True(row.OwnerSwitches <= truth[row.Id].OwnerSwitches);
                Assert.True(row.DeepestQueue <= truth[row.Id].DeepestQueue);
            }
        },
        iter: 1000);

    /// <summary>Holds each mutex against the naive analysis.</summary>
    /// <returns>What that blames, tick by tick, for all of them.</returns>
    private static List<BlamedTick> AssertMutexes(List<LockEvent> events, RecordingFacts facts, LockReport report)
    {
        var all = new List<BlamedTick>();
        foreach (MutexRow row in report.Mutexes)
        {
            var naive = new NaiveBlame(events, row.Id, Script.Start, facts.IsComplete);
            all.AddRange(naive.Ticks);
            AssertMutex(naive, row, events, report);
        }

        return all;
    }

    private static void AssertMutex(NaiveBlame naive, MutexRow row, List<LockEvent> events, LockReport report)
    {
        Assert.Equal(naive.Ticks.Count(tick => tick.Cause == BlameCause.Hold), row.BlamedNs);
        Assert.Equal(naive.Ticks.Count(tick => tick.Cause == BlameCause.HandOff), row.HandOffNs);
        Assert.Equal(naive.Ticks.Count(tick => tick.Cause == BlameCause.Unknown), row.UnknownBlameNs);
        (string, int, long)[] holders = [.. naive.Ticks.Where(tick => tick.Cause == BlameCause.Hold)
            .GroupBy(tick => (Name(tick.HolderSite), tick.HolderThread)).Select(same => (same.Key.Item1, same.Key.HolderThread, (long)same.Count()))];
        long most = holders.GroupBy(holder => holder.Item1).Select(same => same.Sum(holder => holder.Item3)).DefaultIfEmpty().Max();
        Assert.Equal(most, row.TopBlamedNs);
        Assert.Equal(most, holders.Where(holder => holder.Item1 == Name(row.TopBlamedSite)).Sum(holder => holder.Item3));
        Assert.Equal(holders.Where(holder => holder.Item1 == Name(row.TopBlamedSite)).Select(holder => holder.Item3).DefaultIfEmpty().Max(), row.TopBlamedThreadNs);
        Assert.Contains((Name(row.TopBlamedSite), row.TopBlamedThreadId ?? 0, row.TopBlamedThreadNs), holders.Append(("", 0, 0)));
        Assert.Equal(naive.DeepestQueue, row.DeepestQueue);
        Assert.Equal(naive.TicksWithAWaiter, row.WaitedForPercent * ((long)events.Max(one => one.Time) - Script.Start) / 100, 6);
        Assert.Equal(naive.OwnerSwitches, row.OwnerSwitches);
        Assert.Equal(naive.HandOffRuns.Count(run => run >= 16), report.Convoys.SingleOrDefault(convoy => convoy.MutexId == row.Id)?.Runs ?? 0);
    }

    private static void AssertPlaces(List<BlamedTick> all, LockReport report) =>
        Assert.Equal(
            all.GroupBy(tick => (tick.Cause, Name(tick.HolderSite), Name(tick.WaiterSite))).Select(same => (same.Key, (long)same.Count())).Order(),
            report.Blame.Sites.Select(row => ((row.Cause, Name(row.HolderSite), Name(row.WaiterSite)), row.Ns)).Order());

    /// <summary>Whom each place, each thread and each process waited for most: by ticks, and of two as many either.</summary>
    private static void AssertTops(List<BlamedTick> all, LockReport report)
    {
        ILookup<string, BlamedTick> bySite = all.Where(tick => tick.Cause == BlameCause.Hold).ToLookup(tick => Name(tick.WaiterSite));
        foreach (UsageRow row in report.BySite)
        {
            (string Holder, long Ticks)[] holders = [.. bySite[Name(row.Site)].CountBy(tick => Name(tick.HolderSite)).Select(count => (count.Key, (long)count.Value))];
            Assert.Equal(holders.Select(holder => holder.Ticks).DefaultIfEmpty().Max(), row.TopBlamedNs);
            Assert.Contains((Name(row.TopBlamedSite), row.TopBlamedNs), holders.Append(("", 0)));
        }

        ILookup<int?, BlamedTick> byThread = all.Where(tick => tick.Cause == BlameCause.Hold).ToLookup(tick => (int?)tick.WaiterThread);
        foreach (UsageRow row in report.ByThread)
        {
            (int Holder, long Ticks)[] holders = [.. byThread[row.ThreadId].CountBy(tick => tick.HolderThread).Select(count => (count.Key, (long)count.Value))];
            Assert.Equal(holders.Select(holder => holder.Ticks).DefaultIfEmpty().Max(), row.TopBlamedNs);
            Assert.Contains((row.TopBlamedThreadId ?? 0, row.TopBlamedNs), holders.Append((0, 0)));
        }

        ILookup<int?, BlamedTick> byProcess = all.Where(tick => tick.Cause == BlameCause.Hold).ToLookup(tick => (int?)RandomRecording.ProcessOf(tick.WaiterThread));
        foreach (UsageRow row in report.ByProcess)
        {
            (int Holder, long Ticks)[] holders = [.. byProcess[row.ProcessId].CountBy(tick => RandomRecording.ProcessOf(tick.HolderThread)).Select(count => (count.Key, (long)count.Value))];
            Assert.Equal(holders.Select(holder => holder.Ticks).DefaultIfEmpty().Max(), row.TopBlamedNs);
            Assert.Contains((row.TopBlamedProcessId ?? 0, row.TopBlamedNs), holders.Append((0, 0)));
        }
    }

    private static void AssertDepths(List<LockEvent> events, LockReport report)
    {
        LockEvent[] acquires = [.. events.Where(one => one.Kind == LockEventKind.Acquired)];
        Assert.All(report.BySite, row => Assert.Equal(Deepest(one => Name(one.Site) == Name(row.Site)), row.DeepestRecursion));
        Assert.All(report.ByThread, row => Assert.Equal(Deepest(one => one.Thread == row.ThreadId), row.DeepestRecursion));

        int Deepest(Func<LockEvent, bool> isOf) => acquires.Where(isOf).Select(one => one.Depth).DefaultIfEmpty().Max();
    }

    private static string Name(SourceSite? site) => site?.Short ?? "";

    private static string Name(uint site) => site == 0 ? "" : new SourceSite("", 0, $"site {site}").Short;
}
