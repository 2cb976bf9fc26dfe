using Tracing.Analysis.Mutexes;
using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>The driver numbers acquisitions from 1 while it holds the mutex: a number that is missing is an event that was lost.</summary>
public sealed class SequenceTests
{
    [Fact]
    public void A_gap_is_counted_exactly()
    {
        LockReport report = Script.Run("""
            t=1100 T1 acquire m1 seq=10
            t=1110 T1 release m1 seq=10 acq=1100
            t=1200 T1 acquire m1 seq=14
            t=1210 T1 release m1 seq=14 acq=1200
            """);

        Assert.Equal(3, Assert.Single(report.Mutexes).SequenceGaps);
        Assert.Equal(3, report.Trace.SequenceGaps);
        Assert.Equal(TrustGrade.C, report.Trace.Grade);
    }

    [Fact]
    public void A_mutex_born_in_the_recording_misses_what_lies_before_its_first_number()
    {
        LockReport report = Script.Run("""
            t=1050 T1 alloc m1
            t=1100 T1 acquire m1 seq=4
            t=1110 T1 release m1 seq=4 acq=1100
            """);

        Assert.Equal(3, Assert.Single(report.Mutexes).SequenceGaps);
    }

    [Fact]
    public void A_mutex_born_before_misses_only_what_follows_its_rundown()
    {
        LockReport report = Script.Run("""
            t=1010 T1 rundown id=1
            t=1020 T1 state m1 id=1 acquires=7
            t=1030 T1 rundown-end id=1 written=1
            t=1100 T1 acquire m1 seq=10
            t=1110 T1 release m1 seq=10 acq=1100
            """);

        Assert.Equal(2, Assert.Single(report.Mutexes).SequenceGaps);
    }

    [Fact]
    public void The_final_count_proves_losses_at_the_end()
    {
        LockReport report = Script.Run("""
            t=1050 T1 alloc m1
            t=1100 T1 acquire m1 seq=1
            t=1110 T1 release m1 seq=1 acq=1100
            t=1500 T1 free m1 acquires=6
            """);

        Assert.Equal(5, Assert.Single(report.Mutexes).SequenceGaps);
    }

    [Fact]
    public void An_acquire_that_is_there_twice_counts_once()
    {
        LockReport report = Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1100 T1 acquire m1 seq=1
            t=1110 T1 release m1 seq=1 acq=1100
            t=1110 T1 release m1 seq=1 acq=1100
            """);

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal(1, mutex.Acquires);
        Assert.Equal(1, mutex.Hold.Count);
        Assert.Contains(report.Oddities, oddity => oddity is { Kind: "acquire-repeated", Count: 1 });
        Assert.Contains(report.Oddities, oddity => oddity is { Kind: "release-repeated", Count: 1 });
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 50)]
    [InlineData(0UL)]
    public void A_number_that_no_driver_can_reach_is_left_out(ulong sequence)
    {
        LockReport report = Script.Run($"""
            t=1050 T1 alloc m1
            t=1100 T1 acquire m1 seq=1
            t=1110 T1 release m1 seq=1 acq=1100
            t=1200 T1 acquire m1 seq={sequence}
            """);

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal(1, mutex.Acquires);
        Assert.Equal(0, mutex.SequenceGaps);
        Assert.Contains(report.Oddities, oddity => oddity.Kind == "sequence-impossible");
    }

    [Fact]
    public void Numbers_in_any_order_within_the_window_leave_no_gap()
    {
        var window = new SequenceWindow();
        foreach (ulong number in (ulong[])[5, 3, 4, 1, 2, 64, .. Enumerable.Range(6, 58).Select(n => (ulong)n).Reverse()])
        {
            Assert.Equal(SequenceVerdict.New, window.Add(number));
        }

        Assert.Equal(0UL, window.Missing);
        Assert.Equal(64UL, window.Distinct);
        Assert.Equal(SequenceVerdict.Duplicate, window.Add(17));
    }

    [Fact]
    public void A_number_older_than_the_window_fills_a_gap_while_there_is_one()
    {
        var window = new SequenceWindow();
        window.Add(1);
        window.Add(200);
        Assert.Equal(198UL, window.Missing);

        Assert.Equal(SequenceVerdict.New, window.Add(3));
        Assert.Equal(197UL, window.Missing);
        Assert.Null(window.Seen(3));
        Assert.Equal(false, window.Seen(199));
    }

    [Fact]
    public void A_number_of_long_ago_is_repeated_where_none_is_missing_and_late_where_one_is()
    {
        var whole = new SequenceWindow();
        var lacking = new SequenceWindow();
        for (ulong number = 1; number <= 200; number++)
        {
            Assert.Equal(SequenceVerdict.New, whole.Add(number));
            if (number != 7)
            {
                Assert.Equal(SequenceVerdict.New, lacking.Add(number));
            }
        }

        Assert.Equal((true, null), (whole.Seen(7), lacking.Seen(7)));
        Assert.Equal(SequenceVerdict.Duplicate, whole.Add(7));
        Assert.Equal(SequenceVerdict.New, lacking.Add(7));
        Assert.Equal((200UL, 0UL), (lacking.Distinct, lacking.Missing));
    }
}
