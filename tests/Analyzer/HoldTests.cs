using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>Hold = outermost ReleasedAt - outermost AcquiredAt.</summary>
public sealed class HoldTests
{
    /// <summary>A number is missing, so that events are: the release may be among them.</summary>
    [Fact]
    public void A_hold_without_a_release_has_no_known_length_where_an_acquisition_is_missing()
    {
        MutexRow mutex = Assert.Single(Script.Run("""
            t=1010 T1 alloc m1
            t=1100 T1 acquire m1 seq=1
            t=1150 T1 release m1 seq=1 acq=1100
            t=1200 T1 acquire m1 seq=3
            t=1300 T2 other
            """).Mutexes);

        Assert.Equal((1, 1, 0), (mutex.SequenceGaps, mutex.Hold.Unknown, mutex.Hold.Censored.Count));
    }

    [Fact]
    public void A_thread_that_holds_two_mutexes_counts_both_and_a_hold_that_goes_on_counts_up_to_the_end()
    {
        LockReport report = Script.Run("""
            t=1000 T1 acquire m1 seq=1
            t=1000 T1 acquire m2 seq=1
            t=1150 T1 release m1 seq=1 acq=1000
            t=1200 T2 other
            """);

        Assert.Equal(100.0 * (150 + 200) / 200, Assert.Single(report.ByThread).HeldPercent);
    }

