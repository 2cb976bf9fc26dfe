using System.Text;
using Tracing.Etl;

namespace Tracing.Analyzer.Tests.Files;

/// <summary>
/// Builds a trace file with events of the driver, laid out by hand from the manifest's payload order and not by any generated code, so that a
/// mistake of the generator cannot hide. The clock has 10 MHz: a tick is 100 ns. The recording begins at tick 1,000,000.
/// </summary>
internal sealed class TraceBuilder
{
    public const long StartTicks = 1_000_000;
    public static readonly Guid Driver = Tracing.Events.KMutexProvider.Id;

    private const long StartFileTime = 133_000_000_000_000_000;
    private const int BufferSize = 4096;

    private readonly List<Event> _events = [];

    /// <summary>Changes to the header before it is written.</summary>
    public Func<EtlHeader, EtlHeader> Header { get; init; } = header => header;

    public uint EventsLost { get; init; }

    public bool Close { get; init; } = true;

    /// <summary>When the session ended, FILETIME.</summary>
    public long End { get; init; } = StartFileTime + 10_000_000;

    public TraceBuilder Add(ushort id, long time, int thread, Action<Payload> write, byte version = 0, Guid? provider = null)
    {
        var payload = new Payload();
        write(payload);
        _events.Add(new Event(id, time, thread, [.. payload.Bytes], version, provider ?? Driver));
        return this;
    }

    public TraceBuilder Started(long time, ulong frequency = 10_000_000) => Add(1, time, 1, payload => payload
        .U16(1).U32(0x00010000).Guid(Guid.Empty).U64(frequency).U64(10_000).U64(0).U8(8));

    public TraceBuilder Site(long time, uint site, uint line, string file, string member) => Add(5, time, 1, payload => payload
        .U32(site).U32(line).Text(file).Text(member));

    public TraceBuilder Allocated(long time, ulong mutex, string label, uint site = 0, uint poolSize = 128) => Add(2, time, 1, payload => payload
        .U64(mutex).U64(0xFFFF_8000_0000_2000).U8(1).U32(16).U32(poolSize).U32(0x7874_4D4B).U8(0).U32(site).U64((ulong)time).Text(label));

    public TraceBuilder Freed(long time, ulong mutex, params IEnumerable<ulong> counters) => Add(3, time, 1, payload =>
    {
        payload.U64(mutex).U8(1).U32(0).U32(0).U32(0).U64((ulong)time);
        foreach (ulong counter in counters)
        {
            payload.U64(counter);
        }
    });

    public TraceBuilder Blocked(long time, int thread, ulong mutex, ulong requestedAt, uint site = 0, int owner = 0, ulong ownerSequence = 0) =>
        Add(10, time, thread, payload => payload.U64(mutex).U64(requestedAt).U32((uint)owner).U64(ownerSequence).U32(0).U8(0).U32(site));

    public TraceBuilder Failed(long time, int thread, ulong mutex, ulong requestedAt, ulong failedAt, uint site = 0) => Add(13, time, thread, payload => payload
        .U64(mutex).U8(1).U64(requestedAt).U64(failedAt).U32(site));

    public TraceBuilder Acquired(long time, int thread, ulong mutex, ulong sequence, ulong acquiredAt, ulong? requestedAt = null, ushort depth = 1, uint site = 0) =>
        Add((ushort)(requestedAt is null ? 11 : 12), time, thread, payload => payload
            .U64(mutex).U64(sequence).U16(depth).U8(0).U64(requestedAt ?? acquiredAt).U64(acquiredAt).U32(site));

    public TraceBuilder Released(
        long time, int thread, ulong mutex, ulong sequence, ulong acquiredAt, ulong releasedAt, ushort depth = 1, uint waiters = 0, uint site = 0) =>
        Add(14, time, thread, payload => payload.U64(mutex).U64(sequence).U16(depth).U64(acquiredAt).U64(releasedAt).U32(waiters).U32(site));

    public TraceBuilder Rejected(long time, int thread, ulong mutex, byte operation, byte irql, byte maximum, uint site) =>
        Add(20, time, thread, payload => payload.U64(mutex).U8(operation).U8(irql).U8(maximum).U16(0).U32(site).U64((ulong)time));

    /// <summary>A record as it stands in a file, for events that are not the driver's.</summary>
    /// <param name="time">When.</param>
    /// <param name="record">The record.</param>
    /// <param name="processor">Where it is written, if that has a meaning; null for anywhere.</param>
    public TraceBuilder Record(long time, byte[] record, int? processor = null)
    {
        _events.Add(new Event(0, time, 0, [], 0, default, record, processor));
        return this;
    }

