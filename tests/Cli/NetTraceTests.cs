using Microsoft.Diagnostics.Tracing;
using Tracing.Benchmarks;
using Tracing.Benchmarks.NetTrace;
using Tracing.Etl.TraceEvent;
using Tracing.Events;

namespace Tracing.Cli.Tests;

/// <summary>The .nettrace files that the benchmark has TraceEvent read with its own reader hold the events of the event trace log that the analysis reads.</summary>
public sealed class NetTraceTests
{
    // Of 256 threads, in three stretches between sequence points.
    private const int Events = 80_000;

    private sealed record Seen(DateTime Utc, int Id, int Level, ulong Keywords, int Thread, int Process, int Processor, string Payload);

    public static TheoryData<NetTraceOrder> Orders() => [.. Enum.GetValues<NetTraceOrder>()];

    [Theory]
    [MemberData(nameof(Orders))]
    public void Both_files_give_TraceEvent_the_same_events_in_the_same_order(NetTraceOrder order)
    {
        using TestFolder folder = new();
        (string log, string netTrace, _) = Write(folder, order);
        using TraceEventDispatcher bridge = EtlTraceEventSource.Open(log);
        using EventPipeEventSource own = new(netTrace);
        List<Seen> seen = See(own);
        Assert.Equal(0, own.EventsLost);
        Assert.Equal(See(bridge), seen);
        Assert.Equal(seen.OrderBy(e => e.Utc), seen);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Both_files_give_the_same_counts(NetTraceOrder order)
    {
        using TestFolder folder = new();
        (string log, string netTrace, long written) = Write(folder, order);
        TraceEventCounting bridge = TraceEventCounting.OverBridge(log);
        TraceEventCounting own = TraceEventCounting.OverOwnReader(netTrace);
        Assert.Equal((written, written), (bridge.Events, own.Events));
        Assert.Equal(bridge.All, own.All);

        // And they are those of the events: each mutex was released as often as it was acquired.
        Assert.All(own.All, account => Assert.Equal(account.Acquires, account.Releases));
    }

    private static (string Log, string NetTrace, long Written) Write(TestFolder folder, NetTraceOrder order)
    {
        string log = folder.PathOf("locks.etl");
        string netTrace = folder.PathOf("locks.nettrace");
        long written = LockTrace.Usual.Write(log, Events);
        Assert.Equal(written, LockTrace.Usual.WriteNetTrace(netTrace, Events, order));
        return (log, netTrace, written);
    }

    private static List<Seen> See(TraceEventDispatcher source)
    {
        List<Seen> seen = [];
        source.AllEvents += e =>
        {
            // An event trace log has a session header, too.
            if (e.ProviderGuid == KMutexProvider.Id)
            {
                seen.Add(new Seen(
                    e.TimeStamp.ToUniversalTime(), (int)e.ID, (int)e.Level, (ulong)e.Keywords, e.ThreadID, e.ProcessID, e.ProcessorNumber, Convert.ToHexString(e.EventData())));
            }
        };
        Assert.True(source.Process());
        return seen;
    }
}
