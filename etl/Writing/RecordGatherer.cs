using System.Buffers;
using System.Buffers.Binary;

namespace Tracing.Etl.Writing;

/// <summary>Gathers records, given in the order of time, into buffers per processor, and writes those that are full.</summary>
internal sealed class RecordGatherer(EtlWriter writer)
{
    /// <summary>Room for the largest record, and for compression to work with.</summary>
    public const int BufferSize = 128 << 10;

    /// <summary>Most bytes that wait to be written, over all processors.</summary>
    private const long MaximumWaiting = 64 << 20;

    private readonly Dictionary<int, ArrayBufferWriter<byte>> _waiting = [];
    private long _waitingBytes;
    private long _sequence;
    private long _time;

    /// <summary>Takes a record.</summary>
    public void Add(in EtlRecord record) => Add(record.Bytes, record.Kind, record.Processor, record.Time);

    /// <summary>Takes a record that is kept elsewhere.</summary>
    public void Add(ReadOnlySpan<byte> bytes, EtlRecordKind kind, int processor, long time)
    {
        int length = (bytes.Length + 7) & ~7;
        if (!_waiting.TryGetValue(processor, out ArrayBufferWriter<byte>? buffer))
        {
            _waiting[processor] = buffer = new ArrayBufferWriter<byte>();
        }

        if (buffer.WrittenCount + length > writer.MaximumRecordBytes)
        {
            Write(processor, buffer);
        }
        else if (_waitingBytes + length > MaximumWaiting)
        {
            Flush();
            buffer = _waiting[processor] = new ArrayBufferWriter<byte>();
        }

        Span<byte> room = buffer.GetSpan(length)[..length];
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

        buffer.Advance(length);
        _waitingBytes += length;
        _time = time;
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
