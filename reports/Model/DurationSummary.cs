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

    /// <summary>Several sets as one; none for none. See <see cref="DurationSum.ToSummary"/>.</summary>
    public static DurationSummary Combine(IEnumerable<DurationSummary> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var sum = new DurationSum();
        foreach (DurationSummary part in parts)
        {
            sum.Add(part);
        }

        return sum.ToSummary();
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
