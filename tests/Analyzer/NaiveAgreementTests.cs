using CsCheck;
using Tracing.Analyzer.Tests.Naive;
using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>The one-pass analysis against an obvious one, over random schedules: exactly, in ticks.</summary>
public sealed class NaiveAgreementTests
{
    [Fact]
    public void Both_agree_on_every_number() => RandomRecording.Cases.Sample(
        test =>
        {
            List<LockEvent> events = test.Recorded();
            if (!events.Any(RandomRecording.IsLockEvent))
            {
                return;
            }

            LockReport report = RandomRecording.Analyze(events, test.Facts);
            NaiveRow[] expected = [.. new NaiveAnalyzer(events, Script.Start, test.Facts.IsComplete).Analyze()];
            Assert.Equal(expected.Select(row => row.Mutex), report.Mutexes.Select(row => row.Id));
            foreach ((NaiveRow naive, MutexRow row) in expected.Zip(report.Mutexes))
            {
                Assert.Equal(naive.Acquires, row.Acquires);
                Assert.Equal(naive.Contended, row.Contended);
                Assert.Equal(naive.DeepestRecursion, row.DeepestRecursion);
                Assert.Equal((long)naive.Gaps, row.SequenceGaps);
                AssertEqual(naive.Waits, row.Wait);
                AssertEqual(naive.Holds, row.Hold);
            }
        },
        iter: 3000);

    [Fact]
    public void Without_losses_every_identity_holds_and_the_counters_agree() => RandomRecording.Cases.Sample(
        test =>
        {
            List<LockEvent> events = (test with { DropPercent = 0, CutPercent = 100 }).Recorded();
            LockReport report = RandomRecording.Analyze(events, Script.Complete);
            Assert.All(report.Trace.Identities, check => Assert.NotEqual(IdentityResult.Violated, check.Result));
            Assert.Empty(report.Oddities.Where(oddity => oddity.Kind != "release-without-acquire"));
        },
        iter: 1000);

    [Fact]
    public void Losing_events_never_invents_a_number_and_every_lost_acquire_is_counted() => RandomRecording.Cases.Sample(
        test =>
        {
            List<LockEvent> all = (test with { DropPercent = 0 }).Recorded();
            List<LockEvent> some = test.Recorded();
            if (!some.Any(RandomRecording.IsLockEvent))
            {
                return;
            }

            Dictionary<ulong, MutexRow> truth = RandomRecording.Analyze(all, Script.Complete).Mutexes.ToDictionary(row => row.Id);
            LockReport report = RandomRecording.Analyze(some, Script.Lossy);
            foreach (MutexRow row in report.Mutexes)
            {
                MutexRow whole = truth[row.Id];
                Assert.True(row.Acquires <= whole.Acquires);
                Assert.True(row.Acquires + row.SequenceGaps <= whole.Acquires + whole.SequenceGaps);
                AssertWithin(row.Wait, whole.Wait);
                AssertWithin(row.Hold, whole.Hold);
                bool knownFromBirthToEnd = some.Count(one => one.Mutex == row.Id && one.Kind is LockEventKind.Allocated or LockEventKind.Freed && one.Mutex == row.Id) == 2;
                if (knownFromBirthToEnd)
                {
                    Assert.Equal(whole.Acquires, row.Acquires + row.SequenceGaps);
                }
            }

            Assert.All(report.Trace.Identities.Where(check => check.Name != "sequences-complete"), check => Assert.NotEqual(IdentityResult.Violated, check.Result));
        },
        iter: 1000);

    [Fact]
    public void Events_that_are_there_twice_change_nothing() => RandomRecording.Cases.Sample(
        test =>
        {
            List<LockEvent> events = test.Recorded();
            List<LockEvent> twice = [.. events.SelectMany(one => one.Kind is LockEventKind.Acquired or LockEventKind.Released
                ? Enumerable.Repeat(one, 2) : [one])];
            Assert.Equal(RandomRecording.Analyze(events, Script.Complete).Mutexes.Select(Numbers), RandomRecording.Analyze(twice, Script.Complete).Mutexes.Select(Numbers));
        },
        iter: 500);

    private static (long, long, long, long, long, long) Numbers(MutexRow row) =>
        (row.Acquires, row.Wait.TotalNs, row.Hold.TotalNs, row.Hold.Count, row.Hold.Unknown, row.SequenceGaps);

    private static void AssertWithin(DurationSummary part, DurationSummary whole)
    {
        Assert.True(part.Count <= whole.Count);
        Assert.True(part.TotalNs <= whole.TotalNs);
        Assert.True(part.MaxNs <= whole.MaxNs);
        Assert.True(part.Censored.AtLeastMaxNs <= whole.Censored.AtLeastMaxNs);
    }

    private static void AssertEqual(NaiveIntervals naive, DurationSummary summary)
    {
        Assert.Equal(naive.Complete.Count, summary.Count);
        Assert.Equal(Sum(naive.Complete), summary.TotalNs);
        Assert.Equal((long)naive.Complete.DefaultIfEmpty().Max(), summary.MaxNs);
        Assert.Equal(new CensoredSummary(naive.CutAtLeast.Count, Sum(naive.CutAtLeast), (long)naive.CutAtLeast.DefaultIfEmpty().Max()), summary.Censored);
        Assert.Equal(naive.Unknown, summary.Unknown);
        if (naive.Complete.Count > 0)
        {
            naive.Complete.Sort();
            AssertClose(naive.Complete[((naive.Complete.Count * 50) + 99) / 100 - 1], summary.P50Ns);
            AssertClose(naive.Complete[((naive.Complete.Count * 99) + 99) / 100 - 1], summary.P99Ns);
        }
    }

    private static void AssertClose(ulong exact, long reported) =>
        Assert.True(Math.Abs((double)exact - reported) <= exact * 0.01, $"exactly {exact}, reported {reported}");

    private static long Sum(List<ulong> lengths) => lengths.Sum(length => (long)length);
}
