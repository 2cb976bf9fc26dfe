using CsCheck;
using Tracing.Reports.Data;
using Tracing.Reports.Model;
using Tracing.Reports.Text;

namespace Tracing.Reports.Tests;

public sealed class ReportMergeTests
{
    private static readonly LockReport Another = Reports.ByHand with
    {
        Trace = Reports.ByHand.Trace with { Files = ["traces/second.etl"], Grade = TrustGrade.C, GradeReasons = ["The session lost 3 events."], DurationNs = 1_000_000_000, Rundown = RundownState.Absent },
        Mutexes = [.. Reports.ByHand.Mutexes.Select(mutex => mutex with { Id = mutex.Id + 100, Address = 1 })],
        Findings = [new Finding(FindingSeverity.Error, "leak", "2 mutexes leaked.") { Subject = "Pump" }, Reports.ByHand.Findings[0]],
    };

    private static LockReport Both => ReportMerge.Merge([Reports.ByHand, Another]);

    [Fact]
    public void Mutexes_of_one_label_and_site_are_one_class_whatever_their_ids_and_addresses()
    {
        MutexGroup[] classes = [.. MutexGroup.Group(Both.Mutexes, GroupBy.Class)];

        Assert.Equal(["DeviceQueue", "Idle"], classes.Select(group => group.Name));
        Assert.Equal((2, 2000, 800, 2_400_000_000), (classes[0].Mutexes.Count, classes[0].Acquires, classes[0].Contended, classes[0].Wait.TotalNs));
    }

    [Fact]
    public void Another_build_is_another_class()
    {
        LockReport rebuilt = Another with { Mutexes = [.. Another.Mutexes.Select(mutex => mutex with { Build = "0123456789abcdef0123456789abcdef" })] };

        Assert.Equal(
            ["DeviceQueue", "DeviceQueue [01234567]"],
            MutexGroup.Group(ReportMerge.Merge([Reports.ByHand, rebuilt]).Mutexes, GroupBy.Class).Select(group => group.Name).Where(name => name.StartsWith('D')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_trust_is_that_of_the_worst_and_says_of_which()
    {
        TraceSummary trace = Both.Trace;

        Assert.Equal((TrustGrade.C, RundownState.Absent, 3_000_000_000), (trace.Grade, trace.Rundown, trace.DurationNs));
        Assert.Equal(["second.etl: The session lost 3 events."], trace.GradeReasons);
    }

    [Fact]
    public void A_finding_of_several_recordings_is_one() => Assert.Equal(
        ["2 mutexes leaked (in second.etl).", "DeviceQueue was waited for 1.20 s in total (in queue.etl, and in 1 more)."], Both.Findings.Select(finding => finding.Sentence));

    [Fact]
    public void Each_recording_keeps_its_own_numbers()
    {
        Assert.Equal([Reports.ByHand, Another], Both.Recordings);
        using var text = new StringWriter { NewLine = "\n" };
        TextReport.Write(Both, new TextStyle(), text);
        Assert.Matches(@"(?m)^second\.etl +C +1\.00 s +1,010 +400 ", text.ToString());
    }

    [Fact]
    public void Counts_and_totals_add_up_and_the_order_of_recordings_does_not_matter() => Reports.Any.Array[1, 4].Sample(reports =>
    {
        LockReport merged = ReportMerge.Merge(reports);

        Assert.Equal(reports.Sum(report => report.Mutexes.Count), merged.Mutexes.Count);
        Assert.Equal(
            Int128.Min(long.MaxValue, reports.Aggregate(Int128.Zero, (sum, report) => sum + report.Trace.EventsRead)), merged.Trace.EventsRead);
        Assert.Equal(
            MutexGroup.Group(merged.Mutexes, GroupBy.Label).Select(group => (group.Name, group.Wait.TotalNs, group.Hold.Count)).Order(),
            MutexGroup.Group(ReportMerge.Merge([.. reports.Reverse()]).Mutexes, GroupBy.Label).Select(group => (group.Name, group.Wait.TotalNs, group.Hold.Count)).Order());
        Assert.NotEmpty(JsonReport.ToText(merged));
    });
}
