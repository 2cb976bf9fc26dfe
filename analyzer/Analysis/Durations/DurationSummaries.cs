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

        ReadOnlySpan<(int Bucket, long Count)> buckets = tally.TryGetOnlyBucket(out (int, long) only) ? new ReadOnlySpan<(int Bucket, long Count)>(in only) : tally.Buckets();
        return new DurationSummary
        {
            Count = tally.Count,
            TotalNs = scale.ToNanoseconds(tally.Total),
            MeanNs = tally.Count == 0 ? 0 : scale.ToNanoseconds(tally.Total) / tally.Count,
            P50Ns = QuantileNs(buckets, tally, scale, 50, 100),
            P90Ns = QuantileNs(buckets, tally, scale, 90, 100),
            P99Ns = QuantileNs(buckets, tally, scale, 99, 100),
            P999Ns = QuantileNs(buckets, tally, scale, 999, 1000),
            MaxNs = scale.ToNanoseconds(tally.Max),
            Sampled = tally.Count,
            Censored = tally.Censored == 0
                ? CensoredSummary.None
                : new CensoredSummary(tally.Censored, scale.ToNanoseconds(tally.CensoredTotal), scale.ToNanoseconds(tally.CensoredMax)),
            Unknown = tally.Lost + tally.Impossible,
            Histogram = Fine(buckets, scale),
        };
    }

    /// <summary>The distribution as it was counted.</summary>
    private static HistogramBucket[] Fine(ReadOnlySpan<(int Bucket, long Count)> counted, TickScale scale)
    {
        var fine = new HistogramBucket[counted.Length];
        for (int i = 0; i < fine.Length; i++)
        {
            UInt128 from = LogLinearHistogram.LowerBound(counted[i].Bucket);
            UInt128 end = from + LogLinearHistogram.WidthOf(counted[i].Bucket);
            fine[i] = new HistogramBucket(scale.ToNanoseconds(from), scale.ToNanoseconds(end), counted[i].Count);
        }

        return fine;
    }

    /// <summary>The distribution in buckets of a quarter of a power of two, which is what a picture can show.</summary>
    public static IReadOnlyList<HistogramBucket> Histogram(in DurationTally tally, TickScale scale)
    {
        if (tally.Count == 0)
        {
            return [];
        }

        // Sixteen of the fine buckets make a quarter of a power of two, from 64 ticks on.
        const int FinePerCoarse = 16;
        var coarse = new List<HistogramBucket>();
        int current = -1;
        long count = 0;
        foreach ((int bucket, long n) in tally.Buckets())
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

    private static long QuantileNs(ReadOnlySpan<(int Bucket, long Count)> buckets, in DurationTally tally, TickScale scale, int numerator, int denominator) =>
        scale.ToNanoseconds(Math.Min(tally.Max, LogLinearHistogram.QuantileOf(buckets, tally.Count, numerator, denominator)));
}
