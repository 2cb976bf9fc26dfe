using CsCheck;
using Tracing.Analysis.Reading;
using Tracing.Analyzer.Tests.Files;
using Tracing.Analyzer.Tests.Naive;
using Tracing.Etl;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>A part of a recording is reported as if the session had begun and ended there. Times here are ticks of 100 ns since the start.</summary>
public sealed class WindowTests
{
    private const long T = TraceBuilder.StartTicks;
    private const long NsPerTick = 100;

    private static readonly Gen<(int Thread, ulong Mutex, int Gap)[]> Plans =
        Gen.Select(Gen.Int[1, 4], Gen.ULong[1, 3], Gen.Int[1, 60]).Array[1, 60];

    [Fact]
    public void A_hold_over_the_begin_counts_from_there_and_one_over_the_end_up_to_there()
    {
        MutexRow mutex = Assert.Single(Read(TwoHolds(), 150, 350).Mutexes);

        Assert.Equal(("Queue", 1, 0), (mutex.Label, mutex.Acquires, mutex.Hold.Count));
        Assert.Equal(new CensoredSummary(2, (50 + 50) * NsPerTick, 50 * NsPerTick), mutex.Hold.Censored);
        Assert.Equal(0, mutex.SequenceGaps);
    }

    [Fact]
    public void A_hold_over_both_ends_is_there_though_it_has_no_event_within()
    {
        MutexRow mutex = Assert.Single(Read(TwoHolds().Add(77, T + 180, 1, payload => payload.U8(0), provider: Guid.NewGuid()), 120, 180).Mutexes);

        Assert.Equal(new CensoredSummary(1, 60 * NsPerTick, 60 * NsPerTick), mutex.Hold.Censored);
    }

    [Fact]
    public void A_wait_that_was_going_on_at_the_begin_is_cut_there()
    {
        TraceBuilder trace = TwoHolds()
            .Blocked(T + 110, 12, mutex: 1, requestedAt: T + 110)
            .Acquired(T + 205, 12, mutex: 1, sequence: 2, acquiredAt: T + 203, requestedAt: T + 110);

        Assert.Equal(new CensoredSummary(1, 53 * NsPerTick, 53 * NsPerTick), Read(trace, 150, null).Mutexes[0].Wait.Censored);
        Assert.Equal(new CensoredSummary(1, 40 * NsPerTick, 40 * NsPerTick), Read(trace, 0, 150).Mutexes[0].Wait.Censored);
        Assert.Equal(new CensoredSummary(1, 30 * NsPerTick, 30 * NsPerTick), Read(trace, 120, 150).Mutexes[0].Wait.Censored);
    }

    [Fact]
    public void What_was_freed_before_is_not_there_and_what_lives_on_keeps_its_name_and_is_born_before()
    {
        LockReport report = Read(
            new TraceBuilder().Allocated(T + 10, mutex: 1, label: "Gone").Freed(T + 20, 1, 0, 0, 0, 0, 0, 0, 0, 0).Allocated(T + 30, mutex: 2, label: "Here")
                .Acquired(T + 200, 11, mutex: 2, sequence: 1, acquiredAt: T + 200).Released(T + 210, 11, mutex: 2, sequence: 1, acquiredAt: T + 200, releasedAt: T + 210),
            100, null);

        Assert.Equal(["Here"], report.Mutexes.Select(mutex => mutex.Label));
        Assert.True(report.Mutexes[0].Live);
    }

    /// <summary>That the keyword Lock was on is seen only by a release after the part.</summary>
    [Fact]
    public void A_part_in_which_every_acquire_was_contended_is_not_taken_for_a_light_recording()
    {
        TraceBuilder trace = new TraceBuilder()
            .Allocated(T + 10, mutex: 1, label: "Queue")
            .Blocked(T + 20, 11, mutex: 1, requestedAt: T + 20)
            .Acquired(T + 55, 11, mutex: 1, sequence: 1, acquiredAt: T + 55, requestedAt: T + 20)
            .Released(T + 99, 11, mutex: 1, sequence: 1, acquiredAt: T + 55, releasedAt: T + 99);

        LockReport first = Read(trace, 0, 95);
        LockReport second = Read(trace, 95, null);

        Assert.True(first.Trace.LockEventsRecorded);
        Assert.Equal(new CensoredSummary(1, 40 * NsPerTick, 40 * NsPerTick), first.Mutexes[0].Hold.Censored);
        Assert.Equal(new CensoredSummary(1, 4 * NsPerTick, 4 * NsPerTick), second.Mutexes[0].Hold.Censored);
        Assert.Empty(second.Oddities);
    }

