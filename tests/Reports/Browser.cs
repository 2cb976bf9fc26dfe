using Microsoft.Playwright;
using Tracing.Reports.Html;
using Tracing.Reports.Model;

namespace Tracing.Reports.Tests;

/// <summary>
/// Chromium without a window, for the tests that need one: that of the system or of KMUTEX_CHROMIUM. Nothing is downloaded; where there is none, the
/// tests say so and are skipped.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string Executable = Environment.GetEnvironmentVariable("KMUTEX_CHROMIUM") is { Length: > 0 } named ? named : "/usr/bin/chromium";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kmutex-pages-");
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Executable))
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable,
            Headless = true,
            Args =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    /// <summary>Opens the page of a report from disk, as a user does.</summary>
    /// <param name="report">The report.</param>
    /// <param name="problems">Receives every message of the console, every error of a script and every request that is not for the page itself.</param>
    /// <param name="options">The window, the colour scheme.</param>
    /// <param name="fragment">What stands behind the address, from <c>#</c> on.</param>
    public async Task<IPage> OpenAsync(LockReport report, ICollection<string> problems, BrowserNewPageOptions? options = null, string fragment = "")
    {
        Assert.SkipWhen(_browser is null, $"no Chromium at {Executable}: install it, or name one in KMUTEX_CHROMIUM");
        string path = Path.Combine(_folder.FullName, Guid.NewGuid().ToString("n") + ".html");
        await using (FileStream file = File.Create(path))
        {
            HtmlReport.Write(report, file);
        }

        IPage page = await _browser.NewPageAsync(options);
        page.Console += (_, message) => problems.Add(message.Text);
        page.PageError += (_, error) => problems.Add(error);
        page.Dialog += (_, dialog) =>
        {
            problems.Add(dialog.Message);
            _ = dialog.DismissAsync();
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("file:", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                problems.Add(request.Url);
            }
        };
        await page.GotoAsync(new Uri(path).AbsoluteUri + fragment);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        _folder.Delete(recursive: true);
    }
}
