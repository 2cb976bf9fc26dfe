using Microsoft.Diagnostics.Tracing;
using Tracing.Etl;
using Tracing.Etl.TraceEvent;
using Tracing.Parsers;

namespace Tracing.Cli.Tests;

/// <summary>What of <c>kmutex watch</c> needs no Windows: events through the parser into a trace, and its report, while they come and afterwards.</summary>
public sealed class WatchTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public static TheoryData<string> Samples() => ConvertTests.Samples();

    [Theory]
    [MemberData(nameof(Samples))]
    public void What_the_parser_gave_has_the_report_of_what_the_reader_gave(string sample)
    {
        string source = Path.Combine(ConvertTests.SampleFolder, sample);
        string recorded = _folder.PathOf("recorded.etl");
        using (EtlFile file = EtlFile.Open(source))
        using (TraceEventDispatcher dispatcher = EtlTraceEventSource.Open(file))
        using (FileStream output = File.Create(recorded))
        using (KMutexRecorder recorder = new(new KMutexTraceEventParser(dispatcher), output, file.Header))
        {
            Assert.True(dispatcher.Process());
            recorder.Complete(new EtlClosing(file.Header.EndTime, file.Header.EventsLost, file.Header.BuffersLost));
        }

        Assert.Equal(ConvertTests.Report(source), ConvertTests.Report(recorded));
    }

    [Fact]
    public void While_events_come_the_report_is_that_of_what_was_flushed()
    {
        string recorded = _folder.PathOf("recorded.etl");
        using EtlFile file = EtlFile.Open(_folder.Write("trace.etl", Traces.Contended));
        using TraceEventDispatcher dispatcher = EtlTraceEventSource.Open(file);
        KMutexTraceEventParser parser = new(dispatcher);
        using FileStream output = new(recorded, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
        using KMutexRecorder recorder = new(parser, output, file.Header);
        List<int> lines = [];
        parser.MutexAcquiredContended += _ =>
        {
            recorder.Flush();
            output.Flush();
            lines.Add(Command.Run("dump", recorded, "--provider", "KMutex-Driver").Lines.Length);
        };
        Assert.True(dispatcher.Process());

        // ProviderStarted, MutexAllocated, MutexAcquired, AcquireBlocked, and the event itself.
        Assert.Equal([5], lines);
        Assert.Equal(8, recorder.Events);
    }

    [Fact]
    public void Off_Windows_it_says_so()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows the verb records: docs/not-yet-verified.md says how to check it.");
        Command.Run("watch", "-o", _folder.PathOf("out.etl")).AssertClearError(ExitCode.Usage, "only Windows", "kmutex report");
        Assert.Empty(_folder.Files);
    }

    public void Dispose() => _folder.Dispose();
}
