using CsCheck;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Etlx;
using Tracing.Etl.TraceEvent;
using Event = Microsoft.Diagnostics.Tracing.TraceEvent;

namespace Tracing.Etl.Tests;

/// <summary>What TraceEvent sees through the bridge is what the reader sees.</summary>
public sealed class BridgeTest
{
    /// <summary>The second record of the header buffer, which Windows keeps from consumers.</summary>
    private const ushort UndeliveredHook = 0x0050;

    private static readonly Guid ProcessClass = new("3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c");

    private static readonly Guid EventTraceClass = new("68fdd900-4a3e-11d1-84f4-0000f80464e3");

    /// <summary>Descriptions of other events, which the bridge makes up for TraceLogging; merged traces have some of their own.</summary>
    private static readonly Guid MetaDataClass = new("bbccf6c1-6cd1-48c4-80ff-839482e37671");

    /// <summary>An event as both sides can tell it.</summary>
    private sealed record Seen(
        long Time, Guid Provider, int Id, int Opcode, int Version, int Thread, int Process, int Processor, int PointerSize, string Payload);

    [Fact]
    public void A_written_event_arrives_with_all_its_fields()
    {
        EtlEventHeader header = new()
        {
            Time = Traces.StartTicks + 25_000,
            ProviderId = Traces.Provider,
            Id = 12,
            Version = 3,
            Channel = 16,
            Level = 4,
            Opcode = 33,
            Task = 2,
            Keyword = 0x8000_0000_0000_0021,
            ThreadId = 77,
            ProcessId = 88,
            ActivityId = new Guid("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"),
        };
        byte[] records = new byte[96];
        Assert.True(EtlEventRecord.TryWrite(records, header, [1, 2, 3], out int written));
        using EtlFile file = Traces.Open(Traces.Write([(3, 1, records[..written])]));
        using TraceEventDispatcher source = EtlTraceEventSource.Open(file);
        int events = 0;
        source.AllEvents += e =>
        {
            if (e.ProviderGuid == Traces.Provider)
            {
                events++;
                Assert.Equal((12, 3, 16, 4, 33, 2), ((int)e.ID, e.Version, (int)e.Channel, (int)e.Level, (int)e.Opcode, (int)e.Task));
                Assert.Equal((0x8000_0000_0000_0021, 77, 88, 3, header.ActivityId), ((ulong)e.Keywords, e.ThreadID, e.ProcessID, e.ProcessorNumber, e.ActivityID));
                Assert.Equal(2.5, e.TimeStampRelativeMSec, 6);
                Assert.Equal(file.Clock.ToUtc(header.Time), e.TimeStamp.ToUniversalTime());
                Assert.Equal([1, 2, 3], e.EventData());
            }
        };

        Assert.True(source.Process());
        Assert.Equal(1, events);
        Assert.Equal((3, 8, 4), (source.EventsLost, source.PointerSize, source.NumberOfProcessors));
        Assert.Equal(file.Header.StartTimeUtc, source.SessionStartTime.ToUniversalTime());
    }

    [Fact]
    public void Random_traces_arrive_as_they_are() =>
        RandomTraces.Plans.Sample(
            plan =>
            {
                using EtlFile file = Traces.Open(plan.Write());
                AssertSame(Expected(file), SeenThroughBridge(file));
            },
            iter: 60);

    [Fact]
    public void Events_larger_than_the_rest_of_a_block_go_into_the_next()
    {
        // 60,000 bytes of payload each: blocks of 1 MiB end with up to as many bytes of padding.
        const int count = 100;
        EtlHeader header = Traces.Header with { BufferSize = 128 << 10 };
        byte[] payload = new byte[60_000];
        byte[] trace = Traces.Write(
            Enumerable.Range(0, count).Select(i => (0, i + 1L, RecordBytes.Event(Traces.StartTicks + i, Traces.Provider, (ushort)i, payload))), header);
        using EtlFile file = Traces.Open(trace);

        AssertSame(Expected(file), SeenThroughBridge(file));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(0x43)]
    public void A_header_too_short_to_be_one_does_no_harm_to_what_follows(int length)
    {
        // TraceEvent writes 4 bytes at 0x40 of a header's payload, however long it is.
        byte[] payload = new byte[length];
        byte[] next = RecordBytes.Event(Traces.StartTicks + 3, Traces.Provider, 5, [1, 2, 3, 4, 5, 6, 7, 8]);
        using EtlFile file = Traces.Open(Traces.Write(
        [
            (0, 1, RecordBytes.System(Traces.StartTicks + 1, 0, payload)),
            (0, 2, RecordBytes.Full(Traces.StartTicks + 2, EventTraceClass, 0, payload)),
            (0, 3, next),
        ]));
        List<Seen> seen = SeenThroughBridge(file);

        Assert.Equal("0102030405060708", seen.Single(one => one.Provider == Traces.Provider).Payload);
        AssertSame(Expected(file), seen);
    }

