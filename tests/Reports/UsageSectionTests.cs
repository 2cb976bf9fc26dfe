using System.Text;
using System.Xml.Linq;
using Tracing.Reports.Html;
using Tracing.Reports.Model;

namespace Tracing.Reports.Tests;

/// <summary>The page's tables of who uses locks: by call site, by thread, and by process where there are several.</summary>
public sealed class UsageSectionTests
{
    private static readonly UsageRow Thread = new()
    {
        Name = "thread 12",
        ThreadId = 12,
        Acquires = 1000,
        Contended = 250,
        Wait = new DurationSummary { Count = 250, TotalNs = 4_000, P99Ns = 90, MaxNs = 100 },
        Hold = new DurationSummary { Count = 1000, TotalNs = 9_000, P99Ns = 20, MaxNs = 25 },
        HeldPercent = 118.04,
        BlamedNs = 500,
        TopBlamedThreadId = 16,
        TopBlamedNs = 3_000,
        DeepestRecursion = 2,
        IrqlRejections = 3,
        Misuses = 1,
    };

    [Fact]
    public void A_thread_has_its_waits_its_holds_and_what_it_is_blamed_for()
    {
        XElement table = Table(Reports.ByHand with { ByThread = [Thread, Thread with { ThreadId = 16, BlamedNs = 1_000 }] }, "by-thread")!;

        XElement[] cells = [.. table.Descendants("tbody").Elements("tr").First().Elements("td")];
        Assert.Equal(["12", "1,000", "250", "25.0", "4.00 us", "90 ns", "100 ns", "9.00 us", "118.0", "20 ns", "25 ns", "500 ns", "16", "2", "3", "1"], cells.Select(cell => cell.Value));
        Assert.Equal("--share: 50%", cells[11].Attribute("style")!.Value);
        Assert.Equal(table.Descendants("th").Count(), cells.Length);
    }

    [Fact]
    public void A_thread_with_a_lane_leads_to_it()
    {
        XElement table = Table(Reports.ByHand with { ByThread = [Thread, Thread with { ThreadId = 16 }], Timeline = Timelines.TwoThreads }, "by-thread")!;

        Assert.Equal(["#lane=thread-12"], table.Descendants("a").Select(link => link.Attribute("href")!.Value));
    }

    [Fact]
    public void Processes_are_shown_when_there_are_several()
    {
        UsageRow one = Thread with { ThreadId = null, ProcessId = 4, HeldPercent = null };

        Assert.Null(Table(Reports.ByHand with { ByProcess = [one] }, "by-process"));
        Assert.DoesNotContain("held %", Table(Reports.ByHand with { ByProcess = [one, one with { ProcessId = 8 }] }, "by-process")!.Descendants("th").Select(head => head.Value));
    }

    private static XElement? Table(LockReport report, string id)
    {
        using var stream = new MemoryStream();
        HtmlReport.Write(report, stream);
        XElement page = XElement.Parse(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length)["<!DOCTYPE html>".Length..]);
        return page.Descendants("table").SingleOrDefault(table => table.Attribute("id")?.Value == id);
    }
}
