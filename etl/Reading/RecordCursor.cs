using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tracing.Etl.Format;

namespace Tracing.Etl.Reading;

/// <summary>
/// Walks the records of one buffer. A struct without virtual calls or allocation, since this is the loop that every record of a trace goes through. The buffer's bytes
/// begin after its header, so that position 0 is the first record.
/// </summary>
internal struct RecordCursor
{
    private const int Alignment = 8;
    private byte[] _bytes;
    private int _end;
    private int _next;
    private int _position;
    private int _size;

    /// <summary>Starts over on the first <paramref name="length"/> bytes of <paramref name="bytes"/>.</summary>
    public void Reset(byte[] bytes, int length)
    {
        _bytes = bytes;
        _end = length;
        _next = 0;
        _position = 0;
        _size = 0;
        Stop = RecordStop.None;
    }

    /// <summary>Time of the record. Kept over buffers, for records without a time of their own.</summary>
    public long Time { get; set; }

    /// <summary>Whether <see cref="Time"/> stands in the record itself.</summary>
    public bool HasOwnTime { get; private set; }

    /// <summary>Header of the record.</summary>
    public EtlRecordKind Kind { get; private set; }

    /// <summary>Where the payload begins in the record.</summary>
    public int PayloadOffset { get; private set; }

    /// <summary>Whether extended items or counters did not fit the record.</summary>
    public bool HasMalformedExtras { get; private set; }

    /// <summary>Why the walk ended, once it has.</summary>
    public RecordStop Stop { get; private set; }

    /// <summary>Position of the record, or of what ended the walk, from the first record on.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes from <see cref="Position"/> to the end.</summary>
    public readonly int Remaining => _end - _position;

    /// <summary>The record's bytes.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_position, _size);

    /// <summary>Goes to the next record.</summary>
    /// <returns>False at the end, whose reason is <see cref="Stop"/>.</returns>
    public bool MoveNext()
    {
        int position = _next;
        _position = position;
        int rest = _end - position;
        if (rest < Alignment)
        {
            return EndInLessThanARecord();
        }

        // SAFETY: _end is at most the length of _bytes, and no read goes beyond what rest and, below, the header's length within it allow.
        ref byte start = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_bytes), position);
        ulong first = ReadUInt64(ref start);
        uint marker = (uint)first;
        EtlRecordKind kind = RecordHeader.KindOf(marker);
        if (kind == EtlRecordKind.None)
        {
            return EndHere(marker == RecordHeader.Padding ? RecordStop.End : RecordStop.UnknownHeader);
        }

        int size = RecordHeader.HasSizeAtFour(kind) ? (ushort)(first >> 32) : (ushort)marker;
        int headerLength = RecordHeader.LengthOf(kind);
        if (size < headerLength || size > rest)
        {
            return EndHere(RecordStop.Overrun);
        }

        Kind = kind;
        _size = size;
        _next = position + ((size + Alignment - 1) & -Alignment);
        HasMalformedExtras = false;
        HasOwnTime = true;
        PayloadOffset = headerLength;
        if (kind == EtlRecordKind.Message)
        {
            ReadMessage(Bytes);
        }
        else
        {
            Time = (long)ReadUInt64(ref Unsafe.Add(ref start, kind == EtlRecordKind.PerfInfo ? 8 : 16));
            uint extras = kind switch
            {
                EtlRecordKind.Event => (uint)(first >> 32) & RecordHeader.ExtendedInfo,
                EtlRecordKind.PerfInfo => marker & 0xFF00,
                _ => 0,
            };
            if (extras != 0)
            {
                SkipExtras(Bytes);
            }
        }

        return true;
    }

    /// <summary>The record itself, valid until the cursor moves.</summary>
    /// <param name="entry">The buffer it is in.</param>
    /// <param name="time">Its time on the clock of the pass.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly EtlRecord ToRecord(in BufferEntry entry, long time) =>
        new(Bytes, Kind, PayloadOffset, entry.Processor, time, entry.Offset + BufferHeader.Length + _position);

    private static ulong ReadUInt64(ref byte at)
    {
        ulong value = Unsafe.ReadUnaligned<ulong>(ref at);
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    private bool EndInLessThanARecord()
    {
        ReadOnlySpan<byte> rest = _bytes.AsSpan(0, _end)[Math.Min(_position, _end)..];
        return EndHere(rest.ContainsAnyExcept((byte)0xFF) && rest.ContainsAnyExcept((byte)0) ? RecordStop.Overrun : RecordStop.End);
    }

    private bool EndHere(RecordStop stop)
    {
        Stop = stop;
        _size = 0;
        _next = _end;
        return false;
    }

    private void ReadMessage(ReadOnlySpan<byte> record)
    {
        MessageHeader message = MessageHeader.Read(record);
        HasOwnTime = message.TimeAt > 0 && message.Length <= record.Length;
        if (message.Length > record.Length)
        {
            DropPayload(record);
            return;
        }

        PayloadOffset = message.Length;
        if (HasOwnTime)
        {
            Time = BinaryPrimitives.ReadInt64LittleEndian(record[message.TimeAt..]);
        }
    }

    private void SkipExtras(ReadOnlySpan<byte> record)
    {
        int length = Kind == EtlRecordKind.Event
            ? EtlExtendedItems.Measure(record[RecordHeader.EventLength..])
            : MeasureCounters(record[1]);
        if (length < 0 || PayloadOffset + length > record.Length)
        {
            DropPayload(record);
            return;
        }

        PayloadOffset += length;
    }

    // PERFINFO: bit 7 of the version's high byte announces a PEBS index, its low 3 bits the number of counters; 8 bytes each.
    private static int MeasureCounters(byte versionHigh) => sizeof(ulong) * ((versionHigh >> 7) + (versionHigh & 7));

    private void DropPayload(ReadOnlySpan<byte> record)
    {
        HasMalformedExtras = true;
        PayloadOffset = record.Length;
    }
}
