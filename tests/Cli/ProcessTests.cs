using System.Diagnostics;

namespace Tracing.Cli.Tests;

/// <summary>The command as a process of its own: what only the operating system can show.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task A_report_in_a_pipe_has_no_colour_and_exit_code_0()
    {
        using Process process = Start("report", _folder.Write("trace.etl", Traces.Contended));
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Fine, process.ExitCode);
        Assert.Contains("DeviceQueue", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public async Task A_missing_file_is_exit_code_2()
    {
        using Process process = Start("report", _folder.PathOf("missing.etl"));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.UnreadableTrace, process.ExitCode);
    }

    [Fact]
    public async Task A_dump_whose_reader_leaves_ends_early_and_quietly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no EPIPE: its console stream takes a closed pipe for success");

        // A megabyte of lines: more than the pipe and every buffer before it hold.
        string path = _folder.Write("trace.etl", Traces.LongOf(5_000));
        using Process process = Start("dump", path);
        Assert.NotNull(await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        process.StandardOutput.Close();
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Fine, process.ExitCode);
        Assert.Equal("", error);
    }

    public void Dispose() => _folder.Dispose();

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "kmutex.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