    [Fact]
    public void Extended_items_arrive_also_on_the_last_event_of_a_block()
    {
        Guid related = new("99999999-8888-7777-6666-555555555555");
        byte[] items = RecordBytes.Items((1, related.ToByteArray()), (12, [5, 0, (byte)'x', 0, 0]));
        using EtlFile file = Traces.Open(Traces.Write(
            Enumerable.Range(0, 3000).Select(i => (0, i + 1L, RecordBytes.Event(Traces.StartTicks + i, Traces.Provider, 1, new byte[700], items)))));
        using TraceEventDispatcher source = EtlTraceEventSource.Open(file);
        int events = 0;
        source.AllEvents += e =>
        {
            if (e.ProviderGuid == Traces.Provider)
            {
                events++;
                Assert.Equal(related, e.RelatedActivityID);
                Assert.Equal(700, e.EventDataLength);
            }
        };

        Assert.True(source.Process());
        Assert.Equal(3000, events);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5000)]
    public void A_trace_whose_clock_begins_at_zero_or_below_loses_no_event(long startTicks)
    {
        byte[] records = [.. RecordBytes.Event(startTicks - 10, Traces.Provider, 1, []), .. RecordBytes.Event(startTicks + 10, Traces.Provider, 2, [])];
        using EtlFile file = Traces.Open(Traces.Write([(0, 1, records)], Traces.Header with { StartTicks = startTicks }));

        Assert.Equal([0, 1, 2], SeenThroughBridge(file).Select(seen => seen.Id));
    }

    [Fact]
    public void A_trace_cut_within_its_header_buffer_still_has_a_header_event()
    {
        using EtlFile file = Traces.Open(Traces.Simple(1, 1)[..(72 + 32 + 0x118)]);
        Assert.Empty(Traces.ReadAll(file));

        Seen header = Assert.Single(SeenThroughBridge(file));
        Assert.Equal((new Guid("68fdd900-4a3e-11d1-84f4-0000f80464e3"), 0), (header.Provider, header.Opcode));
    }

    [Fact]
    public void Processing_may_be_repeated()
    {
        using EtlFile file = Traces.Open(Traces.Simple(5, 5));
        using TraceEventDispatcher source = EtlTraceEventSource.Open(file);
        int events = 0;
        source.AllEvents += _ => events++;
        source.Process();
        source.Process();

        Assert.Equal(2 * 26, events);
    }

    [Fact]
    public void Processing_may_be_stopped()
    {
        using EtlFile file = Traces.Open(Traces.Simple(5, 5));
        using TraceEventDispatcher source = EtlTraceEventSource.Open(file);
        int events = 0;
        source.AllEvents += _ =>
        {
            if (++events == 7)
            {
                source.StopProcessing();
            }
        };
        source.Process();

        Assert.Equal(7, events);
    }

    [Fact]
    public void Events_that_would_make_TraceEvent_open_other_files_are_kept_from_it()
    {
        Guid bperf = new("79430003-51bf-5f05-ed34-99cf32652c26");
        byte[] record = RecordBytes.Event(Traces.StartTicks + 1, bperf, 65533, "s\0e\0c\0r\0e\0t\0\0\0"u8.ToArray());
        using EtlFile file = Traces.Open(Traces.Write([(0, 1, record)]));

        Assert.DoesNotContain(SeenThroughBridge(file), seen => seen.Provider == bperf);
        Assert.Contains(Traces.ReadAll(file), seen => seen.Provider == bperf);
    }

    [Fact]
    public void Disposing_the_dispatcher_closes_the_file()
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, Traces.Simple(2, 2));
        TraceEventDispatcher source = EtlTraceEventSource.Open(path);
        source.Process();
        source.Dispose();

        Assert.Throws<ObjectDisposedException>(() => source.Process());
        File.Delete(path);
    }

    [Fact]
    public void A_file_that_is_no_trace_is_refused_as_the_reader_refuses_it()
    {
        string path = Path.GetTempFileName();
        EtlFormatException e = Assert.Throws<EtlFormatException>(() => EtlTraceEventSource.Open(path));
        Assert.Equal(path, e.FilePath);
        File.Delete(path);
    }

    [Theory]
    [MemberData(nameof(RealTraces.Names), MemberType = typeof(RealTraces))]
    public void Real_traces_arrive_as_they_are(string name)
    {
        using EtlFile file = EtlFile.Open(RealTraces.PathOf(name));
        List<Seen> expected = Expected(file);
        List<Seen> actual = SeenThroughBridge(file);

        Assert.Equal(expected.CountBy(seen => seen.Provider).OrderBy(count => count.Key), actual.CountBy(seen => seen.Provider).OrderBy(count => count.Key));
        AssertSame(expected, actual);
    }

    [Fact]
    public void A_TraceLog_can_be_made_of_a_real_trace()
    {
        string path = RealTraces.PathOf("gcevents.etl");
        string etlx = Path.GetTempFileName();
        using (TraceEventDispatcher source = EtlTraceEventSource.Open(path))
        {
            TraceLog.CreateFromEventTraceLogFile(source, etlx);
        }

        using (TraceLog log = new(etlx))
        {
            // The session's header and 69 events of the runtime, one of whose kind is counted in the published baseline.
            Assert.Equal(70, log.EventCount);
            Assert.Equal(12, log.Events.Count(e => e.EventName == "GC/AllocationTick"));
        }

        File.Delete(etlx);
    }

    // Three things TraceEvent itself changes: it writes the time zone's bias over 4 bytes of the header event, where the pointer to a name once was; it knows no time
    // before the header; and processors beyond 255 only by their low byte.
    private static List<Seen> Expected(EtlFile file)
    {
        List<Seen> seen = [];
        foreach (EtlRecord record in file.ReadInTimeOrder())
        {
            byte[] payload = record.Payload.ToArray();
            bool isHeader = record.IsKernel && record.HookId == 0 && payload.Length >= 0x44;
            if (isHeader)
            {
                BitConverter.TryWriteBytes(payload.AsSpan(0x40), file.Header.TimeZoneBiasMinutes);
            }

            if (record.HookId != UndeliveredHook && record.ProviderId != MetaDataClass && !IsShortHeader(record))
            {
                seen.Add(new Seen(
                    Math.Max(record.Time, file.Header.StartTicks),
                    record.ProviderId,
                    record.Id,
                    record.Opcode,
                    record.Version,
                    record.ThreadId,
                    record.ProcessId,
                    record.Processor & 0xFF,
                    record.PointerSize,
                    Convert.ToHexString(payload)));
            }
        }

        return seen;
    }

    private static bool IsShortHeader(in EtlRecord record) => record.ProviderId == EventTraceClass && record.Opcode == 0 && record.Payload.Length < 0x44;

    private static void AssertSame(List<Seen> expected, List<Seen> actual)
    {
        foreach ((Seen one, Seen other) in expected.Zip(actual))
        {
            // Kernel events that name no thread, and those about processes, get from TraceEvent the thread and process that their payload is about.
            bool isFixedUp = one.Thread == -1 || one.Provider == ProcessClass;
            Seen sameIds = isFixedUp ? other with { Thread = one.Thread, Process = one.Process } : other;

            // Kinds of TraceLogging events, whose id is 0, are told apart by ids of the bridge's making.
            Assert.Equal(one, one.Id == 0 ? sameIds with { Id = 0 } : sameIds);
        }

        Assert.Equal(expected.Count, actual.Count);
    }

    private static List<Seen> SeenThroughBridge(EtlFile file)
    {
        List<Seen> seen = [];
        using TraceEventDispatcher source = EtlTraceEventSource.Open(file);
        source.AllEvents += e =>
        {
            if (e.TaskGuid != MetaDataClass)
            {
                seen.Add(See(file, e));
            }
        };
        source.Process();
        return seen;
    }

    private static Seen See(EtlFile file, Event e) =>
        new(
            file.Clock.StartTicks + (long)Math.Round(e.TimeStampRelativeMSec * file.Clock.Frequency / 1000),
            e.IsClassicProvider && e.TaskGuid != Guid.Empty ? e.TaskGuid : e.ProviderGuid,
            e.IsClassicProvider ? 0 : (int)e.ID,
            (int)e.Opcode,
            e.Version,
            e.ThreadID,
            e.ProcessID,
            e.ProcessorNumber & 0xFF,
            e.PointerSize,
            Convert.ToHexString(e.EventData()));
}
