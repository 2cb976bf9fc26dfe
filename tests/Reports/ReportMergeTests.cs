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
    public void Who_made_whom_wait_adds_up_by_place_and_never_by_thread()
    {
        SourceSite put = new("/src/Queue.cs", 118, "Put");
        SourceSite take = new("/src/Queue.cs", 140, "Take");
        BlameSummary first = new()
        {
            Waits = 2,
            WaitTicks = 10,
            BlamedTicks = 7,
            HandOffTicks = 2,
            UnknownTicks = 1,
            WaitNs = 1000,
            BlamedNs = 700,
            HandOffNs = 200,
            UnknownNs = 100,
            Sites = [new(BlameCause.Hold, put, take, 700, 3), new(BlameCause.HandOff, null, take, 200, 1), new(BlameCause.Unknown, null, take, 100, 1)],
            Threads = [new ThreadBlameRow(4, 8, 700, 3)],
        };
        BlameSummary second = new()
        {
            Waits = 1,
            WaitTicks = 60,
            BlamedTicks = 60,
            WaitNs = 2000,
            BlamedNs = 2000,
            Sites = [new(BlameCause.Hold, take, take, 1500, 1), new(BlameCause.Hold, put, take, 450, 2)],
            OtherSitesNs = 50,
            Threads = [new ThreadBlameRow(8, 4, 2000, 3)],
        };

        BlameSummary both = ReportMerge.Merge([Reports.ByHand with { Blame = first }, Another with { Blame = second }]).Blame;

        Assert.Equal((3, 70, 67, 2, 1), (both.Waits, both.WaitTicks, both.BlamedTicks, both.HandOffTicks, both.UnknownTicks));
        Assert.Equal((3000, 2700, 200, 100), (both.WaitNs, both.BlamedNs, both.HandOffNs, both.UnknownNs));
        Assert.Equal(
            [new(BlameCause.Hold, take, take, 1500, 1), new(BlameCause.Hold, put, take, 1150, 5), new(BlameCause.HandOff, null, take, 200, 1), new(BlameCause.Unknown, null, take, 100, 1)],
            both.Sites);
        Assert.Equal(50, both.OtherSitesNs);
        Assert.Equal((0, 2700), (both.Threads.Count, both.OtherThreadsNs));
        Assert.Empty(both.SlowestWaits);
    }

    [Fact]
    public void The_use_of_a_place_and_what_its_holders_did_add_up_and_a_number_is_no_place()
    {
        SourceSite put = new("/src/Queue.cs", 118, "Put");
        SourceSite number = new("", 0, "site 3");
        LockReport one = Reports.ByHand with
        {
            BySite = [Row(put, 10, 1000), Row(number, 5, 0)],
            HoldBreakdowns = [new HoldBreakdown(put, 1, 100, 60, 20, 10, 5, 5), new HoldBreakdown(number, 1, 10, 10, 0, 0, 0, 0)],
        };
        LockReport merged = ReportMerge.Merge([one, one with { ByThread = [Row(put, 1, 1) with { ThreadId = 4 }] }]);

        Assert.Equal([(put, 20, 2000, 40), (number, 5, 0, 0), (number, 5, 0, 0)], merged.BySite.Select(row => (row.Site!, row.Acquires, row.Wait.TotalNs, row.BlamedNs)));
        Assert.Equal(
            [new HoldBreakdown(put, 2, 200, 120, 40, 20, 10, 10), new HoldBreakdown(number, 1, 10, 10, 0, 0, 0, 0), new HoldBreakdown(number, 1, 10, 10, 0, 0, 0, 0)],
            merged.HoldBreakdowns);
        Assert.Empty(merged.ByThread);

        static UsageRow Row(SourceSite site, long acquires, long wait) =>
            new() { Name = site.Short, Site = site, Acquires = acquires, Wait = new DurationSummary { Count = 1, TotalNs = wait }, BlamedNs = wait / 50 };
    }

    [Fact]
    public void Each_recording_keeps_its_own_numbers()
    {
        Assert.Equal([Reports.ByHand, Another], Both.Recordings);
        using var text = new StringWriter { NewLine = "\n" };
        TextReport.Write(Both, new TextStyle(), text);
        Assert.Matches(@"(?m)^second\.etl +C +1\.00 s +1,010 +400 ", text.ToString());
    }

    [Fact]
    public void A_convoy_says_which_recording_its_times_are_of()
    {
        LockReport one = Reports.ByHand with { Convoys = [new Convoy(2, "DeviceQueue", 5_000, 20, 3_000, 4_000, 1)] };
        using var text = new StringWriter { NewLine = "\n" };
        TextReport.Write(ReportMerge.Merge([one, Another]), new TextStyle(), text);

        Assert.Matches(@"(?m)^DeviceQueue +queue\.etl +5\.00 us +20 +3\.00 us +4\.00 us +1$", text.ToString());
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
