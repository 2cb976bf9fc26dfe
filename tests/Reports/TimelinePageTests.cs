using System.Text;
using Microsoft.Playwright;
using Tracing.Reports.Html;
using Tracing.Reports.Model;

namespace Tracing.Reports.Tests;

/// <summary>The timeline of the page in Chromium: what mouse, keyboard and address do, and that the largest page works.</summary>
public sealed class TimelinePageTests(Browser browser) : IClassFixture<Browser>
{
    private const string Range = ".axis-row span";
    private readonly List<string> _problems = [];

    private static LockReport Two => Reports.ByHand with { Timeline = Timelines.TwoThreads };

    [Fact]
    public async Task Each_mutex_has_a_lane_and_by_thread_each_thread()
    {
        IPage page = await browser.OpenAsync(Two, _problems);

        Assert.Equal(["DeviceQueuewaited 210 us, held 500 us", "Otherwaited 0, held 50.0 us"], await page.Locator("#timeline .lane-name").AllTextContentsAsync());
        await page.ClickAsync("[data-kind=thread]");
        Assert.Equal(["thread 12waited 210 us, held 150 us", "thread 8waited 0, held 400 us"], await page.Locator("#timeline .lane-name").AllTextContentsAsync());
        Assert.Empty(_problems);
    }

    [Fact]
    public async Task A_click_on_a_wait_tells_who_held_meanwhile()
    {
        IPage page = await browser.OpenAsync(Two, _problems);
        await ClickAsync(page, share: 0.3, y: 28);

        Assert.Equal("Thread 12 waited for DeviceQueue 210 us", await page.TextContentAsync("#selected h3"));
        Assert.Equal(["thread 8", "Queue.cs:118 Push", "200 us (95 %)"], await page.Locator("#selected tbody tr").First.Locator("td").AllTextContentsAsync());
        Assert.Contains("10.0 us (4.8 %) when no holder is known", await page.TextContentAsync("#selected"), StringComparison.Ordinal);
        Assert.EndsWith("#t=200000-410000&lane=mutex-1&thread=12&kind=wait", page.Url, StringComparison.Ordinal);
        Assert.Empty(_problems);
    }

    [Fact]
    public async Task Threads_are_called_by_their_names_wherever_they_stand()
    {
        var names = new ThreadNames(new Dictionary<int, ThreadName> { [12] = new("pump", 4) }, new Dictionary<int, string>());
        IPage page = await browser.OpenAsync(Two with { Names = names }, _problems);
        await ClickAsync(page, share: 0.3, y: 28);

        Assert.Equal("Thread 12 pump waited for DeviceQueue 210 us", await page.TextContentAsync("#selected h3"));
        Assert.Equal("thread 12 pump", await page.Locator("#in-view tbody tr").First.Locator("td").Nth(2).TextContentAsync());
        await ClickAsync(page, share: 0.15, y: 12);
        Assert.Equal("thread 12 pump", await page.Locator("#selected tbody tr").First.Locator("td").First.TextContentAsync());
        Assert.Empty(_problems);
    }

