using CsCheck;
using Tracing.Analyzer.Tests.Naive;
using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>Without the keyword Lock a report knows less, and nothing else, over random schedules.</summary>
public sealed class LightLawTests
{
    [Fact]
    public void Waits_are_the_same_to_the_tick_and_so_are_the_counts_of_mutexes_that_were_born_and_freed() => Sample((whole, light) =>
    {
        Dictionary<ulong, MutexRow> truth = whole.Mutexes.ToDictionary(row => row.Id);
        foreach (MutexRow row in light.Mutexes)
        {
            MutexRow same = truth[row.Id];
            Assert.Equal((same.Contended, same.Failed, Times(same.Wait), Times(same.FailedWait)), (row.Contended, row.Failed, Times(row.Wait), Times(row.FailedWait)));
            if (row.CountedFrom == CountSource.Counters)
            {
                Assert.Equal((same.Acquires, same.Hold.Count, same.Hold.TotalNs, same.Hold.MaxNs), (row.Acquires, row.Hold.Count, row.Hold.TotalNs, row.Hold.MaxNs));
            }
        }
    });

    [Fact]
    public void Nobody_is_blamed_for_more() => Sample((whole, light) =>
    {
        Dictionary<ulong, MutexRow> truth = whole.Mutexes.ToDictionary(row => row.Id);
        Assert.All(light.Mutexes, row => Assert.True(row.BlamedNs <= truth[row.Id].BlamedNs && row.HandOffNs <= truth[row.Id].HandOffNs));
        Dictionary<int, long> threads = whole.Blame.Threads.GroupBy(row => row.HolderThreadId).ToDictionary(same => same.Key, same => same.Sum(row => row.Ns));
        Assert.All(light.Blame.Threads.GroupBy(row => row.HolderThreadId), same => Assert.True(same.Sum(row => row.Ns) <= threads[same.Key]));
    });

    [Fact]
    public void No_deadlock_and_no_lock_order_is_found_that_is_not_there() => Sample((whole, light) =>
    {
        Dictionary<string, long> deadlocks = LockingTotals.Deadlocks(whole);
        Assert.All(LockingTotals.Deadlocks(light), same => Assert.True(same.Value <= deadlocks.GetValueOrDefault(same.Key)));
        Dictionary<(string, string), long> orders = LockingTotals.Orders(whole);
        Assert.All(LockingTotals.Orders(light), same => Assert.True(same.Value <= orders.GetValueOrDefault(same.Key)));
        Assert.Empty(light.Abandonments);
    });

    private static void Sample(Action<LockReport, LockReport> compare) => RandomRecording.Cases.Sample(
        test =>
        {
            List<LockEvent> events = (test with { DropPercent = 0, CutPercent = 100 }).Recorded();
            LockReport light = RandomRecording.Analyze([.. events.Where(one => !RandomRecording.IsLockEvent(one))], Script.Complete);
            if (events.Any(RandomRecording.IsLockEvent) && !light.Trace.LockEventsRecorded)
            {
                compare(RandomRecording.Analyze(events, Script.Complete), light);
            }
        },
        iter: 1000);

    private static (long, long, long, long, long) Times(DurationSummary times) => (times.Count, times.TotalNs, times.MaxNs, times.Censored.Count, times.Unknown);
}
