using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>Live = allocated, or reported by a rundown, and not freed; leaked for certain = live when the driver unloaded.</summary>
public sealed class LifetimeTests
{
    [Fact]
    public void A_mutex_not_freed_is_live_with_label_site_bytes_and_age()
    {
        LockReport report = Script.Run("""
            t=1005 T1 site id=3 line=118 file=C:\src\Queue.cs member=Open
            t=1100 T1 alloc m1 label=DeviceQueue site=3 bytes=96
            t=1110 T1 alloc m2 label=Gone
            t=1120 T1 free m2
            t=1900 T9 other
            """);

        LiveMutexRow live = Assert.Single(report.LiveMutexes);
        Assert.Equal("DeviceQueue", live.Label);
        Assert.Equal(new SourceSite(@"C:\src\Queue.cs", 118, "Open"), live.Site);
        Assert.Equal("Queue.cs:118", live.Site!.Short);
        Assert.Equal(96, live.Bytes);
        Assert.Equal(800, live.AgeNs);
        Assert.True(live.BornInTrace);
        Assert.Equal(LiveClass.Idle, live.Class);
        Assert.Equal([true, false], report.Mutexes.Select(mutex => mutex.Live));
    }

    [Fact]
    public void What_lives_at_unload_has_leaked_and_its_age_ends_there()
    {
        LockReport report = Script.Run("""
            t=1100 T1 alloc m1
            t=1400 T1 stopped live=1
            t=9000 T9 other
            """);

        LiveMutexRow live = Assert.Single(report.LiveMutexes);
        Assert.Equal(LiveClass.Leaked, live.Class);
        Assert.Equal(300, live.AgeNs);
        Assert.Equal(FindingSeverity.Error, Assert.Single(report.Findings).Severity);
        Assert.Equal(RundownState.NotNeeded, report.Trace.Rundown);
        Assert.Equal(TrustGrade.A, Script.Run("""
            t=1100 T1 alloc m1
            t=1110 T1 acquire m1 seq=1
            t=1120 T1 release m1 seq=1 acq=1110
            t=1400 T1 stopped live=1
            """).Trace.Grade);
    }

