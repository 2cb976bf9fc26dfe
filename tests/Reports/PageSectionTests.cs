using System.Text;
using System.Xml.Linq;
using Tracing.Reports.Html;
using Tracing.Reports.Model;

namespace Tracing.Reports.Tests;

/// <summary>Sections of the page that explain: who made whom wait, lock orders, distributions. Those without data are left out.</summary>
public sealed class PageSectionTests
{
    private static readonly SourceSite Push = new("C:/src/Queue.cs", 118, "Push");
    private static readonly SourceSite Pop = new("C:/src/Queue.cs", 140, "Pop");

    private static readonly BlameSummary Blame = new()
    {
        Waits = 2,
        WaitNs = 1_000,
        BlamedNs = 700,
        HandOffNs = 250,
        UnknownNs = 50,
        Sites = [new(BlameCause.Hold, Push, Pop, 700, 3), new(BlameCause.HandOff, null, Pop, 250, 2), new(BlameCause.Unknown, null, null, 50, 1)],
        Threads = [new(12, 8, 600, 2), new(16, 8, 100, 1)],
        SlowestWaits = [new(5_000, 800, [new(12, Pop, 7, "DeviceQueue", 8, Push, 800, 600), new(8, Push, 9, "Table", null, null, 500, 0)])],
    };

    [Fact]
    public void Blocking_is_shown_by_place_and_by_thread_with_its_shares()
    {
        XElement section = Section(Reports.ByHand with { Blame = Blame }, "blocking")!;

        Assert.Contains("Of 1.00 us of waiting 700 ns (70 %) passed while somebody held the mutex, 250 ns (25 %) between two owners", section.Value, StringComparison.Ordinal);
        XElement[] figures = [.. section.Descendants("svg")];
        Assert.Equal(
            ["Queue.cs:140: 700 ns for Queue.cs:118", "Queue.cs:140: 250 ns for (hand-off)", "(place not known): 50 ns for (not known)"],
            figures[0].Descendants("title").Select(title => title.Value));
        Assert.Equal(["12: 600 ns for 8", "16: 100 ns for 8"], figures[1].Descendants("title").Select(title => title.Value));
        Assert.Equal(["12 600 ns", "16 100 ns", "8 700 ns"], figures[1].Descendants("text").Select(text => text.Value));
    }

    [Fact]
    public void A_slow_wait_links_to_its_place_in_the_timeline_and_tells_its_chain()
    {
        XElement section = Section(Reports.ByHand with { Blame = Blame, Timeline = Timelines.TwoThreads }, "slowest-waits")!;

        Assert.Equal("#t=5000-5800&lane=mutex-7&thread=12&kind=wait", section.Descendants("a").Single().Attribute("href")!.Value);
        Assert.Equal(
            [["DeviceQueue", "12", "Queue.cs:140", "5.00 us", "800 ns", "8 at Queue.cs:118, 600 ns"], ["Table", "8", "Queue.cs:118", "meanwhile", "500 ns", "not known"]],
            section.Descendants("tbody").Elements("tr").Select(row => row.Elements("td").Select(cell => cell.Value).ToArray()));
    }

    [Fact]
    public void The_lock_order_graph_marks_the_orders_that_contradict_each_other()
    {
        LockOrder Order(string held, string taken) => new(held, Push, taken, Pop, [], 5, [8, 12], 0);
        LockOrder[] orders = [Order("A", "B"), Order("B", "A"), Order("A", "C")];
        XElement section = Section(Reports.ByHand with { LockOrders = orders, PossibleDeadlocks = [new([orders[0], orders[1]], 100, true)] }, "lock-order")!;

        Assert.Equal(2, section.Descendants("path").Count(path => path.Attribute("class")?.Value == "order cycle"));
        Assert.Equal(1, section.Descendants("path").Count(path => path.Attribute("class")?.Value == "order"));
        Assert.Equal(["A", "B", "C"], section.Descendants("text").Select(text => text.Value));
        Assert.Contains("A then B, 5 times: Queue.cs:118 then Queue.cs:140", section.Descendants("title").Select(title => title.Value));
    }

    [Fact]
    public void A_histogram_has_a_bar_for_each_bucket_and_says_it_in_words()
    {
        XElement section = Section(Reports.ByHand with { AllWaits = Reports.ByHand.AllWaits with { P50Ns = 2_500_000, P99Ns = 3_900_000, MaxNs = 3_999_999 } }, "waits")!;

        Assert.Equal(["1.00 ms to 2.00 ms: 150", "2.00 ms to 4.00 ms: 250"], section.Descendants("title").Select(title => title.Value));
        Assert.Equal("400 in all; half last at most 2.50 ms, 99 of 100 at most 3.90 ms, the longest 4.00 ms.", section.Element("p")!.Value);
    }

    [Fact]
    public void The_live_mutexes_of_a_site_are_a_curve_over_time()
    {
        LiveGrowth growth = new(Push, 40, 10, 15, true, [new(0, 0), new(1_000_000_000, 15), new(2_000_000_000, 30)]);
        XElement section = Section(Reports.ByHand with { Growth = [growth, growth with { Curve = [new(0, 0), new(1, 0)] }] }, "growth")!;

        Assert.Equal("70,122 353,68 636,14", section.Descendants("polyline").Single().Attribute("points")!.Value);
        Assert.Equal("rises and does not fall back: 15 more per second, 40 allocated, 10 freed", section.Descendants("p").First().Value);
    }

    [Theory]
    [InlineData("growth")]
    [InlineData("blocking")]
    [InlineData("slowest-waits")]
    [InlineData("chains")]
    [InlineData("convoys")]
    [InlineData("lock-order")]
    [InlineData("timeline-section")]
    [InlineData("holds")]
    public void A_section_without_data_is_left_out(string id) => Assert.Null(Section(Reports.ByHand, id));

    [Fact]
    public void Hostile_names_stay_text_in_drawings()
    {
        foreach (string name in Reports.HostileNames)
        {
            var site = new SourceSite(name, 1, name);
            LockOrder order = new(name, site, name, site, [name], 1, [1], 0);
            XElement page = Parse(Reports.ByHand with
            {
                Blame = Blame with
                {
                    Sites = [new(BlameCause.Hold, site, site, 700, 3)],
                    SlowestWaits = [new(1, 2, [new(12, site, 7, name, 8, site, 800, 600)])],
                },
                LockOrders = [order],
                PossibleDeadlocks = [new([order, order], null, true)],
                Convoys = [new(1, name, 1, 20, 3, 4, 5)],
            });

            Assert.Single(page.Descendants("script"));
            Assert.Empty(page.Descendants("img"));
        }
    }

    private static XElement? Section(LockReport report, string id) => Parse(report).Descendants("section").SingleOrDefault(section => section.Attribute("id")?.Value == id);

    private static XElement Parse(LockReport report)
    {
        using var stream = new MemoryStream();
        HtmlReport.Write(report, stream);
        return XElement.Parse(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length)["<!DOCTYPE html>".Length..]);
    }
}
