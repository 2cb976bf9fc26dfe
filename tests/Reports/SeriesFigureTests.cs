using CsCheck;
using Tracing.Reports.Model;
using Tracing.Reports.Plots;

namespace Tracing.Reports.Tests;

public sealed class SeriesFigureTests
{
    private static readonly LockReport Active = Reports.ByHand with
    {
        Activity = new LockActivity(1_000_000, 500_000, 3,
        [
            new ActivityClass("Pump", null, [new ActivityBlock(9, 1, 1, 0, 9, 9, 100_000), default, new ActivityBlock(9, 1, 1, 0, 9, 9, 50_000)]),
            new ActivityClass("DeviceQueue", null, [new ActivityBlock(9, 4, 4, 0, 9, 9, 1_000_000), new ActivityBlock(9, 2, 2, 0, 9, 9, 250_000), default]),
            new ActivityClass("Idle", null, [new ActivityBlock(9, 0, 0, 0, 9, 9), default, default]),
        ]),
    };

    [Fact]
    public void Contention_is_how_many_threads_waited_on_average_in_each_block_of_time()
    {
        SeriesFigure figure = SeriesFigure.OfContention(Active);

        Assert.Equal("ms", figure.TimeUnit);
        Assert.Equal(["DeviceQueue", "Pump"], figure.Lines.Select(line => line.Name));
        Assert.Equal([new SeriesPoint(1.25, 2), new SeriesPoint(1.75, 0.5), new SeriesPoint(2.25, 0)], figure.Lines[0].Points);
    }

    [Fact]
    public void Growth_is_how_many_mutexes_of_a_site_were_live()
    {
        LivePoint[] curve = [new(0, 1), new(2_000_000_000, 7)];
        LockReport report = Reports.ByHand with
        {
            Growth = [new LiveGrowth(null, 1, 1, 9, false, [new(0, 3)]), new LiveGrowth(new SourceSite("src/Queue.cs", 118, "Open"), 7, 1, 3, true, curve)],
        };

        SeriesFigure figure = SeriesFigure.OfGrowth(report);

        Assert.Equal(("s", "Queue.cs:118"), (figure.TimeUnit, figure.Lines[0].Name));
        Assert.Equal([new SeriesPoint(0, 1), new SeriesPoint(2, 7)], figure.Lines[0].Points);
    }

    [Fact]
    public void Any_lines_can_be_drawn() => Gen.Double[0, 1e12].Array[1, 20].Array[0, 5].Sample(
        lines =>
        {
            var figure = new SeriesFigure("s", "threads", IsWhole: false, [.. lines.Select(values => new SeriesLine("<x>", [.. values.Select((value, i) => new SeriesPoint(i, value))]))]);
            Assert.Contains("</svg>", SeriesRenderer.ToSvg(figure, PlotTheme.Light), StringComparison.Ordinal);
        },
        iter: 20);
}