    [Fact]
    public void A_part_of_a_light_recording_is_light()
    {
        LockReport report = Read(
            new TraceBuilder().Blocked(T + 20, 11, mutex: 1, requestedAt: T + 20)
                .Acquired(T + 55, 11, mutex: 1, sequence: 4, acquiredAt: T + 55, requestedAt: T + 20)
                .Acquired(T + 155, 12, mutex: 1, sequence: 9, acquiredAt: T + 155, requestedAt: T + 120),
            0, 95);

        Assert.False(report.Trace.LockEventsRecorded);
        Assert.Equal(CensoredSummary.None, report.Mutexes[0].Hold.Censored);
    }

    [Fact]
    public void Who_began_to_wait_before_a_part_is_in_a_deadlock_with_whom_it_saw()
    {
        LockReport report = Read(
            new TraceBuilder().Blocked(T + 20, 11, mutex: 1, requestedAt: T + 20, owner: 12, ownerSequence: 4)
                .Blocked(T + 120, 12, mutex: 2, requestedAt: T + 120, owner: 11, ownerSequence: 7)
                .Failed(T + 150, 11, mutex: 1, requestedAt: T + 20, failedAt: T + 150),
            95, 1000);

        Assert.Equal([11, 12], Assert.Single(report.Deadlocks).Waits.Select(wait => wait.ThreadId));
    }

    /// <summary>Two holds of one thread, which waits in the first and is preempted in the second. States: 1 ready, 5 waiting.</summary>
    [Theory]
    [InlineData(0, 100, new long[0])]
    [InlineData(0, 135, new long[] { 100, 50, 0, 50 })]
    [InlineData(0, 181, new long[] { 150, 70, 30, 50 })]
    [InlineData(125, 1000, new long[] { 50, 20, 30, 0 })]
    [InlineData(135, 1000, new long[0])]
    public void What_holders_did_counts_for_holds_that_lie_within(long since, long until, long[] expected)
    {
        TraceBuilder trace = new TraceBuilder().Started(T + 10)
            .Record(T + 15, KernelRecords.Switch(T + 15, to: 11, from: 0, oldState: 2))
            .Acquired(T + 20, 11, mutex: 1, sequence: 1, acquiredAt: T + 20)
            .Record(T + 40, KernelRecords.Switch(T + 40, to: 0, from: 11, oldState: 5))
            .Record(T + 90, KernelRecords.Switch(T + 90, to: 11, from: 0, oldState: 2))
            .Released(T + 120, 11, mutex: 1, sequence: 1, acquiredAt: T + 20, releasedAt: T + 120)
            .Acquired(T + 130, 11, mutex: 1, sequence: 2, acquiredAt: T + 130)
            .Record(T + 140, KernelRecords.Switch(T + 140, to: 0, from: 11, oldState: 1))
            .Record(T + 170, KernelRecords.Switch(T + 170, to: 11, from: 0, oldState: 2))
            .Released(T + 180, 11, mutex: 1, sequence: 2, acquiredAt: T + 130, releasedAt: T + 180)
            .Record(T + 190, KernelRecords.Switch(T + 190, to: 0, from: 11, oldState: 5));

        Assert.Equal(
            expected.Select(ticks => ticks * NsPerTick),
            Read(trace, since, until).HoldBreakdowns.SelectMany(row => (long[])[row.HoldNs, row.RunningNs, row.ReadyNs, row.WaitingNs]));
    }

    [Fact]
    public void The_report_says_which_part_it_is_of()
    {
        LockReport report = Read(TwoHolds(), 150, 350);

        Assert.Equal((150 * NsPerTick, 350 * NsPerTick, 200 * NsPerTick), (report.Trace.SinceNs, report.Trace.UntilNs, report.Trace.DurationNs));
        Assert.Contains(report.Trace.GradeReasons, reason => reason.StartsWith("Only the time from 15.0 us to 35.0 us was looked at", StringComparison.Ordinal));
    }

    [Fact]
    public void Cut_in_two_a_recording_loses_nothing_and_only_what_is_cut_is_told_apart() => Gen.Select(Plans, Gen.Int[8, 2000]).Sample((plan, at) =>
    {
        TraceBuilder trace = Record(plan);
        LockReport whole = Read(trace, 0, null);
        LockReport first = Read(trace, 0, at);
        LockReport second = Read(trace, at, null);

        foreach (MutexRow mutex in whole.Mutexes)
        {
            MutexRow?[] parts = [first.Mutexes.SingleOrDefault(row => row.Id == mutex.Id), second.Mutexes.SingleOrDefault(row => row.Id == mutex.Id)];
            Assert.Equal(mutex.Acquires, parts.Sum(part => part?.Acquires ?? 0));
            Assert.Equal(mutex.Contended, parts.Sum(part => part?.Contended ?? 0));
            Assert.Equal(Certain(mutex.Hold), parts.Sum(part => part is null ? 0 : Certain(part.Hold)));
            Assert.Equal(Certain(mutex.Wait), parts.Sum(part => part is null ? 0 : Certain(part.Wait)));
            Assert.Equal(0, parts.Sum(part => part?.SequenceGaps + part?.Hold.Unknown + part?.Wait.Unknown ?? 0));
        }

        Assert.All(first.Trace.Identities.Concat(second.Trace.Identities), check => Assert.NotEqual(IdentityResult.Violated, check.Result));
        Assert.Empty(first.Oddities.Concat(second.Oddities));
    });

