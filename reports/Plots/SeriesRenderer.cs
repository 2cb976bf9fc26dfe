using ScottPlot;
using ScottPlot.Plottables;

namespace Tracing.Reports.Plots;

/// <summary>Draws lines over time as SVG or PNG with ScottPlot. Lines differ in colour and in dashes, so that they can be told apart without the colour.</summary>
public static class SeriesRenderer
{
    private const int Width = 600;
    private const int Height = 320;
    private const int PixelsPerUnit = 2;

    // Okabe and Ito's colours that stand out on white as on near black.
    private static readonly string[] Colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00"];
    private static readonly LinePattern[] Patterns = [LinePattern.Solid, LinePattern.Dashed, LinePattern.Dotted, LinePattern.DenselyDashed, LinePattern.Solid];

    /// <summary>A line each, as SVG.</summary>
    public static string ToSvg(SeriesFigure figure, PlotTheme theme)
    {
        using Plot plot = Draw(figure, theme);
        return plot.GetSvgXml(Width, Height);
    }

    /// <summary>A line each, as PNG.</summary>
    public static byte[] ToPng(SeriesFigure figure, PlotTheme theme)
    {
        using Plot plot = Draw(figure, theme);
        plot.ScaleFactor = PixelsPerUnit;
        return plot.GetImageBytes(Width * PixelsPerUnit, Height * PixelsPerUnit, ImageFormat.Png);
    }

    private static Plot Draw(SeriesFigure figure, PlotTheme theme)
    {
        ArgumentNullException.ThrowIfNull(figure);
        ArgumentNullException.ThrowIfNull(theme);
        var plot = new Plot();
        for (int i = 0; i < figure.Lines.Count; i++)
        {
            SeriesLine line = figure.Lines[i];
            double[] times = [.. line.Points.Select(point => point.Time)];
            double[] values = [.. line.Points.Select(point => point.Value)];
            Scatter drawn = plot.Add.ScatterLine(times, values, Color.FromHex(Colours[i % Colours.Length]));
            drawn.LegendText = line.Name;
            drawn.LineWidth = 2;
            drawn.LinePattern = Patterns[i % Patterns.Length];
        }

        plot.XLabel($"time in {figure.TimeUnit}");
        plot.YLabel(figure.What);
        if (figure.IsWhole)
        {
            plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        }

        plot.Axes.Margins(left: 0.02, right: 0.02, bottom: 0, top: 0.1);
        plot.Axes.SetLimitsY(0, Math.Max(figure.Lines.SelectMany(line => line.Points).Select(point => point.Value).DefaultIfEmpty().Max() * 1.1, 1e-9));
        plot.ShowLegend(Edge.Top);
        theme.Apply(plot);
        return plot;
    }
}
