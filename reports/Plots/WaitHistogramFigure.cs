using Tracing.Reports.Model;

namespace Tracing.Reports.Plots;

/// <summary>The numbers of a picture: how many waits lasted how long, on a logarithmic axis.</summary>
/// <param name="Bars">The buckets that hold something, by ascending duration.</param>
public sealed record WaitHistogramFigure(IReadOnlyList<HistogramBar> Bars)
{
    /// <summary>Takes the numbers from a report: the waits for all its mutexes.</summary>
    public static WaitHistogramFigure From(LockReport report)
    {
        ArgumentNullException.ThrowIfNull(report);

        // A duration below a nanosecond has no place on a logarithmic axis: its bucket begins at 1 ns.
        return new WaitHistogramFigure([.. report.AllWaits.Histogram.Select(bucket => new HistogramBar(
            Math.Log10(Math.Max(1, bucket.FromNs)), Math.Log10(Math.Max(2, bucket.ToNs)), bucket.Count))]);
    }
}

/// <summary>One bucket of a <see cref="WaitHistogramFigure"/>.</summary>
/// <param name="From">Decimal logarithm of its shortest duration in nanoseconds.</param>
/// <param name="To">Decimal logarithm of its upper bound in nanoseconds.</param>
/// <param name="Count">Waits within.</param>
public sealed record HistogramBar(double From, double To, long Count);