    /// <summary>What the cut goes through is told apart, and is in no total; nothing else changes, and nobody is blamed for more.</summary>
    [Fact]
    public void Cut_in_two_and_merged_a_recording_differs_only_by_what_is_cut() => Gen.Select(RandomRecording.Cases, Gen.Int[1, 99]).Sample((test, percent) =>
    {
        List<LockEvent> events = (test with { DropPercent = 0, CutPercent = 100 }).Recorded(T);
        if (events.Count == 0)
        {
            return;
        }

        long at = (events[^1].Time - T) * percent / 100;
        TraceBuilder trace = RandomRecording.Write(events);
        LockReport whole = Read(trace, 0, null);
        LockReport merged = ReportMerge.Merge([Read(trace, 0, at), Read(trace, at, null)]);

        Assert.Equal(Counts(whole), Counts(merged));
        BlameSummary blame = merged.Blame;
        Assert.Equal(blame.WaitTicks, blame.BlamedTicks + blame.HandOffTicks + blame.UnknownTicks);
        Assert.Equal(blame.WaitNs, blame.Sites.Sum(row => row.Ns) + blame.OtherSitesNs);
        Assert.Equal(blame.BlamedNs, blame.Threads.Sum(row => row.Ns) + blame.OtherThreadsNs);
        Assert.InRange(blame.WaitTicks, 0, whole.Blame.WaitTicks);
        Assert.InRange(merged.AllHolds.TotalNs, 0, whole.AllHolds.TotalNs);
        Dictionary<(BlameCause, SourceSite?, SourceSite?), long> pairs = whole.Blame.Sites.ToDictionary(row => (row.Cause, row.HolderSite, row.WaiterSite), row => row.Ns);
        foreach (var pair in blame.Sites.Where(row => row.Cause != BlameCause.Unknown).GroupBy(row => (row.Cause, row.HolderSite, row.WaiterSite)))
        {
            Assert.InRange(pair.Sum(row => row.Ns), 0, pairs.GetValueOrDefault(pair.Key));
        }
    });

    private static IEnumerable<(string, long, long, long)> Counts(LockReport report) => report.BySite.GroupBy(row => row.Name)
        .Select(same => (same.Key, same.Sum(row => row.Acquires), same.Sum(row => row.Contended), same.Sum(row => row.Failed))).Where(row => row.Item2 + row.Item4 > 0).Order();

    private static long Certain(DurationSummary times) => times.TotalNs + times.Censored.AtLeastTotalNs;

    private static TraceBuilder TwoHolds() => new TraceBuilder()
        .Allocated(T + 10, mutex: 1, label: "Queue")
        .Acquired(T + 100, 11, mutex: 1, sequence: 1, acquiredAt: T + 100)
        .Released(T + 200, 11, mutex: 1, sequence: 1, acquiredAt: T + 100, releasedAt: T + 200)
        .Acquired(T + 300, 12, mutex: 1, sequence: 2, acquiredAt: T + 300)
        .Released(T + 400, 12, mutex: 1, sequence: 2, acquiredAt: T + 300, releasedAt: T + 400);

    /// <summary>Holds one after the other, some of them waited for.</summary>
    private static TraceBuilder Record((int Thread, ulong Mutex, int Gap)[] plan)
    {
        var trace = new TraceBuilder();
        for (ulong mutex = 1; mutex <= 3; mutex++)
        {
            trace.Allocated(T + (long)mutex, mutex, $"M{mutex}");
        }

        long at = T + 10;
        var sequences = new Dictionary<ulong, ulong>();
        foreach ((int thread, ulong mutex, int gap) in plan)
        {
            ulong sequence = sequences[mutex] = sequences.GetValueOrDefault(mutex) + 1;
            long requested = at + 1;
            at += 1 + gap;
            if (gap % 2 == 0)
            {
                trace.Blocked(requested, thread, mutex, (ulong)requested);
            }

            trace.Acquired(at, thread, mutex, sequence, (ulong)at, gap % 2 == 0 ? (ulong)requested : null);
            trace.Released(at + gap, thread, mutex, sequence, (ulong)at, (ulong)(at + gap));
            at += gap;
        }

        return trace.Add(77, at + 1, 1, payload => payload.U8(0), provider: new Guid("11111111-2222-3333-4444-555555555555"));
    }

    private static LockReport Read(TraceBuilder trace, long since, long? until)
    {
        using EtlFile file = EtlFile.Open(trace.Build(), "t.etl");
        return TraceReader.Read(
            file, new ReadingOptions { Window = new TimeWindow(since * NsPerTick, until * NsPerTick) }, null, TestContext.Current.CancellationToken);
    }
}
