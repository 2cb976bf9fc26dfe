using CsCheck;
using Tracing.Analysis.Durations;

namespace Tracing.Analyzer.Tests;

public sealed class HistogramTests
{
    private static readonly Gen<ulong> Durations = Gen.Frequency(
        (2, Gen.ULong[0, 200]), (3, Gen.ULong[0, 10_000_000]), (1, Gen.ULong));

    [Fact]
    public void Every_value_lies_in_its_bucket() => Durations.Sample(value =>
    {
        int bucket = LogLinearHistogram.BucketOf(value);
        ulong low = LogLinearHistogram.LowerBound(bucket);
        Assert.True(low <= value && value - low < LogLinearHistogram.WidthOf(bucket));
    });

    [Fact]
    public void Buckets_follow_each_other_without_gap_or_overlap()
    {
        int last = LogLinearHistogram.BucketOf(ulong.MaxValue);
        for (int bucket = 0; bucket < last; bucket++)
        {
            Assert.Equal(LogLinearHistogram.LowerBound(bucket + 1), LogLinearHistogram.LowerBound(bucket) + LogLinearHistogram.WidthOf(bucket));
        }

        Assert.Equal(ulong.MaxValue, LogLinearHistogram.LowerBound(last) + (LogLinearHistogram.WidthOf(last) - 1));
    }

    [Fact]
    public void A_bucket_is_never_wider_than_one_sixty_fourth_of_its_values()
    {
        for (int bucket = 64; bucket <= LogLinearHistogram.BucketOf(ulong.MaxValue); bucket++)
        {
            Assert.True(LogLinearHistogram.WidthOf(bucket) <= LogLinearHistogram.LowerBound(bucket) / 64);
        }
    }

    [Fact]
    public void A_quantile_is_within_one_percent_of_the_value_of_its_rank() =>
        Gen.Select(Durations.Array[1, 300], Gen.Int[0, 1000]).Sample((values, permille) =>
        {
            LogLinearHistogram histogram = Of(values);
            Array.Sort(values);
            ulong exact = values[Math.Max(0, (int)Math.Ceiling(values.Length * (permille / 1000m)) - 1)];
            ulong reported = histogram.Quantile(permille, 1000);
            ulong difference = reported > exact ? reported - exact : exact - reported;
            Assert.True((UInt128)difference * 100 <= exact, $"exactly {exact}, reported {reported}");
        });

    [Fact]
    public void Merging_is_the_same_as_recording_everything_in_one() =>
        Gen.Select(Durations.Array[0, 100], Durations.Array[0, 100]).Sample((left, right) =>
        {
            LogLinearHistogram merged = Of(left);
            merged.Merge(Of(right));
            Assert.Equal(Of([.. left, .. right]).Buckets(), merged.Buckets());
            Assert.Equal(left.Length + right.Length, merged.Count);
        });

    [Fact]
    public void An_empty_histogram_answers_zero() => Assert.Equal(0UL, new LogLinearHistogram().Quantile(99, 100));

    [Theory]
    [InlineData(10_000_000, 3, 300)]
    [InlineData(3, 1, 333_333_333)]
    [InlineData(1_000_000_000, 7, 7)]
    public void Ticks_become_nanoseconds_rounded_down(long frequency, ulong ticks, long nanoseconds) =>
        Assert.Equal(nanoseconds, new TickScale(frequency).ToNanoseconds(ticks));

    [Fact]
    public void A_sum_beyond_64_bits_saturates() =>
        Assert.Equal(long.MaxValue, new TickScale(10_000_000).ToNanoseconds(UInt128.MaxValue));

    [Fact]
    public void A_mutex_with_one_duration_costs_no_array()
    {
        LogLinearHistogram[] many = new LogLinearHistogram[1000];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < many.Length; i++)
        {
            many[i] = new LogLinearHistogram();
            many[i].Add(12345);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / many.Length, 1, 80);
    }

    private static LogLinearHistogram Of(ulong[] values)
    {
        var histogram = new LogLinearHistogram();
        foreach (ulong value in values)
        {
            histogram.Add(value);
        }

        return histogram;
    }
}
