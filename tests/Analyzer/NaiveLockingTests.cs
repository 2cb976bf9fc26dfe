using CsCheck;
using Tracing.Analyzer.Tests.Naive;
using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>Lock orders and deadlocks against an obvious analysis, over random schedules.</summary>
public sealed class NaiveLockingTests
{
    [Fact]
    public void Both_agree_on_every_lock_order_and_on_the_deadlocks_at_the_end() => RandomRecording.Cases.Sample(
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
                Orders(report).OrderBy(order => (ulong.Parse(order.Key.Held[1..]), ulong.Parse(order.Key.Taken[1..])))
                    .Select(order => (order.Key.Held, order.Key.Taken, order.Value)));
            string[] circles = [.. naive.DeadlocksAtEnd().Select(mutexes => string.Join(' ', mutexes))];
            ILookup<DeadlockEnd, string> found = report.Deadlocks.ToLookup(
                deadlock => deadlock.End, deadlock => string.Join(' ', deadlock.Waits.Select(wait => wait.MutexId).Order()));

            // One that had formed before, and was given up then, is the same deadlock and counted there.
            Assert.Empty(found[DeadlockEnd.None].Except(circles));
            Assert.Empty(circles.Except(found.SelectMany(same => same)));
        },
        iter: 1000);

    [Fact]
    public void Losing_events_never_invents_a_lock_order() => RandomRecording.Cases.Sample(
        test =>
        {
            LockReport whole = RandomRecording.Analyze((test with { DropPercent = 0, CutPercent = 100 }).Recorded(), Script.Complete);
            foreach (((string, string) order, long count) in Orders(RandomRecording.Analyze(test.Recorded(), Script.Lossy)))
            {
                Assert.InRange(count, 1, Orders(whole).GetValueOrDefault(order));
            }
        },
        iter: 1000);

    private static Dictionary<(string Held, string Taken), long> Orders(LockReport report) =>
        report.LockOrders.GroupBy(order => (order.Held, order.Taken)).ToDictionary(same => same.Key, same => same.Sum(order => order.Count));
}
