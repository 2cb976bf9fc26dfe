using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>Wait of one acquire = AcquiredAt - RequestedAt; contended as the event says.</summary>
public sealed class WaitTests
{
    [Fact]
    public void A_wait_lasts_from_the_request_to_the_acquire()
    {
        LockReport report = Script.Run("""
            t=1100 T1 acquire m7 seq=1
            t=1150 T2 block m7 req=1150
            t=1401 T1 release m7 seq=1 acq=1100 at=1400
            t=1403 T2 acquire m7 seq=2 req=1150 at=1402 waited
            t=1500 T2 release m7 seq=2 acq=1402
            """);

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal(7UL, mutex.Id);
        Assert.Equal(2, mutex.Acquires);
        Assert.Equal(1, mutex.Contended);
        Assert.Equal(1, mutex.Wait.Count);
        Assert.Equal(252, mutex.Wait.TotalNs);
        Assert.Equal(252, mutex.Wait.MeanNs);
        Assert.Equal(252, mutex.Wait.MaxNs);
        Assert.Equal(50.0, mutex.ContendedPercent);
    }

    [Fact]
    public void An_uncontended_acquire_is_counted_and_is_no_part_of_the_waits()
    {
        LockReport report = Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1200 T1 release m1 seq=1 acq=1100
            """);

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal(1, mutex.Acquires);
        Assert.Equal(0, mutex.Contended);
        Assert.Equal(0, mutex.Wait.Count);
    }

    [Fact]
    public void Totals_means_maxima_and_percentiles_are_over_contended_acquires()
    {
        // Waits of 10, 20, 30 and 100 ticks; below 128 ticks percentiles are exact.
        LockReport report = Script.Run("""
            t=1010 T2 acquire m1 seq=1 req=1000 waited
            t=1030 T3 acquire m1 seq=2 req=1010 waited
            t=1060 T4 acquire m1 seq=3 req=1030 waited
            t=1200 T5 acquire m1 seq=4 req=1100 waited
            """);

        DurationSummary wait = Assert.Single(report.Mutexes).Wait;
        Assert.Equal(160, wait.TotalNs);
        Assert.Equal(40, wait.MeanNs);
        Assert.Equal(20, wait.P50Ns);
        Assert.Equal(100, wait.P90Ns);
        Assert.Equal(100, wait.P99Ns);
        Assert.Equal(100, wait.MaxNs);
        Assert.Equal(4, wait.Sampled);
    }

    [Fact]
    public void A_failed_acquire_has_a_wait_of_its_own_kind()
    {
        LockReport report = Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1110 T2 block m1 req=1110
            t=1210 T2 fail m1 req=1110
            t=1300 T1 release m1 seq=1 acq=1100
            """);

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal(1, mutex.Acquires);
        Assert.Equal(1, mutex.Failed);
        Assert.Equal(100, mutex.FailedWait.TotalNs);
        Assert.Equal(0, mutex.Wait.Count + mutex.Wait.Censored.Count + mutex.Wait.Unknown);
    }

    [Fact]
    public void A_wait_open_at_the_end_is_cut_and_lasted_at_least_until_the_last_event_of_any_provider()
    {
        LockReport report = Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1150 T2 block m1 req=1150
            t=1900 T9 other
            """);

        DurationSummary wait = Assert.Single(report.Mutexes).Wait;
        Assert.Equal(0, wait.Count);
        Assert.Equal(0, wait.TotalNs);
        Assert.Equal(new CensoredSummary(1, 750, 750), wait.Censored);
    }

    [Fact]
    public void A_wait_open_at_the_end_of_a_recording_with_losses_is_unknown_since_its_end_may_be_lost()
    {
        LockReport report = Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1150 T2 block m1 req=1150
            t=1900 T9 other
            """, Script.Lossy);

        DurationSummary wait = Assert.Single(report.Mutexes).Wait;
        Assert.Equal(0, wait.Censored.Count);
        Assert.Equal(1, wait.Unknown);
    }

    [Fact]
    public void A_wait_that_began_before_the_recording_is_cut_to_what_lies_within()
    {
        LockReport report = Script.Run("t=1300 T1 acquire m1 seq=5 req=200 waited");

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal(1, mutex.Contended);
        Assert.Equal(0, mutex.Wait.Count);
        Assert.Equal(new CensoredSummary(1, 300, 300), mutex.Wait.Censored);
    }

    [Fact]
    public void A_thread_that_acquires_something_else_has_ended_its_wait_unseen()
    {
        LockReport report = Script.Run("""
            t=1150 T2 block m1 req=1150
            t=1300 T2 acquire m2 seq=1
            t=1400 T2 release m2 seq=1 acq=1300
            """);

        Assert.Equal(1, report.Mutexes[0].Wait.Unknown);
        Assert.Equal(0, report.Mutexes[0].Wait.Censored.Count);
    }

    [Fact]
    public void A_wait_that_begins_while_another_is_open_ends_the_other_unseen()
    {
        // Blocked at 1150, its acquire lost; blocked again at 1300 and acquired at 1350.
        LockReport report = Script.Run("""
            t=1150 T2 block m1 req=1150
            t=1300 T2 block m1 req=1300
            t=1350 T2 acquire m1 seq=9 req=1300 waited
            t=1360 T2 release m1 seq=9 acq=1350
            """);

        DurationSummary wait = Assert.Single(report.Mutexes).Wait;
        Assert.Equal(1, wait.Count);
        Assert.Equal(50, wait.TotalNs);
        Assert.Equal(1, wait.Unknown);
    }

    [Fact]
    public void The_same_thread_number_on_another_mutex_does_not_end_a_wait_as_measured()
    {
        LockReport report = Script.Run("""
            t=1150 T2 block m1 req=1150
            t=1350 T2 acquire m2 seq=1 req=1150 waited
            t=1360 T2 release m2 seq=1 acq=1350
            """);

        Assert.Equal(1, report.Mutexes[0].Wait.Unknown);
        Assert.Equal(200, report.Mutexes[1].Wait.TotalNs);
    }
}
