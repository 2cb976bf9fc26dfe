using System.Xml.Linq;
using Tracing.Reports.Model;
using Tracing.Reports.Plots;

namespace Tracing.Reports.Tests;

/// <summary>What pictures show is tested by their numbers; of the drawing only that it is one.</summary>
public sealed class FigureTests
{
    [Fact]
    public void The_worst_mutexes_are_drawn_in_the_unit_of_the_longest_bar()
    {
        var figure = TopMutexesFigure.From(Reports.ByHand);

        Assert.Equal("s", figure.Unit);
        Assert.Equal(["DeviceQueue", "Idle"], figure.Bars.Select(bar => bar.Name));
        Assert.Equal([1.2, 0], figure.Bars.Select(bar => bar.Wait));
        Assert.Equal([1.5, 0.000_005], figure.Bars.Select(bar => bar.Hold));
    }

    [Fact]
    public void Mutexes_never_waited_for_nor_held_are_not_drawn()
    {
        LockReport report = Reports.ByHand with { Mutexes = [new MutexRow { Id = 1, Label = "Unused" }] };

        Assert.Empty(TopMutexesFigure.From(report).Bars);
    }

    [Fact]
    public void The_histogram_is_on_a_logarithmic_axis()
    {
        var figure = DurationHistogramFigure.OfWaits(Reports.ByHand);

        Assert.Equal([150L, 250L], figure.Bars.Select(bar => bar.Count));
        Assert.Equal(6.0, figure.Bars[0].From, 12);
        Assert.Equal(figure.Bars[0].To, figure.Bars[1].From, 12);
    }

    [Fact]
    public void Both_figures_draw_as_SVG_in_both_themes()
    {
        foreach (PlotTheme theme in (PlotTheme[])[PlotTheme.Light, PlotTheme.Dark])
        {
            Assert.Equal("svg", XElement.Parse(PlotRenderer.ToSvg(TopMutexesFigure.From(Reports.ByHand), theme)).Name.LocalName);
            Assert.Equal("svg", XElement.Parse(PlotRenderer.ToSvg(DurationHistogramFigure.OfWaits(Reports.ByHand), theme)).Name.LocalName);
        }
    }

    [Fact]
    public void Holds_are_drawn_from_their_own_buckets_and_fine_ones_share_a_bar()
    {
        // 1024 and 1040 ns lie in one quarter of a power of two, 2048 ns in another.
        LockReport report = Reports.ByHand with
        {
            AllHolds = new DurationSummary { Count = 6, Histogram = [new HistogramBucket(1024, 1040, 1), new HistogramBucket(1040, 1056, 2), new HistogramBucket(2048, 2080, 3)] },
        };

        Assert.Equal([3L, 3L], DurationHistogramFigure.OfHolds(report).Bars.Select(bar => bar.Count));
    }

    [Fact]
    public void A_PNG_begins_as_one()
    {
        byte[] signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
        Assert.Equal(signature, PlotRenderer.ToPng(TopMutexesFigure.From(Reports.ByHand), PlotTheme.Light)[..8]);
        Assert.Equal(signature, PlotRenderer.ToPng(DurationHistogramFigure.OfWaits(Reports.ByHand), PlotTheme.Dark)[..8]);
    }

    [Fact]
    public void A_hostile_name_does_not_break_the_drawing()
    {
        foreach (string name in Reports.HostileNames)
        {
            LockReport report = Reports.ByHand with { Mutexes = [Reports.ByHand.Mutexes[1] with { Label = name, Name = name }] };
            string svg = PlotRenderer.ToSvg(TopMutexesFigure.From(report), PlotTheme.Light);
            Assert.DoesNotContain(XElement.Parse(svg).Descendants(), element => element.Name.LocalName is "script" or "image");
        }
    }
}
