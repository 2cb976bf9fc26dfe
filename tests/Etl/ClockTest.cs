using CsCheck;

namespace Tracing.Etl.Tests;

/// <summary>Ticks to time: exact, rounded down, never overflowing.</summary>
public sealed class ClockTest
{
    private static readonly Int128 NanosecondsPerSecond = 1_000_000_000;

    [Theory]
    [InlineData(10_000_000, 7, 700)]
    [InlineData(10_000_000, -7, -700)]
    [InlineData(3, 1, 333_333_333)]
    [InlineData(3, 2, 666_666_666)]
    [InlineData(3, -1, -333_333_334)]
    [InlineData(2_400_000_000, 12, 5)]
    [InlineData(2_400_000_000, 11, 4)]
    [InlineData(1, long.MaxValue, long.MaxValue)]
    [InlineData(1, long.MinValue, long.MinValue)]
    [InlineData(long.MaxValue, long.MaxValue, 1_000_000_000)]
    public void A_duration_in_nanoseconds(long frequency, long ticks, long nanoseconds) =>
        Assert.Equal(nanoseconds, new EtlClock(0, frequency, 0).DurationToNanoseconds(ticks));

    [Fact]
    public void Durations_equal_exact_arithmetic() =>
        Gen.Select(Gen.Long[1, long.MaxValue], Gen.Long).Sample((frequency, ticks) =>
        {
            Int128 exact = Int128.DivRem(ticks * NanosecondsPerSecond, frequency).Quotient;
            exact -= ticks < 0 && ticks * NanosecondsPerSecond % frequency != 0 ? 1 : 0;
            Int128 saturated = Int128.Clamp(exact, long.MinValue, long.MaxValue);
            Assert.Equal((long)saturated, new EtlClock(0, frequency, 0).DurationToNanoseconds(ticks));
        });

    [Fact]
    public void Relative_time_is_the_duration_since_the_header_even_where_ticks_wrap() =>
        Gen.Select(Gen.Long, Gen.Long, Gen.OneOf(Gen.Const(10_000_000L), Gen.Long[1, 10_000_000_000])).Sample((start, ticks, frequency) =>
        {
            Int128 product = ((Int128)ticks - start) * NanosecondsPerSecond;
            Int128 exact = Int128.DivRem(product, frequency).Quotient - (product < 0 && product % frequency != 0 ? 1 : 0);
            long expected = (long)Int128.Clamp(exact, long.MinValue, long.MaxValue);
            Assert.Equal(expected, new EtlClock(start, frequency, 0).ToRelativeNanoseconds(ticks));
        });

    /// <summary>Three ticks a second: the second comes 666,666,666.7 ns after the header, and is shown as 666,666,666.</summary>
    [Theory]
    [InlineData(0, 1000)]
    [InlineData(666_666_666, 1002)]
    [InlineData(666_666_667, 1003)]
    [InlineData(-1, 1000)]
    public void The_first_tick_at_which_a_time_has_passed(long nanoseconds, long tick) => Assert.Equal(tick, new EtlClock(1000, 3, 0).ToTicks(nanoseconds));

    [Fact]
    public void No_tick_before_it_is_as_late() =>
        Gen.Select(Gen.Long, Gen.Long, Gen.OneOf(Gen.Const(10_000_000L), Gen.Long[1, 10_000_000_000])).Sample((start, nanoseconds, frequency) =>
        {
            var clock = new EtlClock(start, frequency, 0);
            long tick = clock.ToTicks(nanoseconds);
            Assert.True(tick == long.MaxValue || ((Int128)tick - start) * NanosecondsPerSecond >= (Int128)nanoseconds * frequency);
            Assert.True(tick == long.MinValue || ((Int128)tick - 1 - start) * NanosecondsPerSecond < (Int128)nanoseconds * frequency);
        });

    [Fact]
    public void Utc_counts_from_the_start_time()
    {
        // 2000-01-01 is FILETIME 125,911,584,000,000,000; 25,000,000 ticks at 10 MHz are 2.5 s.
        EtlClock clock = new(1000, 10_000_000, 125_911_584_000_000_000);
        Assert.Equal(new DateTime(2000, 1, 1, 0, 0, 2, 500, DateTimeKind.Utc), clock.ToUtc(25_001_000));
        Assert.Equal(new DateTime(1999, 12, 31, 23, 59, 59, DateTimeKind.Utc), clock.ToUtc(1000 - 10_000_000));
        Assert.Equal(DateTimeKind.Utc, clock.ToUtc(0).Kind);
    }

    [Fact]
    public void Times_no_date_can_hold_become_its_ends()
    {
        EtlClock clock = new(0, 1, long.MaxValue);
        Assert.Equal(DateTime.MaxValue, clock.ToUtc(long.MaxValue));
        Assert.Equal(new DateTime(1601, 1, 1, 0, 0, 0, DateTimeKind.Utc), clock.ToUtc(long.MinValue));
    }

    [Fact]
    public void A_frequency_must_be_positive() => Assert.Throws<ArgumentOutOfRangeException>(() => new EtlClock(0, 0, 0));

    [Fact]
    public void Each_clock_type_has_its_own_frequency()
    {
        Assert.Equal(10_000_000, ClockOf(Traces.Header with { ClockType = EtlClockType.SystemTime, PerfFrequency = 3 }).Frequency);
        Assert.Equal(2_500_000_000, ClockOf(Traces.Header with { ClockType = EtlClockType.CpuCycles, CpuMHz = 2500 }).Frequency);
        Assert.Equal(3_000_000, ClockOf(Traces.Header with { ClockType = EtlClockType.PerformanceCounter, PerfFrequency = 3_000_000 }).Frequency);
        Assert.Equal(3_000_000, ClockOf(Traces.Header with { ClockType = EtlClockType.Unspecified, PerfFrequency = 3_000_000 }).Frequency);
    }

    private static EtlClock ClockOf(EtlHeader header)
    {
        using EtlFile file = Traces.Open(Traces.Write([], header));
        return file.Clock;
    }
}
