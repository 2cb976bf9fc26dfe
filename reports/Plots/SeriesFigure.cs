using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Plots;

/// <summary>The numbers of a picture over time: a line each.</summary>
/// <param name="TimeUnit">The unit of the times: <c>ns</c>, <c>us</c>, <c>ms</c> or <c>s</c> since the start of the recording.</param>
/// <param name="What">What the values are.</param>
/// <param name="IsWhole">Whether they are counts.</param>
/// <param name="Lines">The lines, the most important first.</param>
public sealed record SeriesFigure(string TimeUnit, string What, bool IsWhole, IReadOnlyList<SeriesLine> Lines)
{
    // More lines than colours and dashes that can be told apart help nobody.
    private const int MostLines = 5;
    private const int NameCells = 28;

    /// <summary>
    /// How many threads waited for each of the worst classes of mutexes, on average over each block of time.
    /// </summary>
    /// <param name="report">A report with its activity.</param>
    public static SeriesFigure OfContention(LockReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        LockActivity activity = report.Activity ?? throw new ArgumentException("The report was read without its activity.", nameof(report));
        (long ns, string unit) = DurationUnit.Of(activity.StartNs + (activity.Blocks * activity.BlockNs));
        return new SeriesFigure(unit, "threads waiting, on average", IsWhole: false,
        [
            .. activity.Classes.Select(one => (Class: one, Total: one.Blocks.Sum(block => (double)block.WaitingNs))).Where(one => one.Total > 0)
                .OrderByDescending(one => one.Total).ThenBy(one => one.Class.Name, StringComparer.Ordinal).Take(MostLines)
                .Select(one => new SeriesLine(NameOf(one.Class.Name),
                    [.. one.Class.Blocks.Select((block, i) => new SeriesPoint((activity.StartNs + ((i + 0.5) * activity.BlockNs)) / ns, (double)block.WaitingNs / activity.BlockNs))])),
        ]);
    }

    /// <summary>How many mutexes of each allocation site were live, those that grow fastest first.</summary>
    public static SeriesFigure OfGrowth(LockReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        (long ns, string unit) = DurationUnit.Of(report.Growth.SelectMany(growth => growth.Curve).Select(point => point.AtNs).DefaultIfEmpty().Max());
        return new SeriesFigure(unit, "live mutexes", IsWhole: true,
        [
            .. report.Growth.Where(growth => growth.Curve.Count > 0).OrderByDescending(growth => growth.Rises).ThenByDescending(growth => growth.PerSecond).Take(MostLines)
                .Select(growth => new SeriesLine(NameOf(growth.Site?.Short ?? "(unknown site)"), [.. growth.Curve.Select(point => new SeriesPoint((double)point.AtNs / ns, point.Live))])),
        ]);
    }

    private static string NameOf(string name) => SafeText.Fit(SafeText.Escape(name), NameCells);
}

/// <summary>One line of a <see cref="SeriesFigure"/>.</summary>
/// <param name="Name">What to call it: escaped and short.</param>
/// <param name="Points">Its points, by time.</param>
public sealed record SeriesLine(string Name, IReadOnlyList<SeriesPoint> Points);

/// <summary>A point of a <see cref="SeriesLine"/>.</summary>
/// <param name="Time">When, in the figure's unit.</param>
/// <param name="Value">How much.</param>
public readonly record struct SeriesPoint(double Time, double Value);
