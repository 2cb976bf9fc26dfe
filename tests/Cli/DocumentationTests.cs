using System.Diagnostics;

namespace Tracing.Cli.Tests;

/// <summary>Every command that the documentation shows in a block of <c>sh</c> is executed, in order, in a folder of its own.</summary>
public sealed class DocumentationTests
{
    private static readonly string Docs = Path.GetFullPath(Path.Combine(BuiltDriver.Path, "..", "..", "..", "docs"));

    public static TheoryData<string> Pages() =>
        [.. Directory.GetFiles(Docs, "*.md", SearchOption.AllDirectories).Where(page => Commands(page).Any()).Select(page => Path.GetRelativePath(Docs, page)).Order(StringComparer.Ordinal)];

    [Fact]
    public void The_tutorial_has_commands() => Assert.Contains("tutorial.md", Pages().Select(row => row.Data));

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_commands_of_a_page_work_as_written(string page)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the blocks are for a POSIX shell");
        Assert.SkipUnless(File.Exists(BuiltDriver.Path), "the driver is not built: ./build.sh driver");
        using var folder = new TestFolder();
        string script = $"""
            set -eu
            kmutex() {"{"} dotnet '{Path.Combine(AppContext.BaseDirectory, "kmutex.dll")}' "$@"; {"}"}
            {string.Join('\n', Commands(Path.Combine(Docs, page)))}
            """;
        folder.Write("page.sh", System.Text.Encoding.UTF8.GetBytes(script));
        var start = new ProcessStartInfo("sh") { WorkingDirectory = folder.PathOf("."), RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("page.sh");
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, $"{page} ended with {process.ExitCode}: {error}\n{await output}");
        Assert.DoesNotContain("error: ", error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Commands(string page)
    {
        bool inBlock = false;
        foreach (string line in File.ReadLines(page))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inBlock = !inBlock && line == "```sh";
            }
            else if (inBlock)
            {
                yield return line;
            }
        }
    }
}