    [Fact]
    public async Task A_click_on_a_hold_tells_who_waited_meanwhile()
    {
        IPage page = await browser.OpenAsync(Two, _problems);
        await ClickAsync(page, share: 0.15, y: 12);

        Assert.Equal("Thread 8 held DeviceQueue 300 us", await page.TextContentAsync("#selected h3"));
        Assert.Equal(["thread 12", "Queue.cs:140 Pop", "200 us"], await page.Locator("#selected tbody tr").First.Locator("td").AllTextContentsAsync());
        await ClickAsync(page, share: 0.95, y: 12);
        Assert.Equal("Thread 8 held DeviceQueue at least 100 us", await page.TextContentAsync("#selected h3"));
        Assert.Contains("still going on at the end", await page.TextContentAsync("#selected"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Below_a_wait_stand_its_stack_and_that_of_who_held_meanwhile()
    {
        IPage page = await browser.OpenAsync(Reports.ByHand with { Timeline = Timelines.WithStacks("disk!Write+0x4") }, _problems);
        await ClickAsync(page, share: 0.3, y: 28);

        Assert.Equal(
            ["Thread 12, acquiring after it waited 210 us, innermost first:", "Thread 8, releasing after it held 300 us, innermost first:"],
            await page.Locator("#selected p:has(+ .stack)").AllTextContentsAsync());
        string[] frames = [.. Enumerable.Repeat("disk!Write+0x4", 31), "and 32 more"];
        Assert.Equal(["kmutex!Acquire+0x10", .. frames], await page.Locator("#selected .stack").First.Locator("li").AllTextContentsAsync());
        Assert.Equal(["kmutex!Release+0x10", .. frames], await page.Locator("#selected .stack").Last.Locator("li").AllTextContentsAsync());
        Assert.Empty(_problems);
    }

    [Fact]
    public async Task An_interval_without_a_stack_says_why()
    {
        IPage without = await browser.OpenAsync(Two, _problems);
        await ClickAsync(without, share: 0.3, y: 28);
        Assert.Contains("No stacks in the recording: record with wpr -start trace.wprp!KMutex.Verbose", await without.TextContentAsync("#selected"), StringComparison.Ordinal);

        IPage with = await browser.OpenAsync(Reports.ByHand with { Timeline = Timelines.WithStacks("disk!Write+0x4") }, _problems);
        await ClickAsync(with, share: 0.45, y: 12);
        Assert.Contains("No stack of this one: 7 waits and holds were recorded with a stack", await with.TextContentAsync("#selected"), StringComparison.Ordinal);
        await ClickAsync(with, share: 0.95, y: 12);
        Assert.Contains("the recording ended first", await with.TextContentAsync("#selected"), StringComparison.Ordinal);
        Assert.Empty(_problems);
    }

    [Fact]
    public async Task Hostile_frames_of_stacks_stay_text()
    {
        foreach (string frame in Reports.HostileNames)
        {
            IPage page = await browser.OpenAsync(Reports.ByHand with { Timeline = Timelines.WithStacks(frame) }, _problems, fragment: "#t=200000-410000&lane=mutex-1&kind=wait");
            Assert.Equal(66, await page.Locator("#selected .stack li").CountAsync());
            Assert.Equal(0, await page.Locator("img").CountAsync());
            await page.CloseAsync();
        }

        Assert.Empty(_problems);
    }

    [Fact]
    public async Task An_address_opens_the_page_at_an_interval()
    {
        IPage page = await browser.OpenAsync(Two, _problems, fragment: "#t=200000-410000&lane=mutex-1&thread=12");

        Assert.Equal("Thread 12 waited for DeviceQueue 210 us", await page.TextContentAsync("#selected h3"));
        await RangeIsAsync(page, "840 us");
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('#timeline-section').getBoundingClientRect().top < innerHeight / 2"));
    }

    [Theory]
    [InlineData("#t=")]
    [InlineData("#t=5-1&lane=mutex-1")]
    [InlineData("#lane=mutex-99&t=1e999-2e999")]
    [InlineData("#t=<script>&lane=thread-%00")]
    [InlineData("#%E0%A4%A")]
    public async Task An_address_without_sense_changes_nothing(string fragment)
    {
        IPage page = await browser.OpenAsync(Two, _problems, fragment: fragment);

        Assert.Equal("Nothing selected", await page.TextContentAsync("#selected h3"));
        await RangeIsAsync(page, "1.00 ms");
        Assert.Empty(_problems);
    }

    [Fact]
    public async Task The_keyboard_zooms_pans_and_goes_from_interval_to_interval()
    {
        IPage page = await browser.OpenAsync(Two, _problems);
        await page.FocusAsync(".lanes");

        await RangeIsAsync(page, "1.00 ms");
        await page.Keyboard.PressAsync("+");
        await RangeIsAsync(page, "500 us");
        Assert.Equal("0.250 ms to 0.750 ms", await page.GetAttributeAsync(Range, "title"));
        await page.Keyboard.PressAsync("ArrowRight");
        await page.WaitForFunctionAsync("document.querySelector('.axis-row span').title === '0.325 ms to 0.825 ms'");
        await page.Keyboard.PressAsync("-");
        await page.Keyboard.PressAsync("0");
        await RangeIsAsync(page, "1.00 ms");

        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("Thread 12 waited for DeviceQueue 210 us", await page.TextContentAsync("#selected h3"));
        await page.Keyboard.PressAsync("n");
        Assert.Equal("Thread 12 held DeviceQueue 100 us", await page.TextContentAsync("#selected h3"));
        await page.Keyboard.PressAsync("p");
        await page.Keyboard.PressAsync("p");
        Assert.Equal("Thread 8 held DeviceQueue 300 us", await page.TextContentAsync("#selected h3"));
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("Thread 12 held Other 50.0 us", await page.TextContentAsync("#selected h3"));
        await page.Keyboard.PressAsync("Escape");
        Assert.Equal("Nothing selected", await page.TextContentAsync("#selected h3"));
    }

    [Fact]
    public async Task The_mouse_zooms_at_the_pointer_and_pans()
    {
        IPage page = await browser.OpenAsync(Two, _problems);
        LocatorBoundingBoxResult box = await CanvasAsync(page);
        await page.Mouse.MoveAsync(box.X, box.Y + 10);
        await page.Keyboard.DownAsync("Control");
        await page.Mouse.WheelAsync(0, -400);
        await page.Keyboard.UpAsync("Control");
        await page.WaitForFunctionAsync("document.querySelector('.axis-row span').textContent !== '1.00 ms'");
        Assert.StartsWith("0.000 ms to ", await page.GetAttributeAsync(Range, "title"), StringComparison.Ordinal);

        await page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + 10);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + (box.Width / 4), box.Y + 10);
        await page.Mouse.UpAsync();
        await page.WaitForFunctionAsync("!document.querySelector('.axis-row span').title.startsWith('0.000 ms')");
    }

    [Fact]
    public async Task The_longest_in_view_are_a_table_that_the_keyboard_reaches()
    {
        IPage page = await browser.OpenAsync(Two, _problems);

        Assert.Equal(["wait", "DeviceQueue", "thread 12", "0.200 ms", "210 us"], await page.Locator("#in-view tbody tr").First.Locator("td").AllTextContentsAsync());
        await page.Locator("#in-view button").First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("Thread 12 waited for DeviceQueue 210 us", await page.TextContentAsync("#selected h3"));
    }

    [Fact]
    public async Task A_search_leaves_the_lanes_that_match()
    {
        IPage page = await browser.OpenAsync(Two, _problems);
        await page.FillAsync("#timeline input", "queue");

        Assert.Equal(1, await page.Locator("#timeline .lane-name").CountAsync());
    }

    [Fact]
    public async Task Hostile_names_in_lanes_stay_text()
    {
        foreach (string name in Reports.HostileNames)
        {
            IPage page = await browser.OpenAsync(Reports.ByHand with { Timeline = Timelines.Named(name) }, _problems, fragment: "#t=200000-410000&lane=mutex-1");
            Assert.StartsWith("Thread 12 waited for ", await page.TextContentAsync("#selected h3"), StringComparison.Ordinal);
            Assert.Equal(0, await page.Locator("img").CountAsync());
            await page.CloseAsync();
        }

        Assert.Empty(_problems);
    }

    [Fact]
    public void The_page_of_the_largest_timeline_is_below_three_megabytes()
    {
        string html = Write(Timelines.Million);

        Assert.InRange(Encoding.UTF8.GetByteCount(html), 1_000_000, 3_000_000);
        Assert.Contains("Of 1,000,000 holds and waits 36,000 are here one by one", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_says_how_much_is_drawn_one_by_one()
    {
        Assert.Contains("All 5 holds and waits are here one by one.", Write(Timelines.TwoThreads), StringComparison.Ordinal);
        Assert.Contains(
            "5 of 9 holds and waits are here one by one: all those of the mutexes that have a lane.",
            Write(Timelines.TwoThreads with { Intervals = 9, MutexesLeftOut = 2 }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_of_a_million_intervals_zooms_and_selects()
    {
        IPage page = await browser.OpenAsync(Reports.ByHand with { Timeline = Timelines.Million }, _problems);
        Assert.Equal(40, await page.Locator("#timeline .lane-name").CountAsync());
        await page.FocusAsync(".lanes");
        for (int i = 0; i < 8; i++)
        {
            await page.Keyboard.PressAsync("+");
        }

        await RangeIsAsync(page, "39.1 ms");
        await page.Keyboard.PressAsync("Enter");
        Assert.StartsWith("Thread ", await page.TextContentAsync("#selected h3"), StringComparison.Ordinal);
        Assert.Contains("under holds that are not kept one by one", await page.TextContentAsync("#selected"), StringComparison.Ordinal);
        await page.ClickAsync("[data-kind=thread]");
        Assert.Equal(24, await page.Locator("#timeline .lane-name").CountAsync());
        Assert.Empty(_problems);
    }

    private static string Write(Timeline timeline)
    {
        using var stream = new MemoryStream();
        HtmlReport.Write(Reports.ByHand with { Timeline = timeline }, stream);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static async Task RangeIsAsync(IPage page, string text) => await Assertions.Expect(page.Locator(Range)).ToHaveTextAsync(text);

    private static async Task<LocatorBoundingBoxResult> CanvasAsync(IPage page)
    {
        ILocator canvas = page.Locator(".lanes canvas");
        await canvas.ScrollIntoViewIfNeededAsync();
        return (await canvas.BoundingBoxAsync())!;
    }

    private static async Task ClickAsync(IPage page, double share, float y)
    {
        LocatorBoundingBoxResult box = await CanvasAsync(page);
        await page.Mouse.ClickAsync(box.X + (float)(box.Width * share), box.Y + y);
    }
}
