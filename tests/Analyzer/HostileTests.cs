using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>The analysis believes nothing: what cannot be true is counted and changes no total.</summary>
public sealed class HostileTests
{
    [Theory]
    [InlineData("t=1200 T1 acquire m1 seq=1 req=1300 at=1100 waited")]
    [InlineData("t=1200 T1 acquire m1 seq=1 req=1100 at=9223372036854775807 waited")]
    [InlineData("t=1200 T1 acquire m1 seq=1 req=18446744073709551615 at=18446744073709551615 waited")]
    public void A_wait_with_impossible_times_is_counted_and_not_timed(string line)
    {
        LockReport report = Script.Run(line);

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal(1, mutex.Contended);
        Assert.Equal(0, mutex.Wait.TotalNs);
        Assert.Equal(1, mutex.Wait.Unknown);
        Assert.Contains(report.Oddities, oddity => oddity.Kind == "time-impossible");
        Assert.Equal(TrustGrade.D, report.Trace.Grade);
        Assert.All(report.Trace.Identities, check => Assert.NotEqual(IdentityResult.Violated, check.Result));
    }

    [Fact]
    public void A_hold_that_ends_before_it_begins_is_counted_and_not_timed()
    {
        LockReport report = Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1200 T1 release m1 seq=1 acq=1190 at=1150
            """);

        DurationSummary hold = Assert.Single(report.Mutexes).Hold;
        Assert.Equal(0, hold.Count);
        Assert.Equal(1, hold.Unknown);
    }

    [Fact]
    public void A_hold_since_the_dawn_of_time_is_cut_at_the_start_of_the_recording()
    {
        LockReport report = Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1200 T1 release m1 seq=1 acq=1
            """);

        DurationSummary hold = Assert.Single(report.Mutexes).Hold;
        Assert.Equal(0, hold.TotalNs);
        Assert.Equal(200, hold.Censored.AtLeastMaxNs);
    }

    [Theory]
    [InlineData("t=1100 T1 acquire m1 seq=1 depth=0")]
    [InlineData("t=1100 T1 release m1 seq=1 depth=0 acq=1090")]
    public void Depth_zero_is_left_out(string line)
    {
        LockReport report = Script.Run(line);

        Assert.Equal(0, Assert.Single(report.Mutexes).Acquires);
        Assert.Contains(report.Oddities, oddity => oddity is { Kind: "depth-impossible", Count: 1 });
    }

    [Fact]
    public void Counters_near_overflow_are_not_believed()
    {
        LockReport report = Script.Run($"""
            t=1010 T1 alloc m1
            t=1500 T1 free m1 acquires={ulong.MaxValue} contended={ulong.MaxValue} waitTotal={ulong.MaxValue} holds={ulong.MaxValue}
            """);

        Assert.Equal(0, Assert.Single(report.Mutexes).Acquires);
    }

    [Fact]
    public void Allocating_or_freeing_twice_is_counted_and_the_first_word_stands()
    {
        LockReport report = Script.Run("""
            t=1010 T1 alloc m1 label=First
            t=1020 T1 alloc m1 label=Second
            t=1030 T1 free m1
            t=1040 T1 free m1
            """);

        Assert.Equal("First", Assert.Single(report.Mutexes).Label);
        Assert.Contains(report.Oddities, oddity => oddity is { Kind: "mutex-id-repeated", Count: 2 });
    }

    [Fact]
    public void The_drivers_own_frequency_overrules_the_header_and_is_reported()
    {
        // 2 GHz by the driver: 100 ticks are 50 ns.
        LockReport report = Script.Run("""
            t=1010 T1 started frequency=2000000000
            t=1100 T1 acquire m1 seq=1
            t=1200 T1 release m1 seq=1 acq=1100
            """);

        Assert.Equal(50, Assert.Single(report.Mutexes).Hold.TotalNs);
        Assert.Equal(2_000_000_000, report.Trace.ClockFrequency);
        Assert.Contains(report.Oddities, oddity => oddity.Kind == "clock-frequency-mismatch");
    }
}