    public TraceBuilder Stopped(long time, uint live, ulong bytes) => Add(40, time, 1, payload => payload.U32(live).U64(bytes));

    /// <summary>The file: events in the order of time, spread over as many buffers as they need.</summary>
    public byte[] Build() => Write([.. Buffers(new Placement(1, 1, 0), new Random(0))]);

    /// <summary>The same events in a recording of several files, written on processors and in buffers by a draw; buffers lie in a file in any order.</summary>
    public byte[][] Build(Placement placement)
    {
        var random = new Random(placement.Seed);
        Buffer[] buffers = [.. Buffers(placement, random)];
        byte[][] files = [.. buffers.Chunk((buffers.Length + placement.Files - 1) / placement.Files).Select(part =>
        {
            random.Shuffle(part);
            return Write(part);
        })];
        random.Shuffle(files);
        return files;
    }

    private IEnumerable<Buffer> Buffers(Placement placement, Random random)
    {
        const int room = BufferSize - 72;
        var open = new List<byte>[Math.Max(placement.Processors, 1 + (_events.Max(one => one.Processor) ?? 0))];
        long sequence = 1;
        byte[] record = new byte[room];
        foreach (Event one in _events.OrderBy(one => one.Time))
        {
            int processor = one.Processor ?? random.Next(placement.Processors);
            Assert.True(TryWrite(one, record, out int written), "an event of the test fits no buffer");
            List<byte> buffer = open[processor] ??= [];
            if (buffer.Count + written > room || (placement.Processors > 1 && random.Next(8) == 0 && buffer.Count > 0))
            {
                yield return new Buffer(processor, sequence++, [.. buffer]);
                buffer.Clear();
            }

            buffer.AddRange(record.AsSpan(0, written));
        }

        for (int processor = 0; processor < open.Length; processor++)
        {
            if (open[processor] is { Count: > 0 } rest)
            {
                yield return new Buffer(processor, sequence++, [.. rest]);
            }
        }
    }

    private byte[] Write(Buffer[] buffers)
    {
        using var file = new MemoryStream();
        EtlHeader header = Header(EtlWriterOptions.DefaultHeader with
        {
            BufferSize = BufferSize,
            StartTicks = StartTicks,
            StartTime = StartFileTime,
            LoggerName = "test",
            LogFileName = "test.etl",
        });
        using (var writer = new EtlWriter(file, new EtlWriterOptions { Header = header }))
        {
            foreach (Buffer buffer in buffers)
            {
                writer.WriteBuffer(new EtlBuffer { Processor = buffer.Processor, Sequence = buffer.Sequence, Records = buffer.Records });
            }

            if (Close)
            {
                writer.Complete(new EtlClosing(End, EventsLost));
            }
        }

        return file.ToArray();
    }

    private static bool TryWrite(Event one, Span<byte> destination, out int written)
    {
        if (one.Record is { } record)
        {
            written = record.Length;
            return record.AsSpan().TryCopyTo(destination);
        }

        return EtlEventRecord.TryWrite(
            destination,
            new EtlEventHeader { Time = one.Time, ProviderId = one.Provider, Id = one.Id, Version = one.Version, ThreadId = one.Thread, ProcessId = 4, Level = 4, Keyword = 1 },
            one.Payload,
            out written);
    }

    /// <summary>Where events were written.</summary>
    /// <param name="Processors">On how many processors.</param>
    /// <param name="Files">In how many files at most.</param>
    /// <param name="Seed">Draws the rest.</param>
    internal sealed record Placement(int Processors, int Files, int Seed);

    private sealed record Buffer(int Processor, long Sequence, byte[] Records);

    private sealed record Event(ushort Id, long Time, int Thread, byte[] Payload, byte Version, Guid Provider, byte[]? Record = null, int? Processor = null);

    /// <summary>Bytes of a payload, packed, little endian.</summary>
    internal sealed class Payload
    {
        public List<byte> Bytes { get; } = [];

        public Payload U8(byte value) => Put([value]);

        public Payload U16(ushort value) => Put(BitConverter.GetBytes(value));

        public Payload U32(uint value) => Put(BitConverter.GetBytes(value));

        public Payload U64(ulong value) => Put(BitConverter.GetBytes(value));

        public Payload Guid(Guid value) => Put(value.ToByteArray());

        public Payload Text(string value) => Put(Encoding.Unicode.GetBytes(value + "\0"));

        public Payload Put(byte[] bytes)
        {
            Bytes.AddRange(bytes);
            return this;
        }
    }
}
