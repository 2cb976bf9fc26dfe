using System.Buffers;
using System.Buffers.Binary;

namespace Tracing.Etl;

/// <summary>
/// Gathers records, given in the order of time, into buffers per processor, and writes those that are full: what lies between single records and <see cref="EtlWriter"/>, which
/// takes whole buffers. Not safe for use from several threads at once.
/// </summary>
/// <param name="writer">Where buffers go. Its buffers are to be of <see cref="BufferSize"/>.</param>
public sealed class EtlGatherer(EtlWriter writer)
{
    /// <summary>Bytes of a buffer: room for the largest record, and for compression to work with.</summary>
    public const int BufferSize = 128 << 10;

    /// <summary>Most bytes that wait to be written, over all processors.</summary>
    private const long MaximumWaiting = 64 << 20;

    private readonly Dictionary<int, ArrayBufferWriter<byte>> _waiting = [];
    private long _waitingBytes;
    private long _sequence;
    private long _time;

    /// <summary>Takes a copy of a record, with the time that it was read at.</summary>
    public void Add(in EtlRecord record) => Add(record.Bytes, record.Kind, record.Processor, record.Time);

    /// <summary>Takes an event.</summary>
    /// <param name="processor">The processor that wrote it, 0 to 65,535.</param>
    /// <param name="header">Its fields.</param>
    /// <param name="payload">Its data, at most <see cref="EtlEventRecord.MaximumPayload"/> bytes.</param>
    /// <exception cref="ArgumentException">The payload is longer.</exception>
    public void Add(int processor, in EtlEventHeader header, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > EtlEventRecord.MaximumPayload)
        {
            throw new ArgumentException($"A payload has at most {EtlEventRecord.MaximumPayload} bytes; this one has {payload.Length}.", nameof(payload));
        }

        int length = EtlEventRecord.MeasureLength(payload.Length);
        EtlEventRecord.TryWrite(Reserve(processor, length, header.Time), header, payload, out _);
    }

    internal void Add(ReadOnlySpan<byte> bytes, EtlRecordKind kind, int processor, long time)
    {
        Span<byte> room = Reserve(processor, (bytes.Length + 7) & ~7, time);
        bytes.CopyTo(room);
        room[bytes.Length..].Clear();
        int timeAt = kind switch
        {
            // A WPP message may have no time, or one that is not aligned: it is left as it is.
            EtlRecordKind.Message => -1,
            EtlRecordKind.PerfInfo => 8,
            _ => 16,
        };
        if (timeAt > 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(room[timeAt..], time);
        }
    }

    /// <summary>Writes what waits.</summary>
    public void Flush()
    {
        foreach ((int processor, ArrayBufferWriter<byte> buffer) in _waiting.OrderBy(pair => pair.Key))
        {
            Write(processor, buffer);
        }

        _waiting.Clear();
    }

    private Span<byte> Reserve(int processor, int length, long time)
    {
        if (_waitingBytes + length > MaximumWaiting)
        {
            Flush();
        }

        if (!_waiting.TryGetValue(processor, out ArrayBufferWriter<byte>? buffer))
        {
            _waiting[processor] = buffer = new ArrayBufferWriter<byte>();
        }

        if (buffer.WrittenCount + length > writer.MaximumRecordBytes)
        {
            Write(processor, buffer);
        }

        Span<byte> room = buffer.GetSpan(length)[..length];
        buffer.Advance(length);
        _waitingBytes += length;
        _time = time;
        return room;
    }

    private void Write(int processor, ArrayBufferWriter<byte> buffer)
    {
        if (buffer.WrittenCount == 0)
        {
            return;
        }

        writer.WriteBuffer(new EtlBuffer { Processor = processor, Sequence = ++_sequence, Timestamp = _time, Records = buffer.WrittenSpan });
        _waitingBytes -= buffer.WrittenCount;
        buffer.ResetWrittenCount();
    }
}
