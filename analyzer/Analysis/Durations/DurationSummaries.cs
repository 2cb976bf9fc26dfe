using Tracing.Reports.Model;

namespace Tracing.Analysis.Durations;

/// <summary>Makes of a tally in ticks what a report shows in nanoseconds.</summary>
internal static class DurationSummaries
{
    public static DurationSummary Summarize(in DurationTally tally, TickScale scale)
    {
        if (tally.Count + tally.Censored + tally.Lost + tally.Impossible == 0)
        {
            return DurationSummary.None;
        }

        return new DurationSummary
        {
            Count = tally.Count,
            TotalNs = scale.ToNanoseconds(tally.Total),
            MeanNs = tally.Count == 0 ? 0 : scale.ToNanoseconds(tally.Total) / tally.Count,
            P50Ns = QuantileNs(tally, scale, 50, 100),
            P90Ns = QuantileNs(tally, scale, 90, 100),
            P99Ns = QuantileNs(tally, scale, 99, 100),
            P999Ns = QuantileNs(tally, scale, 999, 1000),
            MaxNs = scale.ToNanoseconds(tally.Max),
            Sampled = tally.Count,
            Censored = tally.Censored == 0
                ? CensoredSummary.None
                : new CensoredSummary(tally.Censored, scale.ToNanoseconds(tally.CensoredTotal), scale.ToNanoseconds(tally.CensoredMax)),
            Unknown = tally.Lost + tally.Impossible,
            Histogram = Fine(tally, scale),
        };
    }

    /// <summary>The buckets as they were counted.</summary>
    private static HistogramBucket[] Fine(in DurationTally tally, TickScale scale) => tally.Histogram is null ? [] :
    [
        .. tally.Histogram.Buckets().Select(entry =>
        {
            UInt128 from = LogLinearHistogram.LowerBound(entry.Bucket);
            return new HistogramBucket(scale.ToNanoseconds(from), scale.ToNanoseconds(from + LogLinearHistogram.WidthOf(entry.Bucket)), entry.Count);
        }),
    ];

    /// <summary>The distribution in buckets of a quarter of a power of two, which is what a picture can show.</summary>
    public static IReadOnlyList<HistogramBucket> Histogram(in DurationTally tally, TickScale scale)
    {
        if (tally.Histogram is null)
        {
            return [];
        }

        // Sixteen of the fine buckets make a quarter of a power of two, from 64 ticks on.
        const int FinePerCoarse = 16;
        var coarse = new List<HistogramBucket>();
        int current = -1;
        long count = 0;
        foreach ((int bucket, long n) in tally.Histogram.Buckets())
        {
            if (current >= 0 && bucket / FinePerCoarse != current)
            {
                coarse.Add(Coarse(current, count));
                count = 0;
            }

            current = bucket / FinePerCoarse;
            count += n;
        }

        coarse.Add(Coarse(current, count));
        return coarse;

        HistogramBucket Coarse(int index, long total)
        {
            int last = (index * FinePerCoarse) + FinePerCoarse - 1;
            UInt128 end = (UInt128)LogLinearHistogram.LowerBound(last) + LogLinearHistogram.WidthOf(last);
            return new HistogramBucket(
                scale.ToNanoseconds(LogLinearHistogram.LowerBound(index * FinePerCoarse)), scale.ToNanoseconds(end), total);
        }
    }

    private static long QuantileNs(in DurationTally tally, TickScale scale, int numerator, int denominator) =>
        tally.Histogram is null ? 0 : scale.ToNanoseconds(Math.Min(tally.Max, tally.Histogram.Quantile(numerator, denominator)));
}
