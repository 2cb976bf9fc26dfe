using System.Runtime.InteropServices;

namespace Tracing.Reports.Model;

/// <summary>
/// A set of intervals in numbers, in nanoseconds. Totals and the maximum are exact in clock ticks and rounded down once, when turned into
/// nanoseconds; percentiles come from a log-linear histogram and are within one percent of the true value.
/// </summary>
public sealed record DurationSummary
{
    /// <summary>No intervals at all.</summary>
    public static DurationSummary None { get; } = new();

    /// <summary>Complete intervals: both ends are known.</summary>
    public long Count { get; init; }

    /// <summary>Sum of the complete intervals.</summary>
    public long TotalNs { get; init; }

    /// <summary>Total over count, rounded down; 0 when there are none.</summary>
    public long MeanNs { get; init; }

    /// <summary>Half of the intervals are no longer than this.</summary>
    public long P50Ns { get; init; }

    /// <summary>90 % are no longer.</summary>
    public long P90Ns { get; init; }

    /// <summary>99 % are no longer.</summary>
    public long P99Ns { get; init; }

    /// <summary>99.9 % are no longer.</summary>
    public long P999Ns { get; init; }

    /// <summary>The longest complete interval.</summary>
    public long MaxNs { get; init; }

    /// <summary>
    /// How many intervals the percentiles rest on. Equal to <see cref="Count"/> where each interval has its event; lower, down to 0, where totals
    /// come from the driver's counters.
    /// </summary>
    public long Sampled { get; init; }

    /// <summary>Intervals cut by the start or the end of the recording.</summary>
    public CensoredSummary Censored { get; init; } = CensoredSummary.None;

    /// <summary>Intervals that began and whose end was lost: counted, and never given a length.</summary>
    public long Unknown { get; init; }

    /// <summary>
    /// The distribution, by ascending duration; empty buckets are left out. Fine per mutex, so that summaries can be combined; coarse, as a picture
    /// needs it, for the trace as a whole.
    /// </summary>
    public IReadOnlyList<HistogramBucket> Histogram { get; init; } = [];

    /// <summary>
    /// Several sets as one: counts and totals add up, maxima are the greatest, percentiles are read from the merged histograms and keep their
    /// accuracy. Each total was rounded down to nanoseconds, so the sum is short by less than a nanosecond per set.
    /// </summary>
    public static DurationSummary Combine(IReadOnlyCollection<DurationSummary> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 1)
        {
            return parts.First();
        }

        // Once over all of them, and not once for each sum: there may be a million.
        Dictionary<(long FromNs, long ToNs), Int128> counts = [];
        (Int128 count, Int128 total, Int128 cut, Int128 cutTotal, Int128 unknown) = default((Int128, Int128, Int128, Int128, Int128));
        (long max, long cutMax) = (0, 0);
        foreach (DurationSummary part in parts)
        {
            count += part.Count;
            total += part.TotalNs;
            max = Math.Max(max, part.MaxNs);
            cut += part.Censored.Count;
            cutTotal += part.Censored.AtLeastTotalNs;
            cutMax = Math.Max(cutMax, part.Censored.AtLeastMaxNs);
            unknown += part.Unknown;
            foreach (HistogramBucket bucket in part.Histogram)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, (bucket.FromNs, bucket.ToNs), out _) += bucket.Count;
            }
        }

        HistogramBucket[] buckets = [.. counts.Select(bucket => new HistogramBucket(bucket.Key.FromNs, bucket.Key.ToNs, SaturatingSums.Saturate(bucket.Value)))
            .OrderBy(bucket => bucket.FromNs).ThenBy(bucket => bucket.ToNs)];
        return new DurationSummary
        {
            Count = SaturatingSums.Saturate(count),
            TotalNs = SaturatingSums.Saturate(total),
            MeanNs = count == 0 ? 0 : SaturatingSums.Saturate(total) / SaturatingSums.Saturate(count),
            P50Ns = Quantile(buckets, max, 50, 100),
            P90Ns = Quantile(buckets, max, 90, 100),
            P99Ns = Quantile(buckets, max, 99, 100),
            P999Ns = Quantile(buckets, max, 999, 1000),
            MaxNs = max,
            Sampled = buckets.SaturatingSum(bucket => bucket.Count),
            Censored = new CensoredSummary(SaturatingSums.Saturate(cut), SaturatingSums.Saturate(cutTotal), cutMax),
            Unknown = SaturatingSums.Saturate(unknown),
            Histogram = buckets,
        };
    }

    /// <summary>The middle of the bucket in which the value of the rank lies, as the histogram itself answers; never above the exact maximum.</summary>
    private static long Quantile(HistogramBucket[] buckets, long max, int numerator, int denominator)
    {
        Int128 all = buckets.Aggregate(Int128.Zero, (sum, bucket) => sum + bucket.Count);
        Int128 rank = Int128.Max(1, ((all * numerator) + denominator - 1) / denominator);
        Int128 passed = 0;
        foreach (HistogramBucket bucket in buckets)
        {
            passed += bucket.Count;
            if (passed >= rank)
            {
                return Math.Min(max, bucket.FromNs + ((bucket.ToNs - bucket.FromNs) / 2));
            }
        }

        return 0;
    }
}

/// <summary>Intervals of which only a lower bound is known: they lasted at least so long. Not part of totals, means and percentiles.</summary>
/// <param name="Count">How many.</param>
/// <param name="AtLeastTotalNs">Sum of the lower bounds.</param>
/// <param name="AtLeastMaxNs">The greatest lower bound.</param>
public sealed record CensoredSummary(long Count, long AtLeastTotalNs, long AtLeastMaxNs)
{
    /// <summary>Nothing was cut.</summary>
    public static CensoredSummary None { get; } = new(0, 0, 0);
}

/// <summary>How many intervals lasted between two bounds.</summary>
/// <param name="FromNs">Shortest duration of the bucket, inclusive.</param>
/// <param name="ToNs">Upper bound, exclusive.</param>
/// <param name="Count">Intervals within.</param>
public readonly record struct HistogramBucket(long FromNs, long ToNs, long Count);