    /// <summary>The free of one may be missing, and the driver knows better how many there are.</summary>
    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(1, 2, LiveClass.Doubtful)]
    [InlineData(2, 2, LiveClass.Leaked)]
    [InlineData(3, 2, LiveClass.Doubtful)]
    public void Where_events_are_missing_only_the_driver_knows_what_leaked(int counted, int rows, LiveClass? found)
    {
        LockReport report = Script.Run($"""
            t=1100 T1 alloc m1
            t=1200 T1 alloc m2
            t=1400 T1 stopped live={counted}
            """, Script.Lossy);

        Assert.Equal(Enumerable.Repeat(found, rows), report.LiveMutexes.Select(mutex => (LiveClass?)mutex.Class));
        Assert.Equal(counted, report.Trace.LiveAtUnload);
        IEnumerable<Finding> leaks = report.Findings.Where(finding => finding.Kind == "leak");
        Assert.Equal(
            found switch { null => [], LiveClass.Leaked => [FindingSeverity.Error], _ => [FindingSeverity.Warning] }, leaks.Select(finding => finding.Severity));
    }

    [Fact]
    public void A_driver_that_counts_none_though_no_event_is_missing_is_contradicted()
    {
        LockReport report = Script.Run("t=1100 T1 alloc m1\nt=1400 T1 stopped live=0");

        Assert.Equal(LiveClass.Doubtful, Assert.Single(report.LiveMutexes).Class);
        Assert.Equal(TrustGrade.D, report.Trace.Grade);
    }

    [Fact]
    public void What_the_recording_shows_of_the_mutexes_that_the_driver_counted_has_leaked_though_others_were_born_before_it() =>
        Assert.Equal(LiveClass.Leaked, Assert.Single(Script.Run("t=1100 T1 alloc m1\nt=1400 T1 stopped live=2").LiveMutexes).Class);

    [Fact]
    public void Mutexes_that_share_a_label_or_a_site_are_told_apart_by_number()
    {
        LockReport report = Script.Run("""
            t=1005 T1 site id=3 line=9 file=Pool.cs member=Make
            t=1010 T1 alloc m1 label=Queue
            t=1020 T1 alloc m2 label=Slot
            t=1030 T1 alloc m3 label=Slot
            t=1040 T1 alloc m4 site=3
            t=1050 T1 acquire m5 seq=1
            """);

        Assert.Equal(["Queue", "Slot #2", "Slot #3", "Pool.cs:9", "#5"], report.Mutexes.Select(mutex => mutex.Name));
    }

    [Fact]
    public void A_driver_that_counts_other_live_mutexes_than_the_recording_violates_an_identity()
    {
        LockReport report = Script.Run("""
            t=1100 T1 alloc m1
            t=1400 T1 stopped live=2
            """);

        Assert.Equal(IdentityResult.Violated, report.Trace.Identities.Single(check => check.Name == "live-mutexes-agree").Result);
    }

    [Fact]
    public void A_rundown_names_mutexes_born_before_the_recording()
    {
        LockReport report = Script.Run("""
            t=1010 T1 rundown id=1
            t=1020 T1 state m5 id=1 label=Old born=400
            t=1030 T1 rundown-end id=1 written=1
            t=1500 T9 other
            """);

        LiveMutexRow live = Assert.Single(report.LiveMutexes);
        Assert.Equal("Old", live.Label);
        Assert.False(live.BornInTrace);
        Assert.Equal(1100, live.AgeNs);
        Assert.Equal(RundownState.Complete, report.Trace.Rundown);
    }

    [Fact]
    public void A_rundown_with_fewer_states_than_it_announced_is_incomplete()
    {
        LockReport report = Script.Run("""
            t=1010 T1 rundown id=1
            t=1020 T1 state m5 id=1
            t=1030 T1 rundown-end id=1 written=2
            """);

        Assert.Equal(RundownState.Incomplete, report.Trace.Rundown);
    }

    [Fact]
    public void A_state_written_after_the_free_of_its_mutex_does_not_revive_it()
    {
        LockReport report = Script.Run("""
            t=1010 T1 alloc m5
            t=1020 T1 free m5
            t=1030 T2 state m5 id=1
            """);

        Assert.Empty(report.LiveMutexes);
    }

    [Fact]
    public void Two_loads_of_the_driver_may_use_the_same_ids_for_different_mutexes()
    {
        LockReport report = Script.Run("""
            t=1010 T1 started
            t=1020 T1 alloc m1 label=First
            t=1030 T1 acquire m1 seq=1
            t=1040 T1 release m1 seq=1 acq=1030
            t=1050 T1 stopped live=1
            t=2010 T1 started
            t=2020 T1 alloc m1 label=Second
            t=2030 T1 acquire m1 seq=1
            t=2090 T1 release m1 seq=1 acq=2030
            t=2100 T1 free m1 acquires=1 holds=1 holdTotal=60 holdMax=60
            """);

        Assert.Equal(["First", "Second"], report.Mutexes.Select(mutex => mutex.Label));
        Assert.Equal([10L, 60L], report.Mutexes.Select(mutex => mutex.Hold.TotalNs));
        Assert.Equal("First", Assert.Single(report.LiveMutexes).Label);
        Assert.Empty(report.Oddities);
    }

    /// <summary>The rundown looked before the free and wrote after it: the final counters stay those of the free.</summary>
    [Fact]
    public void A_rundown_that_comes_after_the_free_says_nothing_new()
    {
        LockReport report = Script.Run("""
            t=1010 T1 alloc m1
            t=1020 T2 rundown id=1
            t=1100 T1 acquire m1 seq=1
            t=1200 T1 release m1 seq=1 acq=1100
            t=1300 T1 free m1 acquires=1 holds=1 holdTotal=100 holdMax=100
            t=1310 T2 state m1 id=1
            t=1320 T2 rundown-end id=1 written=1
            """);

        Assert.Empty(report.LiveMutexes);
        IdentityCheck counters = Assert.Single(report.Trace.Identities, check => check.Name == "counters-agree");
        Assert.Equal((IdentityResult.Holds, 1L), (counters.Result, counters.Checked));
    }
}
