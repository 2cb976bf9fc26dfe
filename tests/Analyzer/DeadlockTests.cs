using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>Deadlocks that formed: threads that wait for each other in a circle.</summary>
public sealed class DeadlockTests
{
    private const string Formed = """
        t=1001 T1 site id=1 line=10 file=Disk.cs member=Read
        t=1001 T1 site id=2 line=20 file=Net.cs member=Send
        t=1002 T1 alloc m1 label=Disk
        t=1002 T1 alloc m2 label=Net
        t=1100 T1 acquire m1 seq=1 site=1
        t=1110 T2 acquire m2 seq=1 site=2
        t=1120 T1 block m2 site=2 owner=2 ownerSeq=1
        t=1150 T2 block m1 site=1 owner=1 ownerSeq=1
        """;

    [Fact]
    public void Two_threads_that_wait_for_each_other_at_the_end_are_in_a_deadlock()
    {
        LockReport report = Run("t=1200 T9 other");

        Deadlock deadlock = Assert.Single(report.Deadlocks);
        Assert.Equal((DeadlockEnd.None, 150L, 50L, 1L), (deadlock.End, deadlock.FormedNs, deadlock.LastedNs, deadlock.Count));
        Assert.Equal(
            [
                new DeadlockWait(2, 1, "Disk", Disk, 50, 1, Disk),
                new DeadlockWait(1, 2, "Net", Net, 80, 2, Net),
            ],
            deadlock.Waits);
        Assert.Single(report.PossibleDeadlocks);
    }

    [Fact]
    public void A_timeout_ends_it()
    {
        Deadlock deadlock = Assert.Single(Run("""
            t=1180 T1 fail m2 req=1120
            t=1190 T1 release m1 seq=1 acq=1100
            t=1191 T2 acquire m1 seq=2 req=1150 waited
            t=1199 T2 release m1 seq=2 acq=1191
            t=1199 T2 release m2 seq=1 acq=1110
            """).Deadlocks);

        Assert.Equal((DeadlockEnd.TimedOut, 30L), (deadlock.End, deadlock.LastedNs));
        Assert.Equal([30L, 60L], deadlock.Waits.Select(wait => wait.AgeNs));
    }

    /// <summary>The other may have begun to wait for it meanwhile.</summary>
    [Theory]
    [InlineData("T1 fail m2 req=1120 at=1149", 0)]
    [InlineData("T1 fail m2 req=1120 at=1150", 0)]
    [InlineData("T1 fail m2 req=1120 at=1151", 1)]
    public void A_thread_that_gave_up_before_the_last_one_began_to_wait_was_in_none(string gaveUp, int deadlocks) =>
        Assert.Equal(deadlocks, Run($"t=1160 {gaveUp}").Deadlocks.Count);

    [Fact]
    public void It_formed_when_the_last_of_them_began_to_wait_though_that_event_came_first() =>
        Assert.Equal((130L, 40L), Assert.Single(Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1110 T2 acquire m2 seq=1
            t=1131 T2 block m1 req=1130 owner=1 ownerSeq=1
            t=1140 T1 block m2 req=1120 owner=2 ownerSeq=1
            t=1170 T1 fail m2 req=1120
            """).Deadlocks.Select(deadlock => (deadlock.FormedNs, deadlock.LastedNs))));

    [Fact]
    public void Giving_up_another_wait_is_to_go_on() => Assert.Empty(Run("t=1180 T1 fail m2 req=1170").Deadlocks);

    [Theory]
    [InlineData(2, DeadlockEnd.Alerted)]
    [InlineData(3, DeadlockEnd.UserApc)]
    [InlineData(77, DeadlockEnd.Unknown)]
    public void So_does_an_alert_or_a_user_APC(int reason, DeadlockEnd end)
    {
        Deadlock deadlock = Assert.Single(Run($"t=1180 T1 fail m2 req=1120 reason={reason}").Deadlocks);
        Assert.Equal((end, true), (deadlock.End, deadlock.IsCertain));
    }

    [Fact]
    public void The_same_locks_at_the_same_sites_are_one_deadlock_that_happened_again()
    {
        Deadlock deadlock = Assert.Single(Run("""
            t=1180 T1 fail m2 req=1120
            t=1190 T1 block m2 site=2 owner=2 ownerSeq=1
            t=1210 T1 fail m2 req=1190
            """).Deadlocks);

        Assert.Equal((2L, 30L), (deadlock.Count, deadlock.LastedNs));
    }

    [Fact]
    public void Three_threads_in_a_circle_and_one_that_only_waits_for_them()
    {
        Deadlock deadlock = Assert.Single(Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1101 T2 acquire m2 seq=1
            t=1102 T3 acquire m3 seq=1
            t=1110 T4 block m1 req=1110
            t=1120 T1 block m2 req=1120
            t=1130 T3 block m1 req=1130
            t=1140 T2 block m3 req=1140
            t=1200 T9 other
            """).Deadlocks);