    [Fact]
    public void A_hold_lasts_from_the_outermost_acquire_to_the_outermost_release()
    {
        LockReport report = Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1110 T1 acquire m1 seq=2 depth=2
            t=1120 T1 acquire m1 seq=3 depth=3
            t=1130 T1 release m1 seq=3 depth=3 acq=1100
            t=1140 T1 release m1 seq=2 depth=2 acq=1100
            t=1175 T1 release m1 seq=1 acq=1100
            """);

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal(3, mutex.Acquires);
        Assert.Equal(3, mutex.DeepestRecursion);
        Assert.Equal(1, mutex.Hold.Count);
        Assert.Equal(75, mutex.Hold.TotalNs);
        Assert.Equal(0, mutex.SequenceGaps);
    }

    [Fact]
    public void A_release_written_after_the_next_acquire_changes_nothing()
    {
        // Thread 1 releases at 1200, but is kept from writing the event until 1450.
        LockReport report = Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1202 T2 acquire m1 seq=2 req=1150 at=1201 waited
            t=1300 T2 release m1 seq=2 acq=1201
            t=1401 T3 acquire m1 seq=3 at=1400
            t=1450 T1 release m1 seq=1 acq=1100 at=1200
            t=1460 T3 release m1 seq=3 acq=1400 at=1455
            """);

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal(3, mutex.Hold.Count);
        Assert.Equal(100 + 99 + 55, mutex.Hold.TotalNs);
        Assert.Equal(100, mutex.Hold.MaxNs);
        Assert.Equal(0, mutex.Hold.Unknown);
        Assert.Empty(report.Oddities);
        Assert.Equal(IdentityResult.Holds, Identity(report, "holds-exclude"));
        Assert.Equal(IdentityResult.Holds, Identity(report, "holds-add-up"));
    }

    [Fact]
    public void A_release_that_arrives_before_its_acquire_is_matched_when_that_comes()
    {
        // Both events have one header time, and the merge of two processors put them the wrong way round.
        LockReport report = Script.Run("""
            t=1100 T1 release m1 seq=1 acq=1090 at=1099
            t=1100 T1 acquire m1 seq=1 at=1090
            t=1200 T9 other
            """);

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal(9, mutex.Hold.TotalNs);
        Assert.Equal(0, mutex.Hold.Censored.Count);
        Assert.Equal(0, mutex.Hold.Unknown);
        Assert.Empty(report.Oddities);
    }

    [Fact]
    public void A_hold_open_at_the_end_is_cut_and_names_its_owner()
    {
        LockReport report = Script.Run("""
            t=1050 T1 alloc m1 label=Queue
            t=1100 T4 acquire m1 seq=1
            t=1600 T9 other
            """);

        Assert.Equal(new CensoredSummary(1, 500, 500), Assert.Single(report.Mutexes).Hold.Censored);
        Assert.Equal(4, Assert.Single(report.LiveMutexes).OwnerThreadId);
    }

    [Fact]
    public void A_hold_open_at_the_end_of_a_recording_with_losses_is_unknown()
    {
        LockReport report = Script.Run("""
            t=1100 T4 acquire m1 seq=1
            t=1600 T9 other
            """, Script.Lossy);

        DurationSummary hold = Assert.Single(report.Mutexes).Hold;
        Assert.Equal(0, hold.Censored.Count);
        Assert.Equal(1, hold.Unknown);
    }

    [Fact]
    public void A_hold_whose_release_is_missing_while_others_follow_is_unknown_and_not_stretched()
    {
        LockReport report = Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1300 T2 acquire m1 seq=2
            t=1310 T2 release m1 seq=2 acq=1300
            """);

        DurationSummary hold = Assert.Single(report.Mutexes).Hold;
        Assert.Equal(1, hold.Count);
        Assert.Equal(10, hold.TotalNs);
        Assert.Equal(1, hold.Unknown);
        Assert.Equal(0, hold.Censored.Count);
    }

    [Fact]
    public void A_hold_whose_release_is_missing_is_over_when_a_later_one_was_released_before_its_acquire_came()
    {
        LockReport report = Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1300 T2 release m1 seq=2 acq=1290 at=1299
            t=1300 T2 acquire m1 seq=2 at=1290
            """);

        DurationSummary hold = Assert.Single(report.Mutexes).Hold;
        Assert.Equal(9, hold.TotalNs);
        Assert.Equal(1, hold.Unknown);
        Assert.Equal(0, hold.Censored.Count);
    }

    [Fact]
    public void A_hold_that_began_before_the_recording_is_cut_to_what_lies_within()
    {
        LockReport report = Script.Run("""
            t=1250 T1 release m1 seq=41 acq=400
            t=1300 T2 acquire m1 seq=42
            t=1310 T2 release m1 seq=42 acq=1300
            """);

        DurationSummary hold = Assert.Single(report.Mutexes).Hold;
        Assert.Equal(1, hold.Count);
        Assert.Equal(10, hold.TotalNs);
        Assert.Equal(new CensoredSummary(1, 250, 250), hold.Censored);
    }

    [Fact]
    public void A_hold_that_was_not_timed_at_its_begin_lasted_at_least_since_the_first_event()
    {
        // Nobody listened at the acquire. The driver's first event, at 1200, proves that the hold began before it.
        LockReport report = Script.Run("""
            t=1200 T2 alloc m9
            t=1250 T1 release m1 seq=41 acq=0
            """);

        Assert.Equal(new CensoredSummary(1, 50, 50), report.Mutexes[0].Hold.Censored);
    }

    [Fact]
    public void A_hold_that_was_not_timed_at_its_begin_is_timed_by_its_acquire_event()
    {
        LockReport report = Script.Run("""
            t=1200 T1 acquire m1 seq=1
            t=1250 T1 release m1 seq=1 acq=0
            """);

        DurationSummary hold = Assert.Single(report.Mutexes).Hold;
        Assert.Equal(1, hold.Count);
        Assert.Equal(50, hold.TotalNs);
    }

    [Fact]
    public void A_release_without_its_acquire_event_still_measures_its_hold()
    {
        // The acquire event of number 2 was lost; its release carries both ends.
        LockReport report = Script.Run("""
            t=1050 T1 alloc m1
            t=1100 T1 acquire m1 seq=1
            t=1110 T1 release m1 seq=1 acq=1100
            t=1220 T1 release m1 seq=2 acq=1200
            """, Script.Lossy);

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal(1, mutex.Acquires);
        Assert.Equal(2, mutex.Hold.Count);
        Assert.Equal(30, mutex.Hold.TotalNs);
        Assert.Equal(1, mutex.SequenceGaps);
        Assert.Contains(report.Oddities, oddity => oddity is { Kind: "release-without-acquire", Count: 1 });
    }

    [Fact]
    public void A_mutex_freed_while_held_has_a_hold_of_unknown_length()
    {
        LockReport report = Script.Run("""
            t=1050 T1 alloc m1
            t=1100 T1 acquire m1 seq=1
            t=1200 T2 free m1 acquires=1
            t=1900 T9 other
            """);

        DurationSummary hold = Assert.Single(report.Mutexes).Hold;
        Assert.Equal(0, hold.Censored.Count);
        Assert.Equal(1, hold.Unknown);
    }

    [Fact]
    public void A_release_event_may_come_after_the_free_of_its_mutex()
    {
        LockReport report = Script.Run("""
            t=1050 T1 alloc m1
            t=1100 T1 acquire m1 seq=1
            t=1200 T2 free m1 acquires=1 holds=1 holdTotal=50 holdMax=50
            t=1210 T1 release m1 seq=1 acq=1100 at=1150
            """);

        Assert.Equal(50, Assert.Single(report.Mutexes).Hold.TotalNs);
        Assert.Equal(0, report.Mutexes[0].Hold.Unknown);
        Assert.Equal(IdentityResult.Holds, Identity(report, "counters-agree"));
    }

    [Fact]
    public void Holds_that_overlap_are_counted_as_a_violation()
    {
        LockReport report = Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1200 T1 release m1 seq=1 acq=1100
            t=1210 T2 acquire m1 seq=2 at=1190
            t=1300 T2 release m1 seq=2 acq=1190
            """);

        Assert.Equal(IdentityResult.Violated, Identity(report, "holds-exclude"));
        Assert.Equal(TrustGrade.D, report.Trace.Grade);
    }

    private static IdentityResult Identity(LockReport report, string name) => report.Trace.Identities.Single(check => check.Name == name).Result;
}
