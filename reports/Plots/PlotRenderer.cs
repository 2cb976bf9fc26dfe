using System.Globalization;
using ScottPlot;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Plots;

/// <summary>Draws figures as SVG or PNG with ScottPlot. What is drawn is decided by the figures; here are only places and colours.</summary>
public static class PlotRenderer
{
    private const int Width = 600;
    private const int HistogramHeight = 300;

    // A picture of pixels is looked at on screens with two for one.
    private const int PixelsPerUnit = 2;
    private const double BarSize = 0.38;

    /// <summary>Two bars per mutex, the worst mutex on top, as SVG.</summary>
    public static string ToSvg(TopMutexesFigure figure, PlotTheme theme)
    {
        using Plot plot = Draw(figure, theme);
        return plot.GetSvgXml(Width, HeightOf(figure));
    }

    /// <summary>Two bars per mutex, the worst mutex on top, as PNG.</summary>
    public static byte[] ToPng(TopMutexesFigure figure, PlotTheme theme)
    {
        using Plot plot = Draw(figure, theme);
        plot.ScaleFactor = PixelsPerUnit;
        return plot.GetImageBytes(Width * PixelsPerUnit, HeightOf(figure) * PixelsPerUnit, ImageFormat.Png);
    }

    /// <summary>One bar per bucket, as wide as its share of the logarithmic axis, as SVG.</summary>
    public static string ToSvg(DurationHistogramFigure figure, PlotTheme theme)
    {
        using Plot plot = Draw(figure, theme);
        return plot.GetSvgXml(Width, HistogramHeight);
    }

    /// <summary>One bar per bucket, as wide as its share of the logarithmic axis, as PNG.</summary>
    public static byte[] ToPng(DurationHistogramFigure figure, PlotTheme theme)
    {
        using Plot plot = Draw(figure, theme);
        plot.ScaleFactor = PixelsPerUnit;
        return plot.GetImageBytes(Width * PixelsPerUnit, HistogramHeight * PixelsPerUnit, ImageFormat.Png);
    }

    private static int HeightOf(TopMutexesFigure figure) => 130 + (44 * Math.Max(1, figure.Bars.Count));

    private static Plot Draw(TopMutexesFigure figure, PlotTheme theme)
    {
        ArgumentNullException.ThrowIfNull(figure);
        ArgumentNullException.ThrowIfNull(theme);
        var plot = new Plot();
        Bar[] waits = [.. figure.Bars.Select((bar, i) => MakeBar(bar.Wait, -i + (BarSize / 2), theme.Wait))];
        Bar[] holds = [.. figure.Bars.Select((bar, i) => MakeBar(bar.Hold, -i - (BarSize / 2), theme.Hold))];
        plot.Add.Bars(waits).LegendText = "waited for";
        plot.Add.Bars(holds).LegendText = "held";
        double[] places = [.. figure.Bars.Select((_, i) => (double)-i)];
        plot.Axes.Left.SetTicks(places, [.. figure.Bars.Select(bar => bar.Name)]);
        plot.XLabel($"total time in {figure.Unit}");
        plot.Grid.YAxisStyle.IsVisible = false;
        plot.Axes.Margins(left: 0, right: 0.05, bottom: 0.05, top: 0.05);
        plot.ShowLegend(Edge.Top);
        theme.Apply(plot);
        return plot;

        static Bar MakeBar(double value, double position, Color colour) => new()
        {
            Value = value,
            Position = position,
            Size = BarSize,
            Orientation = Orientation.Horizontal,
            FillColor = colour,
            LineWidth = 0,
        };
    }

    private static Plot Draw(DurationHistogramFigure figure, PlotTheme theme)
    {
        ArgumentNullException.ThrowIfNull(figure);
        ArgumentNullException.ThrowIfNull(theme);
        var plot = new Plot();
        Color colour = figure.What == "hold" ? theme.Hold : theme.Wait;
        Bar[] bars = [.. figure.Bars.Select(bar => new Bar
        {
            Value = bar.Count,
            Position = (bar.From + bar.To) / 2,
            Size = (bar.To - bar.From) * 0.94,
            FillColor = colour,
            LineWidth = 0,
        })];
        plot.Add.Bars(bars);
        plot.Axes.Bottom.SetTicks(
            [.. Enumerable.Range(0, 19).Select(power => (double)power)],
            [.. Enumerable.Range(0, 19).Select(power => HumanDuration.Format((long)Math.Pow(10, power)))]);
        plot.XLabel(figure.What);
        plot.YLabel("acquires");
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic
        {
            IntegerTicksOnly = true,
            LabelFormatter = value => value.ToString("N0", CultureInfo.InvariantCulture),
        };
        plot.Axes.Margins(left: 0.05, right: 0.05, bottom: 0, top: 0.1);

        // Room for half of the label under the last tick.
        plot.Axes.Right.MinimumSize = 32;
        theme.Apply(plot);
        return plot;
    }
}
