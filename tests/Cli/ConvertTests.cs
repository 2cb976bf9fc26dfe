using System.Text.RegularExpressions;
using Microsoft.Diagnostics.Tracing.Etlx;
using Tracing.Analyzer.Tests.Files;
using Tracing.Etl.Kernel;
using Tracing.Etl.Tests;
using Tracing.Events;

namespace Tracing.Cli.Tests;

public sealed partial class ConvertTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public static TheoryData<string> Samples() => [.. Directory.GetFiles(SampleFolder, "*.etl").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    internal static string SampleFolder => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(BuiltDriver.Path)!, "..", "..", "samples"));

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_report_of_the_smaller_trace_is_that_of_the_whole(string sample)
    {
        string whole = Path.Combine(SampleFolder, sample);
        string small = _folder.PathOf("small.etl");
        CommandResult result = Command.Run("convert", whole, small);

        Assert.Equal((ExitCode.Fine, ""), (result.ExitCode, result.Output));
        Assert.Contains("Wrote", result.Error, StringComparison.Ordinal);
        Assert.True(new FileInfo(small).Length < new FileInfo(whole).Length);
        Assert.Equal(Report(whole), Report(small));
    }

    [Fact]
    public void What_others_wrote_is_left_out_but_for_the_end_of_the_recording()
    {
        const long T = TraceBuilder.StartTicks;
        var trace = new TraceBuilder().Started(T + 1)
            .Acquired(T + 10, thread: 11, mutex: 1, sequence: 1, acquiredAt: T + 9)
            .Record(T + 11, RecordBytes.PerfInfo(T + 11, KernelHook.ContextSwitch, new byte[24]));
        for (int i = 0; i < 500; i++)
        {
            trace.Add(77, T + 20 + i, 11, payload => payload.U64(1).U64(2), provider: Traces.OtherProvider);
        }

        string whole = _folder.Write("whole.etl", trace.Build());
        string small = _folder.PathOf("small.etl");
        Command.Run("convert", whole, small);

        Assert.Equal(
            ["KMutex-Driver/ProviderStarted", "KMutex-Driver/MutexAcquired", "Thread/opcode", $"{Traces.OtherProvider}/77"],
            Command.Run("dump", small).Lines[1..].Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]));
        Assert.Equal(Report(whole).Replace("\"events\": 504", "\"events\": 5", StringComparison.Ordinal), Report(small));
    }

    [Fact]
    public void TraceLog_reads_the_etlx()
    {
        string output = _folder.PathOf("out.etlx");
        Assert.Equal(ExitCode.Fine, Command.Run("convert", _folder.Write("trace.etl", Traces.Contended), output).ExitCode);

        using var log = new TraceLog(output);
        Assert.Equal(8, log.Events.Count(e => e.ProviderGuid == KMutexProvider.Id));
    }

    [Fact]
    public void What_cannot_be_done_is_said()
    {
        string trace = _folder.Write("trace.etl", Traces.Contended);
        Command.Run("convert", trace, _folder.PathOf("out.txt")).AssertClearError(ExitCode.Usage, ".etl or .etlx");
        Command.Run("convert", trace, trace).AssertClearError(ExitCode.Usage, "another name");
        Command.Run("convert", _folder.PathOf("none.etl"), _folder.PathOf("out.etl")).AssertClearError(ExitCode.UnreadableTrace, "no such file");
        Command.Run("convert", trace, _folder.PathOf("none/out.etlx")).AssertClearError(ExitCode.Usage, "cannot be written");
        Assert.Equal(["trace.etl"], _folder.Files);
    }

    public void Dispose() => _folder.Dispose();

    // Without what tells of the file itself: its name, and where in it something odd is.
    internal static string Report(string path) =>
        OffsetInFile().Replace(Command.Run("report", path, "--json").Output, "").Replace(path, "FILE", StringComparison.Ordinal);

    [GeneratedRegex("\"firstOffset\": [0-9]+,|first at offset 0x[0-9A-F]+")]
    private static partial Regex OffsetInFile();
}
