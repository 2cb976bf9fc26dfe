using Microsoft.Playwright;
using Tracing.Reports.Model;

namespace Tracing.Reports.Tests;

/// <summary>The page in Chromium: what its script does, which no parser of markup can tell.</summary>
public sealed class BrowserTests(Browser browser) : IClassFixture<Browser>
{
    private readonly List<string> _problems = [];

    private static LockReport Three => Reports.ByHand with
    {
        Mutexes =
        [
            Row(1, "Alpha", acquires: 5, wait: 30), Row(2, "Beta", acquires: 900, wait: 20), Row(3, "Gamma", acquires: 70, wait: 1_000_000),
        ],
    };

    [Fact]
    public async Task A_page_opens_from_disk_without_a_word_in_the_console_and_without_a_request()
    {
        IPage page = await browser.OpenAsync(Reports.ByHand, _problems);

        Assert.Equal("queue.etl", await page.TextContentAsync("h1"));
        Assert.Empty(_problems);
    }

    [Fact]
    public async Task A_head_that_is_pressed_sorts_by_number_and_turns_round_when_pressed_again()
    {
        IPage page = await browser.OpenAsync(Three, _problems);
        ILocator acquires = page.Locator("#mutexes th[data-column='2'] button");

        Assert.Equal(["Gamma", "Alpha", "Beta"], await NamesAsync(page));
        await acquires.ClickAsync();
        Assert.Equal(["Beta", "Gamma", "Alpha"], await NamesAsync(page));
        await acquires.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal(["Alpha", "Gamma", "Beta"], await NamesAsync(page));
        Assert.Equal("ascending", await page.GetAttributeAsync("#mutexes th[data-column='2']", "aria-sort"));
        Assert.Empty(_problems);
    }

    [Fact]
    public async Task A_search_leaves_the_rows_that_match_in_any_case()
    {
        IPage page = await browser.OpenAsync(Three, _problems);
        ILocator search = page.Locator("input[data-table=mutexes]");

        await search.FillAsync("MM");
        Assert.Equal(["Gamma"], await NamesAsync(page));
        await search.FillAsync("");
        Assert.Equal(3, (await NamesAsync(page)).Count);
    }

    [Fact]
    public async Task Hostile_names_are_shown_and_do_nothing()
    {
        MutexRow[] rows = [.. Reports.HostileNames.Select((name, i) => Row((ulong)i + 1, name, acquires: 1, wait: 1))];
        IPage page = await browser.OpenAsync(Reports.ByHand with { Mutexes = rows, Findings = [new Finding(FindingSeverity.Error, "leak", Reports.HostileNames[0])] }, _problems);

        Assert.Equal("Errorleak <script>alert(1)</script>", await page.TextContentAsync(".verdict li"));
        Assert.Equal(rows.Length, await page.Locator("#mutexes tbody tr").CountAsync());
        Assert.Equal(0, await page.Locator("img").CountAsync());
        Assert.Empty(_problems);
    }

    [Fact]
    public async Task On_paper_the_page_is_light_and_has_no_controls()
    {
        IPage page = await browser.OpenAsync(Reports.ByHand with { Timeline = Timelines.TwoThreads }, _problems, new BrowserNewPageOptions { ColorScheme = ColorScheme.Dark });
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });

        Assert.Equal("rgb(255, 255, 255)", await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal("rgb(36, 41, 47)", await page.EvaluateAsync<string>("getComputedStyle(document.body).color"));
        Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('nav, input, .tools')].filter(control => getComputedStyle(control).display !== 'none').length"));
    }

    [Fact]
    public async Task A_head_of_the_page_leads_to_each_section()
    {
        IPage page = await browser.OpenAsync(Reports.ByHand, _problems);

        Assert.Equal(
            await page.Locator("section[id] h2").CountAsync(),
            await page.EvaluateAsync<int>("[...document.querySelectorAll('nav a')].filter(link => document.querySelector(link.getAttribute('href'))).length"));
        Assert.Contains("Fix first", await page.Locator("nav a").AllTextContentsAsync());
    }

    [Theory]
    [InlineData(1400)]
    [InlineData(420)]
    public async Task The_page_is_never_wider_than_the_window(int width)
    {
        IPage page = await browser.OpenAsync(Reports.ByHand with { Timeline = Timelines.TwoThreads }, _problems, new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = width, Height = 900 } });

        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task The_page_follows_the_colour_scheme()
    {
        IPage light = await browser.OpenAsync(Reports.ByHand, _problems, new BrowserNewPageOptions { ColorScheme = ColorScheme.Light });
        IPage dark = await browser.OpenAsync(Reports.ByHand, _problems, new BrowserNewPageOptions { ColorScheme = ColorScheme.Dark });
        const string Background = "getComputedStyle(document.body).backgroundColor";

        Assert.Equal("rgb(246, 248, 250)", await light.EvaluateAsync<string>(Background));
        Assert.Equal("rgb(13, 17, 23)", await dark.EvaluateAsync<string>(Background));
        await dark.ClickAsync("nav button");
        Assert.Equal("rgb(246, 248, 250)", await dark.EvaluateAsync<string>(Background));
    }

    [Fact]
    public async Task A_page_of_several_recordings_says_what_is_left_to_each_and_links_to_nothing_that_is_not_there()
    {
        LockReport one = Reports.ByHand with { Timeline = Timelines.TwoThreads, Convoys = [new Convoy(1, "DeviceQueue", 5_000, 20, 3_000, 4_000, 1)] };
        IPage page = await browser.OpenAsync(ReportMerge.Merge([one, one]), _problems);

        Assert.Equal(["verdict", "section-recordings", "mutexes-section"], (await page.EvaluateAsync<string[]>("[...document.querySelectorAll('section')].map(section => section.id)")).Take(3));
        Assert.Equal(2, await page.Locator("#recordings tbody tr").CountAsync());
        Assert.Contains("the timeline have a meaning within one recording only", await page.TextContentAsync("#section-recordings"), StringComparison.Ordinal);
        Assert.Equal(["DeviceQueuequeue.etl", "5.00 us"], (await page.Locator("#convoys tbody tr").First.Locator("td").AllTextContentsAsync()).Take(2));
        Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('a')].filter(link => !document.getElementById(link.hash.slice(1))).length"));
        Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('section')].filter(section => section.children.length < 2).length"));
        Assert.Empty(_problems);
    }

    private static MutexRow Row(ulong id, string name, long acquires, long wait) => new()
    {
        Id = id,
        Label = name,
        Name = name,
        Acquires = acquires,
        Contended = 1,
        Wait = new DurationSummary { Count = 1, TotalNs = wait, MaxNs = wait },
    };

    private static async Task<IReadOnlyList<string>> NamesAsync(IPage page) =>
        await page.EvaluateAsync<string[]>("[...document.querySelectorAll('#mutexes tbody tr')].filter(row => !row.hidden).map(row => row.cells[0].title)");
}
