using Tracing.Reports.Model;

namespace Tracing.Reports.Plots;

/// <summary>The numbers of a picture: how many waits, or holds, lasted how long, on a logarithmic axis.</summary>
/// <param name="What">What lasted: <c>wait</c> or <c>hold</c>.</param>
/// <param name="Bars">The buckets that hold something, by ascending duration.</param>
public sealed record DurationHistogramFigure(string What, IReadOnlyList<HistogramBar> Bars)
{
    /// <summary>Takes the waits for all mutexes of a report.</summary>
    public static DurationHistogramFigure OfWaits(LockReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return From("wait", report.AllWaits);
    }

    /// <summary>Takes the holds of all mutexes of a report.</summary>
    public static DurationHistogramFigure OfHolds(LockReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return From("hold", report.AllHolds);
    }

    // A bar per quarter of a power of two, whether the buckets are coarse already or fine. A duration below a nanosecond has no place on a
    // logarithmic axis: its bucket begins at 1 ns.
    private static DurationHistogramFigure From(string what, DurationSummary durations) => new(what,
    [
        .. durations.Histogram.GroupBy(bucket => (int)Math.Floor(4 * Math.Log2(Math.Max(1, bucket.FromNs)))).Select(quarter => new HistogramBar(
            Math.Log10(Math.Max(1, quarter.Min(bucket => bucket.FromNs))), Math.Log10(Math.Max(2, quarter.Max(bucket => bucket.ToNs))),
            quarter.Sum(bucket => bucket.Count))),
    ]);
}

/// <summary>One bucket of a <see cref="DurationHistogramFigure"/>.</summary>
/// <param name="From">Decimal logarithm of its shortest duration in nanoseconds.</param>
/// <param name="To">Decimal logarithm of its upper bound in nanoseconds.</param>
/// <param name="Count">Waits, or holds, within.</param>
public sealed record HistogramBar(double From, double To, long Count);
