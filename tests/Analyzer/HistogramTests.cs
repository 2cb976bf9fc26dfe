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
    public void Durations_of_one_bucket_take_no_memory()
    {
        DurationTally tally = default;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            tally.Add(12345);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal([(LogLinearHistogram.BucketOf(12345), 1000)], tally.Buckets());
    }

    [Fact]
    public void A_tally_counts_as_a_histogram_does_and_merges_to_the_same() =>
        Gen.Select(Few.Array[0, 30], Few.Array[0, 30]).Sample((left, right) =>
        {
            DurationTally merged = TallyOf(left);
            Assert.Equal(Of(left).Buckets(), merged.Buckets());
            merged.Merge(TallyOf(right));
            Assert.Equal(Of([.. left, .. right]).Buckets(), merged.Buckets());
            Assert.Equal(left.Length + right.Length, merged.Count);
        });

    // Often in one bucket, or in none.
    private static Gen<ulong> Few => Gen.OneOf(Gen.ULong[0, 2], Gen.ULong[1_000_000, 1_010_000]);

    private static DurationTally TallyOf(ulong[] values)
    {
        DurationTally tally = default;
        foreach (ulong value in values)
        {
            tally.Add(value);
        }

        return tally;
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
