using System.Text;
using CsCheck;
using Tracing.Reports.Data;
using Tracing.Reports.Gate;
using Tracing.Reports.Model;

namespace Tracing.Reports.Tests.Gate;

/// <summary>Reports.ByHand: DeviceQueue waited 1.2 s (p99 9 ms, max 12.3 ms) and was held, Idle was held only; 7 rejections, 1 leak, grade A.</summary>
public sealed class GateEvaluatorTests
{
    private static readonly LockReport Certain = Reports.ByHand with { Trace = Reports.ByHand.Trace with { LeaksAreCertain = true } };

    [Theory]
    [InlineData("p99 wait > 8ms", GateVerdict.Failed)]
    [InlineData("p99 wait > 9ms", GateVerdict.Passed)]
    [InlineData("p99 wait >= 9ms", GateVerdict.Failed)]
    [InlineData("p99 wait(Idle) > 0ns", GateVerdict.Passed)]
    [InlineData("p99 wait(DeviceQueue) > 8ms", GateVerdict.Failed)]
    [InlineData("p99 wait(#2) > 8ms", GateVerdict.Failed)]
    [InlineData("max hold > 3.2ms", GateVerdict.Passed)]
    [InlineData("total wait > 1s", GateVerdict.Failed)]
    [InlineData("acquires < 1010", GateVerdict.Passed)]
    [InlineData("acquires < 1011", GateVerdict.Failed)]
    [InlineData("acquires(Idle) < 100", GateVerdict.Failed)]
    [InlineData("irql-rejections > 0", GateVerdict.Failed)]
    [InlineData("irql-rejections(Idle) > 0", GateVerdict.Passed)]
    [InlineData("leaks > 0", GateVerdict.Failed)]
    [InlineData("leaks > 1", GateVerdict.Passed)]
    [InlineData("deadlocks > 0", GateVerdict.Passed)]
    [InlineData("findings > 0", GateVerdict.Failed)]
    [InlineData("p99 wait(Nobody) > 1s", GateVerdict.Unanswered)]
    public void A_rule_fires_when_what_must_not_be_is(string rule, GateVerdict expected) => Assert.Equal(expected, Judge(rule, Certain).Verdict);

    [Fact]
    public void Without_a_name_a_rule_on_times_holds_each_class_of_mutexes_against_the_limit()
    {
        GateResult result = Judge("p99 hold > 500ns", Certain);

        Assert.Equal(["DeviceQueue", "Idle"], result.Violations.Select(violation => violation.Subject));
        Assert.Equal("DeviceQueue: p99 hold is 3.00 ms; Idle: p99 hold is 900 ns", result.Sentence);
        Assert.Equal(new SourceSite("C:/src/Queue.cs", 118, "Open"), result.Violations[0].Site);
    }

    [Theory]
    [InlineData("p99 wait > 8ms", GateVerdict.Failed)]
    [InlineData("p99 wait > 10ms", GateVerdict.Unanswered)]
    [InlineData("irql-rejections > 9", GateVerdict.Unanswered)]
    [InlineData("acquires < 5", GateVerdict.Passed)]
    [InlineData("mean wait(DeviceQueue) < 1ns", GateVerdict.Unanswered)]
    public void Where_events_are_missing_only_what_fires_or_cannot_fire_any_more_is_answered(string rule, GateVerdict expected) =>
        Assert.Equal(expected, Judge(rule, Graded(TrustGrade.C)).Verdict);

    [Theory]
    [InlineData(true, TrustGrade.A, GateVerdict.Failed)]
    [InlineData(false, TrustGrade.C, GateVerdict.Unanswered)]
    public void What_missing_events_can_feign_fires_nothing(bool isCertain, TrustGrade grade, GateVerdict expected)
    {
        LockReport report = Graded(grade) with
        {
            Deadlocks = [new Deadlock([], DeadlockEnd.TimedOut, 1, 1, 1) { IsCertain = isCertain }],
            PossibleDeadlocks = [new PossibleDeadlock([], null, SameMutexes: true) { IsCertain = isCertain }],
            LiveMutexes = [.. Certain.LiveMutexes.Select(mutex => mutex with { Class = LiveClass.Idle })],
        };

        Assert.Equal(expected, Judge("deadlocks > 0", report).Verdict);
        Assert.Equal(expected, Judge("possible-deadlocks > 0", report).Verdict);
        Assert.Equal(expected, Judge("live > 0", report).Verdict);
    }

    [Fact]
    public void A_recording_that_contradicts_itself_passes_nothing() => Reports.Any.Sample(report =>
        Assert.All(
            GateEvaluator.Evaluate(GateParser.Parse(string.Join(';', GateMeasure.All.Select(Rule)), []), report with { Trace = report.Trace with { Grade = TrustGrade.D } }, null),
            result => Assert.NotEqual(GateVerdict.Passed, result.Verdict)));

