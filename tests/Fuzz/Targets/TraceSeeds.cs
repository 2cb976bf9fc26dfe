using System.Buffers.Binary;
using System.Text;
using Tracing.Etl;
using Tracing.Etl.Tests;

namespace Tracing.Fuzz.Targets;

/// <summary>Small good traces of every layout and every kind of record.</summary>
internal static class TraceSeeds
{
    public const int BufferSize = 1024;
    private const int BufferHeader = 72;
    private const long StartTicks = 1_000_000;
    private static readonly Guid Provider = new("11111111-2222-3333-4444-555555555555");

    /// <summary>What a hostile trace of a few kilobytes may ask for: little, so that more than that stands out.</summary>
    public static EtlLimits Limits { get; } = new() { MaximumBufferSize = 1 << 16, MaximumMergeBytes = 1 << 20, MaximumBuffers = 1 << 12, MaximumStreams = 256 };

    /// <summary>Buffers of two processors, a record of each kind in turn.</summary>
    public static byte[] OfAllKinds(bool compress = false, int pointerSize = 8) =>
        Write([.. Kinds().Chunk(5).Select((records, i) => (i % 2, records))], compress, pointerSize);

    /// <summary>The same, each buffer compressed by LZNT1 (2) or XPRESS with Huffman (4).</summary>
    public static byte[] Packed(byte format)
    {
        byte[] plain = OfAllKinds();
        List<byte> packed = [.. plain[..BufferSize]];
        packed[BufferHeader + 32 + 0x23] |= 0x04;
        packed[0x2C] = format;
        for (int at = BufferSize; at < plain.Length; at += BufferSize)
        {
            byte[] header = plain[at..(at + BufferHeader)];
            byte[] records = plain[(at + BufferHeader)..(at + BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4)))];
            byte[] stored = format == 2 ? Lznt1Encoder.Compress(records) : XpressHuffmanEncoder.Compress(records, at);
            BinaryPrimitives.WriteInt32LittleEndian(header, BufferHeader + stored.Length);
            header[0x34] |= 0x40;
            packed.AddRange([.. header, .. stored]);
        }

        return [.. packed];
    }

    /// <summary>Events that carry their schema.</summary>
    public static byte[] OfTraceLogging()
    {
        byte[] traits = Sized(Name("A.Provider"));
        byte[][] schemas =
        [
            Sized([0, .. Name("First"), .. Name("Number"), 8, .. Name("Text"), 1]),
            Sized([0x80, 1, .. Name("Second"), .. Name("Flag"), 0x84, 3, .. Name("Wide"), 10, .. Name("Ansi"), 2, .. Name("Id"), 15]),
            Sized([0, .. Name("Third"), .. Name("Array"), 0x46, .. Name("Lost"), 6]),
        ];
        byte[][] payloads = [[5, 0, 0, 0, (byte)'h', 0, 0, 0], [1, 7, 0, 0, 0, 0, 0, 0, 0, (byte)'x', 0, .. Provider.ToByteArray()], [1, 0, 3, 0, 4, 0]];
        return Write([(0, [.. Enumerable.Range(0, 6).Select(i =>
            RecordBytes.Event(StartTicks + i, Provider, 0, payloads[i % 3], RecordBytes.Items((12, traits), (11, schemas[i % 3]))))])]);
    }

    /// <summary>Records of one trace, buffer by buffer, each with its processor.</summary>
    public static byte[] Write((int Processor, byte[][] Records)[] buffers, bool compress = false, int pointerSize = 8)
    {
        EtlHeader header = EtlWriterOptions.DefaultHeader with
        {
            BufferSize = BufferSize,
            ProcessorCount = 2,
            PointerSize = pointerSize,
            StartTicks = StartTicks,
            StartTime = 133_000_000_000_000_000,
            BootTime = 132_999_999_000_000_000,
            LoggerName = "a",
            LogFileName = "b",
        };
        using MemoryStream stream = new();
        using EtlWriter writer = new(stream, new EtlWriterOptions { Header = header, Compress = compress });
        long sequence = 0;
        foreach ((int processor, byte[][] records) in buffers)
        {
            writer.WriteBuffer(new EtlBuffer { Processor = processor, Sequence = ++sequence, Timestamp = StartTicks + sequence, Records = (byte[])[.. records.SelectMany(record => record)] });
        }

        writer.Complete(new EtlClosing(133_000_000_100_000_000, EventsLost: 3, BuffersLost: 1));
        return stream.ToArray();
    }

    private static IEnumerable<byte[]> Kinds()
    {
        byte[] payload = [.. Enumerable.Range(0, 24).Select(i => (byte)i)];
        byte[] stack = [.. new byte[8], .. BitConverter.GetBytes(0xFFFF_F800_1234_5678), .. BitConverter.GetBytes(0x7FF6_0000_1000)];
        for (int round = 0; round < 2; round++)
        {
            bool is64 = round == 0;
            long time = StartTicks + (20 * round);
            yield return RecordBytes.Event(time, Provider, 12, payload, null, 1, 2, is64);
            yield return RecordBytes.Event(time + 1, Provider, 13, payload, RecordBytes.Items((1, Provider.ToByteArray()), (6, stack), (13, new byte[8])), 1, 2, is64);
            yield return RecordBytes.System(time + 2, 0x0524, payload, is64);
            yield return RecordBytes.Compact(time + 3, 0x0524, payload, is64);
            yield return RecordBytes.PerfInfo(time + 4, 0x0F2E, payload, is64);
            yield return RecordBytes.PerfInfo(time + 5, 0x0524, payload, is64, 3, pebs: true, counters: 2);
            yield return RecordBytes.Full(time + 6, Provider, 33, payload, is64);
            yield return RecordBytes.Instance(time + 7, Provider, 34, payload, is64);
            yield return RecordBytes.Message(70, payload, Provider, sequence: 9, time: time + 8, ids: (70, 40), is64: is64);
            yield return RecordBytes.Message(71, payload, component: 4, is64: is64);
        }
    }

    private static byte[] Name(string name) => [.. Encoding.UTF8.GetBytes(name), 0];

    private static byte[] Sized(byte[] bytes) => [(byte)(bytes.Length + 2), 0, .. bytes];
}
