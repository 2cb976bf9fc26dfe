using Tracing.Analysis;
using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>The grade and the identities that a report begins with.</summary>
public sealed class TrustTests
{
    private const string Whole = """
        t=1005 T1 rundown id=1
        t=1006 T1 rundown-end id=1 written=0
        t=1010 T1 alloc m1 label=Queue
        t=1100 T1 acquire m1 seq=1
        t=1150 T2 block m1 req=1150
        t=1202 T1 release m1 seq=1 acq=1100 at=1200 contended
        t=1205 T2 acquire m1 seq=2 req=1150 at=1201 waited
        t=1300 T2 release m1 seq=2 acq=1201
        t=1400 T1 free m1 acquires=2 contended=1 waitTotal=51 waitMax=51 holds=2 holdTotal=199 holdMax=100
        """;

    [Fact]
    public void A_whole_recording_gets_an_A_and_all_its_identities_hold()
    {
        LockReport report = Script.Run(Whole);

        Assert.Equal(TrustGrade.A, report.Trace.Grade);
        Assert.Empty(report.Trace.GradeReasons);
        Assert.Empty(report.Oddities);
        Assert.Equal(
            ["acquires-add-up", "waits-add-up", "blame-adds-up", "holds-add-up", "holds-exclude", "sequences-complete", "counters-agree"],
            report.Trace.Identities.Where(check => check.Result == IdentityResult.Holds).Select(check => check.Name));
    }

    [Theory]
    [InlineData("acquires=2", "acquires=1")]
    [InlineData("contended=1", "contended=2")]
    [InlineData("waitTotal=51", "waitTotal=52")]
    [InlineData("waitMax=51", "waitMax=50")]
    [InlineData("holdTotal=199", "holdTotal=198")]
    [InlineData("holdMax=100", "holdMax=101")]
    public void Counters_that_differ_from_the_events_violate_an_identity(string right, string wrong)
    {
        LockReport report = Script.Run(Whole.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Equal(IdentityResult.Violated, report.Trace.Identities.Single(check => check.Name == "counters-agree").Result);
        Assert.Equal(TrustGrade.D, report.Trace.Grade);
    }

    [Fact]
    public void Counters_are_not_held_against_a_recording_with_losses()
    {
        LockReport report = Script.Run(Whole, Script.Lossy);

        Assert.Equal(IdentityResult.NotChecked, report.Trace.Identities.Single(check => check.Name == "counters-agree").Result);
        Assert.Equal(TrustGrade.C, report.Trace.Grade);
        Assert.Equal("The session lost 1 events and 0 buffers.", report.Trace.GradeReasons[0]);
    }

    [Fact]
    public void Each_kind_of_loss_lowers_the_grade_to_C()
    {
        RecordingFacts[] facts =
        [
            Script.Complete with { EventsLost = 1 },
            Script.Complete with { BuffersLost = 1 },
            Script.Complete with { Damaged = true },
            Script.Complete with { BuffersMissing = true },
            Script.Complete with { EndUtc = null },
        ];

        Assert.All(facts, fact => Assert.Equal(TrustGrade.C, Script.Run(Whole, fact).Trace.Grade));
    }

    [Fact]
    public void Without_a_rundown_the_grade_is_B()
    {
        LockReport report = Script.Run(Whole.Replace("t=1005 T1 rundown id=1\n", "", StringComparison.Ordinal)
            .Replace("t=1006 T1 rundown-end id=1 written=0\n", "", StringComparison.Ordinal));

        Assert.Equal(TrustGrade.B, report.Trace.Grade);
        Assert.Equal(RundownState.Absent, report.Trace.Rundown);
    }

    [Fact]
    public void A_recording_without_the_driver_gets_a_D()
    {
        LockReport report = Script.Run("t=1100 T1 other");

        Assert.Equal(TrustGrade.D, report.Trace.Grade);
        Assert.Empty(report.Mutexes);
    }

    [Fact]
    public void The_verdict_names_the_mutex_waited_for_most_with_its_share()
    {
        LockReport report = Script.Run("""
            t=2000 T1 acquire m1 seq=1
            t=5000 T2 acquire m1 seq=2 req=2000 waited
            t=6000 T3 acquire m2 seq=1 req=5000 waited
            """);

        Finding finding = report.Findings[0];
        Assert.Equal("contention", finding.Kind);
        Assert.Equal("#1 was waited for 60 % of the time, 3.00 us in total, 75 % of all waiting. 1 acquire of 2 had to wait, 3.00 us on average and 3.00 us at worst.", finding.Sentence);
    }
}