    [Fact]
    public void A_light_recording_answers_for_waits_and_not_for_percentiles_of_holds_or_orders()
    {
        LockReport light = Certain with
        {
            Trace = Certain.Trace with { LockEventsRecorded = false, Grade = TrustGrade.B },
            Mutexes = [.. Certain.Mutexes.Select(mutex => mutex with { CountedFrom = CountSource.Counters, Hold = mutex.Hold with { Sampled = 0 } })],
        };

        Assert.Equal(GateVerdict.Passed, Judge("p99 wait > 1s", light).Verdict);
        Assert.Equal(GateVerdict.Passed, Judge("total hold > 10s", light).Verdict);
        Assert.Equal(GateVerdict.Unanswered, Judge("p99 hold > 1s", light).Verdict);
        Assert.Equal(GateVerdict.Unanswered, Judge("possible-deadlocks > 0", light).Verdict);

        LockReport withoutCounters = light with { Mutexes = [.. light.Mutexes.Select(mutex => mutex with { CountedFrom = CountSource.ContendedEvents })] };
        Assert.Equal(GateVerdict.Unanswered, Judge("acquires > 1000000", withoutCounters).Verdict);
        Assert.Equal(GateVerdict.Unanswered, Judge("total hold > 10s", withoutCounters).Verdict);
    }

    [Fact]
    public void Leaks_are_certain_only_with_the_unload()
    {
        LockReport alive = Reports.ByHand with { LiveMutexes = [] };

        Assert.Equal(GateVerdict.Unanswered, Judge("leaks > 0", alive).Verdict);
        Assert.Equal(GateVerdict.Passed, Judge("leaks > 0", alive with { Trace = Certain.Trace }).Verdict);
    }

    [Fact]
    public void A_cut_interval_counts_with_what_is_certain_of_it()
    {
        LockReport stuck = Certain with
        {
            Mutexes = [Certain.Mutexes[0] with { Hold = new DurationSummary { Censored = new CensoredSummary(1, 5_000_000_000, 5_000_000_000) } }],
        };

        Assert.Equal(GateVerdict.Failed, Judge("max hold > 4s", stuck).Verdict);
        Assert.Equal(GateVerdict.Failed, Judge("total hold > 4s", stuck).Verdict);
    }

    [Fact]
    public void A_finding_is_new_when_the_baseline_has_none_of_its_kind_about_its_subject()
    {
        LockReport before = Certain with { Findings = [new Finding(FindingSeverity.Error, "misuse", "It was misused 3 times.") { Subject = "Queue" }] };
        var baseline = Baseline.Read(Encoding.UTF8.GetBytes(JsonReport.ToText(before)));

        Assert.Equal(GateVerdict.Passed, Judge("new misuses", Found("misuse", "Queue"), baseline).Verdict);
        Assert.Equal(GateVerdict.Failed, Judge("new misuses", Found("misuse", "Pump"), baseline).Verdict);
        Assert.Equal(GateVerdict.Passed, Judge("new misuses", Found("convoy", "Pump"), baseline).Verdict);
        Assert.Equal(GateVerdict.Failed, Judge("new findings", Found("convoy", "Pump"), baseline).Verdict);
    }

    [Theory]
    [InlineData("", "report written by")]
    [InlineData("[]", "without schemaVersion")]
    [InlineData("""{"schemaVersion":1}""", "without schemaVersion and findings")]
    [InlineData("""{"schemaVersion":99,"findings":[]}""", "found 99")]
    [InlineData("""{"schemaVersion":1,"findings":[{"kind":"leak"}]}""", "report written by")]
    [InlineData("""{"schemaVersion":1,"findings":[5]}""", "report written by")]
    public void Something_else_than_a_report_is_no_baseline(string json, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => Baseline.Read(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    private static string Rule(GateMeasure measure) => $"{measure.Name} > {(measure.Unit == GateUnit.Duration ? "1s" : "5")}";

    private static LockReport Graded(TrustGrade grade) =>
        Certain with { Trace = Certain.Trace with { Grade = grade, GradeReasons = ["The session lost 5 events and 0 buffers."] } };

    private static LockReport Found(string kind, string subject) =>
        Certain with { Findings = [new Finding(FindingSeverity.Error, kind, "It happened again, 99 times.") { Subject = subject }] };

    private static GateResult Judge(string rule, LockReport report, Baseline? baseline = null) =>
        Assert.Single(GateEvaluator.Evaluate(GateParser.Parse(rule, ["misuse", "convoy"]), report, baseline));
}
