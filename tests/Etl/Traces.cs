namespace Tracing.Etl.Tests;

/// <summary>Small traces made by the writer, to be read back.</summary>
internal static class Traces
{
    public const long StartTicks = 1_000_000;
    public const int BufferSize = 1024;
    public static readonly Guid Provider = new("11111111-2222-3333-4444-555555555555");

    public static EtlHeader Header { get; } = EtlWriterOptions.DefaultHeader with
    {
        BufferSize = BufferSize,
        ProcessorCount = 4,
        StartTicks = StartTicks,
        StartTime = 133_000_000_000_000_000,
        BootTime = 132_999_999_000_000_000,
        LoggerName = "a session",
        LogFileName = "a.etl",
    };

    /// <summary>Writes a trace whose buffers are given in the order of the file.</summary>
    public static byte[] Write(IEnumerable<(int Processor, long Sequence, byte[] Records)> buffers, EtlHeader? header = null, bool compress = false)
    {
        using MemoryStream stream = new();
        using EtlWriter writer = new(stream, new EtlWriterOptions { Header = header ?? Header, Compress = compress, LoggerId = 5, ProcessId = 44, ThreadId = 55 });
        foreach ((int processor, long sequence, byte[] records) in buffers)
        {
            writer.WriteBuffer(new EtlBuffer { Processor = processor, Sequence = sequence, Timestamp = StartTicks + sequence, Records = records });
        }

        writer.Complete(new EtlClosing(133_000_000_100_000_000, EventsLost: 3, BuffersLost: 1));
        return stream.ToArray();
    }

    /// <summary>A trace of equal buffers on one processor, each with as many events of one payload as asked for, at times 1, 2, 3 and so on after the start.</summary>
    public static byte[] Simple(int buffers, int eventsPerBuffer, bool compress = false) =>
        Write(
            Enumerable.Range(0, buffers).Select(buffer => (
                0,
                buffer + 1L,
                Enumerable.Range(0, eventsPerBuffer)
                    .SelectMany(i => RecordBytes.Event(StartTicks + 1 + (buffer * eventsPerBuffer) + i, Provider, (ushort)buffer, [(byte)i, 0xAB, 0xCD]))
                    .ToArray())),
            compress: compress);

    public static EtlFile Open(byte[] trace) => EtlFile.Open(trace, "test.etl");

    /// <summary>All records in the order of time, as the naive reader would have them.</summary>
    public static List<NaiveRecord> ReadAll(EtlFile file) => ReadAll(file.ReadInTimeOrder());

    /// <summary>The records of a pass, as the naive reader would have them.</summary>
    public static List<NaiveRecord> ReadAll(EtlTimeline timeline)
    {
        List<NaiveRecord> records = [];
        foreach (EtlRecord record in timeline)
        {
            List<string> items = [];
            foreach (EtlExtendedItem item in record.ExtendedItems)
            {
                items.Add($"{(ushort)item.Type}:{Convert.ToHexString(item.Data)}");
            }

            records.Add(new NaiveRecord(
                record.Offset, record.Processor, record.Time, record.ProviderId, record.Id, record.Opcode, record.Version, record.ThreadId, record.ProcessId,
                record.PointerSize, Convert.ToHexString(record.Payload), string.Join(' ', items)));
        }

        return records;
    }
}
