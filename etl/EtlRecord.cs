using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tracing.Etl.Format;

namespace Tracing.Etl;

/// <summary>
/// One record of a trace: a view over its bytes that decodes a field when it is asked for. Valid until the reader it came from moves on.
/// </summary>
/// <remarks>
/// A field that the record's kind has not reads as 0, an empty GUID or, for thread and process, -1. Kernel records (System, Compact, PerfInfo) are named as consumers
/// on Windows see them: by the class GUID of their group, with the type as opcode and an id of 0 (docs: ETL format notes, section 2.1).
/// </remarks>
public readonly ref struct EtlRecord
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _payloadOffset;
    private readonly ushort _processor;

    internal EtlRecord(ReadOnlySpan<byte> bytes, EtlRecordKind kind, int payloadOffset, int processor, long time, long offset)
    {
        _bytes = bytes;
        _payloadOffset = payloadOffset;
        _processor = (ushort)processor;
        Kind = kind;
        Time = time;
        Offset = offset;
    }

    /// <summary>The header the record is laid out with.</summary>
    public EtlRecordKind Kind { get; }

    /// <summary>
    /// Where the record is: the file offset of its buffer plus its offset in that buffer, in bytes. In a compressed buffer the latter counts decompressed bytes, so the
    /// sum identifies the record but is not where its bytes lie.
    /// </summary>
    public long Offset { get; }

    /// <summary>Raw clock ticks; <see cref="EtlFile.Clock"/> converts. A WPP message without a time has that of the record before it on its processor.</summary>
    public long Time { get; }

    /// <summary>The processor whose buffer holds the record.</summary>
    public int Processor => _processor;

    /// <summary>The record as stored, header included, without the padding after it.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>What follows the header and the extended items. Empty if those did not fit the record.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[_payloadOffset..];

    /// <summary>The thread that wrote it, or -1.</summary>
    public int ThreadId
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Kind == EtlRecordKind.Event ? (int)EventField32(8) : OtherThreadId;
    }

    /// <summary>The process that wrote it, or -1.</summary>
    public int ProcessId
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Kind == EtlRecordKind.Event ? (int)EventField32(12) : OtherProcessId;
    }

    /// <summary>Provider, event class or, for WPP, message GUID.</summary>
    public Guid ProviderId => Kind switch
    {
        EtlRecordKind.Event or EtlRecordKind.Full or EtlRecordKind.Instance or EtlRecordKind.Error => new Guid(_bytes.Slice(24, 16)),
        EtlRecordKind.Message => MessageHeader.Read(_bytes) is { GuidAt: > 0 } message && message.GuidAt + 16 <= _bytes.Length
            ? new Guid(_bytes.Slice(message.GuidAt, 16))
            : Guid.Empty,
        _ => KernelGroups.ClassOf(HookId),
    };

    /// <summary>Whether it is an <see cref="EtlRecordKind.Event"/> of a provider: the cheap way to ask, as is done for every record.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsEventOf(in Guid provider) => Kind == EtlRecordKind.Event && (BitConverter.IsLittleEndian
        ? Unsafe.ReadUnaligned<Guid>(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), 24)) == provider
        : ProviderId == provider);

    /// <summary>Event id, or the number of a WPP message.</summary>
    public ushort Id
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Kind == EtlRecordKind.Event ? (ushort)EventField32(40) : OtherId;
    }

    /// <summary>Version of the event's layout.</summary>
    public byte Version
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Kind == EtlRecordKind.Event ? (byte)(EventField32(40) >> 16) : OtherVersion;
    }

    /// <summary>Channel of a manifest event.</summary>
    public byte Channel => Kind == EtlRecordKind.Event ? _bytes[43] : (byte)0;

    /// <summary>Severity, 1 critical to 5 verbose.</summary>
    public byte Level => Kind switch
    {
        EtlRecordKind.Event => _bytes[44],
        EtlRecordKind.Full or EtlRecordKind.Instance or EtlRecordKind.Error => _bytes[5],
        _ => 0,
    };

    /// <summary>Opcode, which for kernel and classic events is the event's type.</summary>
    public byte Opcode => Kind switch
    {
        EtlRecordKind.Event => _bytes[45],
        EtlRecordKind.Full or EtlRecordKind.Instance or EtlRecordKind.Error => _bytes[4],
        EtlRecordKind.Message => 0,
        _ => _bytes[6],
    };

    /// <summary>Task of a manifest event.</summary>
    public ushort Task => Kind == EtlRecordKind.Event ? ReadUInt16(46) : (ushort)0;

    /// <summary>Keywords of a manifest event.</summary>
    public ulong Keyword => Kind == EtlRecordKind.Event ? BinaryPrimitives.ReadUInt64LittleEndian(_bytes[48..]) : 0;

    /// <summary>Activity of a manifest event.</summary>
    public Guid ActivityId => Kind == EtlRecordKind.Event ? new Guid(_bytes.Slice(64, 16)) : Guid.Empty;

    /// <summary>Group (high byte) and type (low byte) of a kernel record, else 0.</summary>
    public ushort HookId => IsKernel ? ReadUInt16(6) : (ushort)0;

    /// <summary>Whether it is one of the kernel's own records: System, Compact or PerfInfo.</summary>
    public bool IsKernel => Kind is > EtlRecordKind.None and <= EtlRecordKind.PerfInfo;

    /// <summary>EVENT_HEADER flags as stored, of which files hold only bit 0, extended items.</summary>
    public ushort HeaderFlags => Kind == EtlRecordKind.Event ? (ushort)EventField32(4) : (ushort)0;

    /// <summary>EVENT_HEADER property as stored.</summary>
    public ushort EventProperty => Kind == EtlRecordKind.Event ? ReadUInt16(6) : (ushort)0;

    /// <summary>Kernel-mode time of the thread so far, in timer interrupts (<see cref="EtlHeader.TimerResolution"/>).</summary>
    public uint KernelTime => CpuTimeAt is int at and > 0 ? ReadUInt32(at) : 0;

    /// <summary>User-mode time of the thread so far, in timer interrupts (<see cref="EtlHeader.TimerResolution"/>).</summary>
    public uint UserTime => CpuTimeAt is int at and > 0 ? ReadUInt32(at + 4) : 0;

    /// <summary>Pointer size of the payload, 4 or 8 bytes.</summary>
    public int PointerSize => Kind == EtlRecordKind.Message
        ? MessageHeader.Read(_bytes).PointerSize
        : RecordHeader.PointerSizeOf(ReadUInt32(0));

    /// <summary>Whether any items stand between its header and its payload, such as a call stack.</summary>
    public bool HasExtendedItems => (HeaderFlags & RecordHeader.ExtendedInfo) != 0;

    /// <summary>The extended items of an event; none for other kinds.</summary>
    public EtlExtendedItems ExtendedItems => HasExtendedItems
        ? new EtlExtendedItems(_bytes[RecordHeader.EventLength..])
        : default;

    // Nearly all records that anybody asks about are events: the rest is kept out of the way.
    private int OtherThreadId => Kind switch
    {
        EtlRecordKind.PerfInfo => -1,
        EtlRecordKind.Message => MessageHeader.Read(_bytes) is { SystemInfoAt: > 0 } message ? ReadInt32(message.SystemInfoAt, -1) : -1,
        _ => ReadInt32(8),
    };

    private int OtherProcessId => Kind switch
    {
        EtlRecordKind.PerfInfo => -1,
        EtlRecordKind.Message => MessageHeader.Read(_bytes) is { SystemInfoAt: > 0 } message ? ReadInt32(message.SystemInfoAt + 4, -1) : -1,
        _ => ReadInt32(12),
    };

    private ushort OtherId => Kind == EtlRecordKind.Message ? ReadUInt16(4) : (ushort)0;

    private byte OtherVersion => Kind switch
    {
        EtlRecordKind.Full or EtlRecordKind.Instance or EtlRecordKind.Error => _bytes[6],
        EtlRecordKind.Message => 0,
        _ => _bytes[0],
    };

    private int CpuTimeAt => Kind switch
    {
        EtlRecordKind.Event => 56,
        EtlRecordKind.Full or EtlRecordKind.Instance => 40,
        EtlRecordKind.System => 24,
        _ => 0,
    };

    /// <summary>Four bytes of the header of an <see cref="EtlRecordKind.Event"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint EventField32(int offset)
    {
        // SAFETY: no record is shorter than the header of its kind, see RecordCursor.MoveNext, and every offset asked for lies within that of an event.
        uint value = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), offset));
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    private ushort ReadUInt16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[offset..]);

    private uint ReadUInt32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[offset..]);

    private int ReadInt32(int offset) => BinaryPrimitives.ReadInt32LittleEndian(_bytes[offset..]);

    private int ReadInt32(int offset, int otherwise) => offset + sizeof(int) <= _bytes.Length ? ReadInt32(offset) : otherwise;
}
