using System.Runtime.InteropServices;

namespace Tracing.Reports.Model;

/// <summary>Several sets of intervals as one, taken one after the other: there may be a million.</summary>
internal sealed class DurationSum
{
    private readonly Dictionary<(long FromNs, long ToNs), Int128> _buckets = [];
    private DurationSummary _only = DurationSummary.None;
    private long _parts;
    private Int128 _count;
    private Int128 _total;
    private Int128 _unknown;
    private Int128 _cut;
    private Int128 _cutTotal;
    private long _cutMax;
    private long _max;

    /// <summary>Takes a set.</summary>
    public void Add(DurationSummary part)
    {
        _only = part;
        _parts++;
        _count += part.Count;
        _total += part.TotalNs;
        _max = Math.Max(_max, part.MaxNs);
        _unknown += part.Unknown;
        _cut += part.Censored.Count;
        _cutTotal += part.Censored.AtLeastTotalNs;
        _cutMax = Math.Max(_cutMax, part.Censored.AtLeastMaxNs);
        foreach (HistogramBucket bucket in part.Histogram)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_buckets, (bucket.FromNs, bucket.ToNs), out _) += bucket.Count;
        }
    }

    /// <summary>
    /// What they are together: counts and totals add up, maxima are the greatest, percentiles are read from the merged histograms and keep their accuracy. Each total was
    /// rounded down to nanoseconds, so the sum is short by less than a nanosecond per set.
    /// </summary>
    public DurationSummary ToSummary()
    {
        if (_parts == 1)
        {
            return _only;
        }

        HistogramBucket[] buckets = [.. _buckets.Select(bucket => new HistogramBucket(bucket.Key.FromNs, bucket.Key.ToNs, SaturatingSums.Saturate(bucket.Value)))
            .OrderBy(bucket => bucket.FromNs).ThenBy(bucket => bucket.ToNs)];
        long count = SaturatingSums.Saturate(_count);
        long total = SaturatingSums.Saturate(_total);
        return new DurationSummary
        {
            Count = count,
            TotalNs = total,
            MeanNs = count == 0 ? 0 : total / count,
            P50Ns = Quantile(buckets, 50, 100),
            P90Ns = Quantile(buckets, 90, 100),
            P99Ns = Quantile(buckets, 99, 100),
            P999Ns = Quantile(buckets, 999, 1000),
            MaxNs = _max,
            Sampled = buckets.SaturatingSum(bucket => bucket.Count),
            Censored = new CensoredSummary(SaturatingSums.Saturate(_cut), SaturatingSums.Saturate(_cutTotal), _cutMax),
            Unknown = SaturatingSums.Saturate(_unknown),
            Histogram = buckets,
        };
    }

    /// <summary>The middle of the bucket in which the value of the rank lies, as the histogram itself answers; never above the exact maximum.</summary>
    private long Quantile(HistogramBucket[] buckets, int numerator, int denominator)
    {
        Int128 all = buckets.Aggregate(Int128.Zero, (sum, bucket) => sum + bucket.Count);
        Int128 rank = Int128.Max(1, ((all * numerator) + denominator - 1) / denominator);
        Int128 passed = 0;
        foreach (HistogramBucket bucket in buckets)
        {
            passed += bucket.Count;
            if (passed >= rank)
            {
                return Math.Min(_max, bucket.FromNs + ((bucket.ToNs - bucket.FromNs) / 2));
            }
        }

        return 0;
    }
}
