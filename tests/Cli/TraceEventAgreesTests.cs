using Microsoft.Diagnostics.Tracing;
using Tracing.Etl;
using Tracing.Etl.TraceEvent;
using Tracing.Events;
using Tracing.Host;

namespace Tracing.Cli.Tests;

/// <summary>Microsoft's TraceEvent reads a trace that the real driver wrote in the host: the same events in the same order, at the same times, with the same payloads.</summary>
public sealed class TraceEventAgreesTests
{
    private sealed record Seen(DateTime Utc, int Id, int Version, int Opcode, ulong Keywords, int Thread, int Process, int Processor, string Payload);

    public static TheoryData<string> Workloads() => [.. WorkloadKind.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Workloads))]
    public void TraceEvent_sees_what_the_reader_sees(string workload)
    {
        using TestFolder folder = new();
        string path = folder.PathOf("run.etl");
        RunRequest request = new() { DriverPath = BuiltDriver.Path, OutputPath = path, Workload = workload, Threads = 4, Iterations = 100, HoldMicroseconds = 10 };
        RunOutcome outcome = WorkloadRun.Execute(request, TestContext.Current.CancellationToken);

        List<Seen> byReader = ByReader(path);
        Assert.Equal(outcome.Session.EventsWritten, byReader.Count);
        Assert.Equal(byReader, ByTraceEvent(path));
    }

    private static List<Seen> ByReader(string path)
    {
        using EtlFile file = EtlFile.Open(path);
        List<Seen> seen = [];
        foreach (EtlRecord record in file.ReadInTimeOrder())
        {
            if (record.ProviderId == KMutexProvider.Id)
            {
                seen.Add(new Seen(
                    file.Clock.ToUtc(record.Time), record.Id, record.Version, record.Opcode, record.Keyword, record.ThreadId, record.ProcessId, record.Processor,
                    Convert.ToHexString(record.Payload)));
            }
        }

        return seen;
    }

    private static List<Seen> ByTraceEvent(string path)
    {
        using TraceEventDispatcher source = EtlTraceEventSource.Open(path);
        List<Seen> seen = [];
        source.AllEvents += e =>
        {
            if (e.ProviderGuid == KMutexProvider.Id)
            {
                seen.Add(new Seen(
                    e.TimeStamp.ToUniversalTime(), (int)e.ID, e.Version, (int)e.Opcode, (ulong)e.Keywords, e.ThreadID, e.ProcessID, e.ProcessorNumber,
                    Convert.ToHexString(e.EventData())));
            }
        };
        Assert.True(source.Process());
        return seen;
    }
}