        Assert.Equal([(3, 1UL), (1, 2UL), (2, 3UL)], deadlock.Waits.Select(wait => (wait.ThreadId, wait.MutexId)));
        Assert.Equal([1, 2, 3], deadlock.Waits.Select(wait => wait.HolderThreadId));
    }

    [Fact]
    public void Two_threads_that_begin_to_wait_at_one_time_are_in_one_deadlock() =>
        Assert.Equal(1, Assert.Single(Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1101 T2 acquire m2 seq=1
            t=1120 T1 block m2
            t=1120 T2 block m1
            t=1200 T9 other
            """).Deadlocks).Count);

    [Fact]
    public void A_chain_that_ends_at_a_running_thread_is_none() => Assert.Empty(Script.Run("""
        t=1100 T1 acquire m1 seq=1
        t=1101 T2 acquire m2 seq=1
        t=1120 T1 block m2 req=1120
        t=1130 T3 block m1 req=1130
        t=1200 T9 other
        """).Deadlocks);

    [Fact]
    public void A_release_event_that_comes_late_does_not_feign_one() => Assert.Empty(Script.Run("""
        t=1100 T1 acquire m1 seq=1
        t=1101 T2 acquire m2 seq=1
        t=1120 T1 block m2 req=1120
        t=1131 T1 acquire m2 seq=2 req=1120 waited
        t=1135 T2 release m2 seq=1 acq=1101 at=1130
        t=1140 T2 block m1 req=1140
        t=1150 T1 release m2 seq=2 acq=1131
        t=1160 T1 release m1 seq=1 acq=1100
        t=1161 T2 acquire m1 seq=2 req=1140 waited
        """).Deadlocks);

    /// <summary>T2 has released m2, T4 gets it and has not said so yet: what T1 saw when it asked does not hold any more.</summary>
    [Fact]
    public void Who_was_seen_to_hold_a_mutex_and_released_it_since_holds_it_no_more() => Assert.Empty(Script.Run("""
        t=1100 T1 acquire m1 seq=1
        t=1101 T2 acquire m2 seq=1
        t=1110 T4 block m2 owner=2 ownerSeq=1
        t=1120 T1 block m2 owner=2 ownerSeq=1
        t=1131 T2 release m2 seq=1 acq=1101 at=1130
        t=1132 T2 block m1 owner=1 ownerSeq=1
        t=1150 T4 acquire m2 seq=2 req=1110 at=1135 waited
        t=1160 T1 fail m2 req=1120
        t=1161 T1 release m1 seq=1 acq=1100
        t=1162 T2 acquire m1 seq=2 req=1132 waited
        """).Deadlocks);

    [Fact]
    public void It_is_taken_back_when_a_thread_goes_on_though_nobody_gave_up()
    {
        // The events that would show how T2 let go of m2 are lost.
        LockReport report = Script.Run($"{Formed}\nt=1180 T1 acquire m2 seq=5 req=1120 waited", Script.Lossy);

        Assert.Empty(report.Deadlocks);
    }

    [Theory]
    [InlineData("T2 release m2 seq=1 acq=1110")]
    [InlineData("T2 thread-end")]
    public void Or_when_one_of_them_releases_what_it_held_or_ends(string goneOn) =>
        Assert.Empty(Script.Run($"{Formed}\nt=1170 {goneOn}\nt=1180 T1 fail m2 req=1120", Script.Lossy).Deadlocks);

    [Theory]
    [InlineData("t=1200 T9 other", DeadlockEnd.Unknown)]
    [InlineData("t=1200 T1 fail m2 req=1120", DeadlockEnd.TimedOut)]
    public void Where_events_are_missing_it_is_not_certain(string rest, DeadlockEnd end)
    {
        LockReport report = Script.Run($"{Formed}\n{rest}", Script.Lossy);

        Deadlock deadlock = Assert.Single(report.Deadlocks);
        Assert.Equal((end, false), (deadlock.End, deadlock.IsCertain));
        Assert.Equal(FindingSeverity.Warning, Assert.Single(report.Findings, finding => finding.Kind == "deadlock").Severity);
    }

    [Fact]
    public void A_light_recording_knows_the_holders_from_what_the_waiting_threads_saw()
    {
        Deadlock deadlock = Assert.Single(Script.Run("""
            t=1002 T1 alloc m1 label=Disk
            t=1120 T1 block m2 owner=2 ownerSeq=1
            t=1150 T2 block m1 owner=1 ownerSeq=1
            t=1180 T1 fail m2 req=1120
            """).Deadlocks);

        Assert.Equal([(2, 1), (1, 2)], deadlock.Waits.Select(wait => (wait.ThreadId, wait.HolderThreadId)));
    }

    /// <summary>Nobody waited when T2 released m1, so that there is no event of it; the thread that has it now had not noted so when T1 looked.</summary>
    [Fact]
    public void In_a_light_recording_an_owner_that_the_waiting_thread_did_not_see_may_have_released() => Assert.Empty(Script.Run("""
        t=1002 T1 alloc m1 label=Disk
        t=1100 T2 acquire m1 seq=5 req=1090 waited
        t=1120 T1 acquire m2 seq=3 req=1110 waited
        t=1130 T1 block m1 owner=0 ownerSeq=5
        t=1150 T2 block m2 owner=1 ownerSeq=3
        t=1180 T1 fail m1 req=1130
        """).Deadlocks);

    [Fact]
    public void A_thread_that_waits_for_a_fast_mutex_of_its_own_is_alone_in_the_circle() =>
        Assert.Equal([1], Assert.Single(Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1120 T1 block m1 owner=1 ownerSeq=1
            t=1200 T9 other
            """).Deadlocks).Waits.Select(wait => wait.ThreadId));

    private static SourceSite Disk { get; } = new("Disk.cs", 10, "Read");

    private static SourceSite Net { get; } = new("Net.cs", 20, "Send");

    private static LockReport Run(string rest) => Script.Run($"{Formed}\n{rest}");
}
