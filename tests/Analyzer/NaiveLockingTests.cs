using CsCheck;
using Tracing.Analyzer.Tests.Naive;
using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>Lock orders against an obvious analysis, and deadlocks against what really happened, over random schedules.</summary>
public sealed class NaiveLockingTests
{
    [Fact]
    public void Both_agree_on_every_lock_order() => RandomRecording.Cases.Sample(
        test =>
        {
            List<LockEvent> events = (test with { DropPercent = 0, CutPercent = 100 }).Recorded();
            if (!events.Any(RandomRecording.IsLockEvent))
            {
                return;
            }

            LockReport report = RandomRecording.Analyze(events, Script.Complete);
            var naive = new NaiveLocking(events);
            Assert.Equal(
                naive.Orders().OrderBy(order => order.Key).Select(order => ($"#{order.Key.Held}", $"#{order.Key.Taken}", (long)order.Value)),
                LockingTotals.Orders(report).OrderBy(order => (ulong.Parse(order.Key.Held[1..]), ulong.Parse(order.Key.Taken[1..])))
                    .Select(order => (order.Key.Held, order.Key.Taken, order.Value)));
        },
        iter: 1000);

    [Fact]
    public void Losing_events_never_invents_a_lock_order() => RandomRecording.Cases.Sample(
        test =>
        {
            LockReport whole = RandomRecording.Analyze((test with { DropPercent = 0, CutPercent = 100 }).Recorded(), Script.Complete);
            foreach (((string, string) order, long count) in LockingTotals.Orders(RandomRecording.Analyze(test.Recorded(), Script.Lossy)))
            {
                Assert.InRange(count, 1, LockingTotals.Orders(whole).GetValueOrDefault(order));
            }
        },
        iter: 1000);

    [Fact]
    public void Every_deadlock_is_found_however_it_ended_and_no_other() => RandomRecording.Cases.Sample(
        test =>
        {
            test = test with { DropPercent = 0, CutPercent = 100 };
            List<LockEvent> events = test.Recorded();
            if (!events.Any(RandomRecording.IsLockEvent))
            {
                return;
            }

            LockReport report = RandomRecording.Analyze(events, Script.Complete);
            Assert.All(report.Deadlocks, deadlock => Assert.True(deadlock.IsCertain));
            Assert.Equal(
                test.Deadlocks().GroupBy(deadlock => deadlock.Mutexes).OrderBy(same => same.Key, StringComparer.Ordinal)
                    .Select(same => (same.Key, Count: (long)same.Count(), First: same.MinBy(deadlock => deadlock.EndedAt ?? long.MaxValue)!))
                    .Select(same => (same.Key, same.Count, same.First.FormedAt - Script.Start, same.First.EndedAt - same.First.FormedAt)),
                report.Deadlocks.GroupBy(LockingTotals.MutexesOf).OrderBy(same => same.Key, StringComparer.Ordinal)
                    .Select(same => (same.Key, Count: same.Sum(deadlock => deadlock.Count), First: same.MinBy(deadlock => deadlock.FormedNs + deadlock.LastedNs)!))
                    .Select(same => (same.Key, same.Count, same.First.FormedNs, same.First.End == DeadlockEnd.None ? null : (long?)same.First.LastedNs)));
        },
        iter: 3000);

    [Fact]
    public void Losing_events_never_invents_a_deadlock_that_is_called_certain() => RandomRecording.Cases.Sample(
        test => Assert.All(RandomRecording.Analyze(test.Recorded(), Script.Lossy).Deadlocks, deadlock => Assert.False(deadlock.IsCertain)),
        iter: 300);

    /// <summary>Of two circles of locks of which one goes through all of the other, the smaller one is reported, and may be lost; a deadlock stands for the orders that led to it.</summary>
    [Fact]
    public void Losing_events_never_invents_an_error() => RandomRecording.Cases.Sample(
        test =>
        {
            LockReport whole = RandomRecording.Analyze((test with { DropPercent = 0, CutPercent = 100 }).Recorded(), Script.Complete);
            AssertHasNoErrorOfItsOwn(RandomRecording.Analyze(test.Recorded(), Script.Lossy), whole);
        },
        iter: 1000);

    /// <summary>A lock that was taken before the recording may be held around what is in it.</summary>
    [Fact]
    public void Neither_does_a_recording_that_begins_late() => RandomRecording.Cases.Sample(
        test =>
        {
            test = test with { DropPercent = 0, CutPercent = 100 };
            AssertHasNoErrorOfItsOwn(RandomRecording.Analyze(test.Recorded(), Script.Complete), RandomRecording.Analyze(test.AllEvents(), Script.Complete));
        },
        iter: 3000);

    private static void AssertHasNoErrorOfItsOwn(LockReport part, LockReport whole)
    {
        List<(string Kind, HashSet<string> Subject)> real = [.. Errors(whole)];
        Assert.All(Errors(part), error => Assert.Contains(real, other => other.Kind == error.Kind && other.Subject.IsSubsetOf(error.Subject)));
    }

    private static IEnumerable<(string Kind, HashSet<string> Subject)> Errors(LockReport report) => report.Findings
        .Where(finding => finding.Severity == FindingSeverity.Error)
        .Select(finding => (finding.Kind.Replace("possible-", "", StringComparison.Ordinal), finding.Subject.Split(' ').ToHashSet(StringComparer.Ordinal)));
}
