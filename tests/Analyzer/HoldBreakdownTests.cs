using Tracing.Analyzer.Tests.Files;
using Tracing.Analyzer.Tests.Scripting;
using Tracing.Etl;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>What a thread did while it held a mutex, by the kernel's scheduling events. States: 1 ready, 5 waiting.</summary>
public sealed class HoldBreakdownTests
{
    private const string Begin = """
        t=1050 T1 runs
        t=1100 T1 acquire m1 seq=1
        """;

    [Fact]
    public void A_hold_without_a_switch_ran() => Expect(new(null, 1, 100, 100, 0, 0, 0, 0), "t=1200 T1 release m1 seq=1 acq=1100");

    [Fact]
    public void A_preempted_thread_is_ready() => Expect(new(null, 1, 100, 70, 30, 0, 0, 0), """
        t=1120 T2 runs from=1 state=1
        t=1150 T1 runs from=2 state=5
        t=1200 T1 release m1 seq=1 acq=1100
        """);

    [Fact]
    public void A_thread_waits_until_it_is_made_ready() => Expect(new(null, 1, 100, 30, 10, 60, 0, 0), """
        t=1120 T0 runs from=1 state=5
        t=1180 T1 ready
        t=1190 T1 runs
        t=1200 T1 release m1 seq=1 acq=1100
        """);

    [Fact]
    public void Interrupts_take_time_from_the_thread_on_their_processor_and_nested_ones_take_it_once() => Expect(new(null, 1, 100, 60, 0, 0, 40, 0), """
        t=1140 T0 interrupt since=1130
        t=1150 T0 interrupt since=1110
        t=1170 T0 interrupt since=1160 cpu=1
        t=1200 T1 release m1 seq=1 acq=1100
        """);

    [Fact]
    public void What_an_interrupt_took_before_the_hold_is_not_of_it() => Assert.Equal([new(null, 1, 100, 70, 0, 0, 30, 0)], Script.Run("""
        t=1050 T1 runs
        t=1130 T0 interrupt since=1060
        t=1140 T1 acquire m1 seq=1 at=1100
        t=1200 T1 release m1 seq=1 acq=1100
        """).HoldBreakdowns);

    [Fact]
    public void What_comes_between_the_release_and_its_event_is_not_of_the_hold() => Expect(new(null, 1, 100, 100, 0, 0, 0, 0), """
        t=1200 T2 runs from=1 state=1
        t=1300 T1 runs from=2 state=5
        t=1310 T1 release m1 seq=1 acq=1100 at=1200
        """);

    [Fact]
    public void Before_the_first_word_of_a_thread_nothing_is_known() => Assert.Equal([new(null, 1, 100, 10, 20, 0, 0, 70)], Script.Run("""
        t=1100 T1 acquire m1 seq=1
        t=1170 T2 runs from=1 state=1
        t=1190 T1 runs from=2 state=5
        t=1200 T1 release m1 seq=1 acq=1100
        """).HoldBreakdowns);

    [Fact]
    public void Two_switches_that_contradict_each_other_leave_the_time_between_unknown() => Expect(new(null, 1, 100, 50, 0, 0, 0, 50), """
        t=1120 T0 runs from=1 state=5
        t=1170 T0 runs from=1 state=5 cpu=1
        t=1170 T1 runs cpu=0
        t=1200 T1 release m1 seq=1 acq=1100
        """);

    [Fact]
    public void A_hold_longer_than_what_is_kept_of_a_thread_is_divided_all_the_same()
    {
        IEnumerable<string> switches = Enumerable.Range(0, 1000).SelectMany(i => (string[])[$"t={1110 + (10 * i)} T2 runs from=1 state=1", $"t={1114 + (10 * i)} T1 runs from=2 state=5"]);
        Expect(new(null, 1, 10_010, 6_010, 4_000, 0, 0, 0), $"{string.Join('\n', switches)}\nt=11110 T1 release m1 seq=1 acq=1100");
    }

    [Fact]
    public void Sites_are_told_apart_and_their_parts_are_checked()
    {
        LockReport report = Script.Run($"""
            t=1002 T1 site id=4 line=40 file=Job.cs member=Work
            {Begin}
            t=1200 T1 release m1 seq=1 acq=1100
            t=1210 T1 acquire m1 seq=2 site=4
            t=1260 T1 release m1 seq=2 acq=1210 site=4
            """);
        Assert.Equal([(null, 100L), (new SourceSite("Job.cs", 40, "Work"), 50L)], report.HoldBreakdowns.Select(row => (row.Site, row.RunningNs)));
        IdentityCheck check = Assert.Single(report.Trace.Identities, check => check.Name == "hold-parts-add-up");
        Assert.Equal((IdentityResult.Holds, 2L), (check.Result, check.Checked));
    }

    [Theory]
    [InlineData("")]
    [InlineData("t=1110 T1 ready")]
    [InlineData("t=1120 T0 interrupt since=1110")]
    public void A_recording_without_switches_shows_nothing(string other) =>
        Assert.Empty(Script.Run($"t=1100 T1 acquire m1 seq=1\n{other}\nt=1200 T1 release m1 seq=1 acq=1100").HoldBreakdowns);

    [Fact]
    public void The_events_of_a_file_go_over_to_the_analysis()
    {
        const long T = TraceBuilder.StartTicks;
        byte[] trace = new TraceBuilder().Started(T + 10)
            .Record(T + 15, KernelRecords.Switch(T + 15, to: 11, from: 0, oldState: 2))
            .Acquired(T + 20, 11, mutex: 1, sequence: 1, acquiredAt: (ulong)T + 20)
            .Record(T + 30, KernelRecords.DeferredCall(T + 30, since: T + 26))
            .Record(T + 40, KernelRecords.Switch(T + 40, to: 0, from: 11, oldState: 5))
            .Record(T + 70, KernelRecords.Ready(T + 70, 11))
            .Record(T + 90, KernelRecords.Switch(T + 90, to: 11, from: 0, oldState: 2))
            .Released(T + 120, 11, mutex: 1, sequence: 1, acquiredAt: (ulong)T + 20, releasedAt: (ulong)T + 120)
            .Build();
        using EtlFile file = EtlFile.Open(trace, "test.etl");

        Assert.Equal(
            [new(null, 1, HoldNs: 10_000, RunningNs: 4_600, ReadyNs: 2_000, WaitingNs: 3_000, InterruptedNs: 400, UnknownNs: 0)],
            Tracing.Analysis.Reading.TraceReader.Read(file, TestContext.Current.CancellationToken).HoldBreakdowns);
    }

    private static void Expect(HoldBreakdown expected, string rest) => Assert.Equal([expected], Script.Run($"{Begin}\n{rest}").HoldBreakdowns);
}
