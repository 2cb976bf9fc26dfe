using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>Without the keyword Lock only contended acquires have events; counts and totals come from the driver's counters.</summary>
public sealed class LightTraceTests
{
    [Fact]
    public void The_counters_of_a_freed_mutex_give_exact_counts_and_totals()
    {
        LockReport report = Script.Run("""
            t=1010 T1 alloc m1 label=Queue
            t=1100 T2 block m1 req=1080
            t=1110 T2 acquire m1 seq=90 req=1080 waited
            t=1500 T1 free m1 acquires=200 contended=1 waitTotal=30 waitMax=30 holds=150 holdTotal=3000 holdMax=80
            """);

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal(CountSource.Counters, mutex.CountedFrom);
        Assert.Equal(200, mutex.Acquires);
        Assert.Equal(1, mutex.Contended);
        Assert.Equal(30, mutex.Wait.TotalNs);
        Assert.Equal(30, mutex.Wait.MaxNs);
        Assert.Equal(150, mutex.Hold.Count);
        Assert.Equal(3000, mutex.Hold.TotalNs);
        Assert.Equal(20, mutex.Hold.MeanNs);
        Assert.Equal(80, mutex.Hold.MaxNs);
        Assert.Equal(0, mutex.Hold.Sampled);
        Assert.Equal(0, mutex.SequenceGaps);
        Assert.False(report.Trace.LockEventsRecorded);
        Assert.Equal(TrustGrade.B, report.Trace.Grade);
    }

    [Fact]
    public void Of_a_mutex_born_before_only_what_its_counters_gained_counts()
    {
        LockReport report = Script.Run("""
            t=1010 T1 state m1 id=1 acquires=1000 contended=10 waitTotal=5000 waitMax=900
            t=1110 T2 acquire m1 seq=1050 req=1080 waited
            t=1500 T1 free m1 acquires=1100 contended=11 waitTotal=5030 waitMax=900
            """);

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal(CountSource.Counters, mutex.CountedFrom);
        Assert.Equal(100, mutex.Acquires);
        Assert.Equal(1, mutex.Contended);
        Assert.Equal(30, mutex.Wait.TotalNs);
        Assert.Equal(30, mutex.Wait.MaxNs);
    }

    [Fact]
    public void Without_usable_counters_the_row_says_that_it_knows_only_contended_acquires()
    {
        LockReport report = Script.Run("""
            t=1110 T2 acquire m1 seq=1050 req=1080 waited
            t=1400 T2 release m1 seq=1050 acq=1110 contended
            """);

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal(CountSource.ContendedEvents, mutex.CountedFrom);
        Assert.Equal(1, mutex.Contended);
        Assert.Equal(30, mutex.Wait.TotalNs);
        Assert.Equal(0, mutex.Hold.Count);
        Assert.Null(Assert.Single(report.ByThread).HeldPercent);
    }

    [Fact]
    public void Counters_older_than_the_last_waits_are_not_taken_for_the_whole()
    {
        LockReport report = Script.Run("""
            t=1010 T1 alloc m1
            t=1020 T1 state m1 id=1 acquires=5
            t=1110 T2 acquire m1 seq=50 req=1080 waited
            """);

        Assert.Equal(CountSource.ContendedEvents, Assert.Single(report.Mutexes).CountedFrom);
    }

    [Fact]
    public void Releases_without_acquires_are_normal_and_no_oddity()
    {
        LockReport report = Script.Run("t=1400 T2 release m1 seq=1050 acq=1110 contended");

        Assert.Empty(report.Oddities);
    }
}
