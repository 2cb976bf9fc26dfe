using System.Globalization;
using System.Text;
using Microsoft.Playwright;
using Tracing.Reports.Html;
using Tracing.Reports.Model;
using Tracing.Reports.Text;

namespace Tracing.Reports.Tests;

/// <summary>A forged trace may give everything a name of 32,000 characters, a different one for each: what is shown of it can still be read, and opened.</summary>
public sealed class LongNameTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly LockReport Forged = Forge();

    [Fact]
    public async Task The_page_stays_below_three_megabytes_and_works()
    {
        List<string> problems = [];
        IPage page = await browser.OpenAsync(Forged, problems, new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 1200, Height = 900 } }, "#t=0-40000&lane=mutex-1");

        Assert.InRange(Page(Forged).Length, 500_000, 3_000_000);
        Assert.Equal(1200, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Matches("^Thread 1 waited for 1x+\\.\\.x+ ", await page.TextContentAsync("#selected h3"));
        Assert.Matches("^contention 1: x+\\.\\.x+ waits\\.$", (await page.TextContentAsync(".verdict li"))!["Warning".Length..]);
        Assert.Empty(problems);
    }

    [Fact]
    public void The_terminal_shows_no_more_lines_than_of_short_names_and_none_beyond_its_width()
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        TextReport.Write(Forged, new TextStyle { Width = 100 }, text);

        string[] lines = text.ToString().Split(text.NewLine);
        Assert.InRange(lines.Length, 20, 200);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 100));
    }

    [Fact]
    public void Markdown_fits_a_ticket()
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        MarkdownReport.Write(Forged, top: 20, text);

        Assert.InRange(text.ToString().Length, 1_000, 65_536);
    }

    [Fact]
    public void Of_ordinary_names_nothing_is_cut()
    {
        string page = Page(Reports.ByHand with { Timeline = Timelines.TwoThreads });

        Assert.DoesNotContain("..", page[page.IndexOf("<main>", StringComparison.Ordinal)..page.IndexOf("<script", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    private static string Page(LockReport report)
    {
        using var stream = new MemoryStream();
        HtmlReport.Write(report, stream);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static LockReport Forge()
    {
        SourceSite[] sites = [.. Enumerable.Range(1, 600).Select(i => new SourceSite(Long(i), i, Long(i)))];
        TimelineTrack[] waits = [.. Enumerable.Range(1, 600).Select(i => new TimelineTrack(1, 50_000, [new TimelineInterval(i, 50_000, (ulong)i, Long(i), i, sites[i - 1], IntervalEnding.Whole, [Long(i)])], []))];
        TimelineLane[] lanes = [.. waits.Take(40).Select((track, i) => new TimelineLane { Id = (ulong)i + 1, Name = Long(i + 1), Holds = new TimelineTrack(0, 0, [], []), Waits = track })];
        return Reports.ByHand with
        {
            Findings = [.. sites.Take(30).Select((site, i) => new Finding(FindingSeverity.Warning, "contention", $"{i + 1}: {new string('x', 32_000)} waits."))],
            Mutexes = [.. sites.Select((site, i) => new MutexRow { Id = (ulong)i + 1, Label = Long(i + 1), Name = Long(i + 1), Site = site, Acquires = 1, Contended = 1, Wait = new DurationSummary { Count = 1, TotalNs = 1 } })],
            IrqlRejections = [.. sites.Select((site, i) => new IrqlRejectionRow { Operation = "TryLock", Irql = 2, MaximumIrql = 1, Site = site, Mutex = Long(i + 1), MutexLabel = Long(i + 1), Count = 1 })],
            BySite = [.. sites.Select(site => new UsageRow { Name = Long(site.Line), Site = site, Acquires = 1 })],
            Stacks = [new StackRow(StackKind.Wait, 1, Long(1), 1, 50_000, [.. sites.Take(12).Select(site => site.File)])],
            Oddities = [new Oddity("odd", 1, -1, Long(1))],
            Timeline = new Timeline { LengthNs = 100_000, Intervals = 600, StacksRecorded = 600, Mutexes = lanes, Threads = lanes },
        };
    }

    private static string Long(int number) => string.Create(CultureInfo.InvariantCulture, $"{number}{new string('x', 32_000)}");
}
