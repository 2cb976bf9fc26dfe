using System.Buffers.Binary;

namespace Tracing.Etl.Format;

/// <summary>
/// The parts of a WPP message that its options name, in this order: sequence, GUID or component, time, thread and process (docs: ETL format notes, section 2.4;
/// TRACE_MESSAGE flags of the TraceMessage documentation).
/// </summary>
internal readonly struct MessageHeader
{
    private const int FixedLength = 8;
    private const ushort HasSequence = 0x01;
    private const ushort HasGuid = 0x02;
    private const ushort HasComponent = 0x04;
    private const ushort HasTime = 0x08;
    private const ushort HasSystemInfo = 0x20;
    private const ushort Pointer32 = 0x40;

    private MessageHeader(ushort options, int guidAt, int timeAt, int systemInfoAt, int length)
    {
        GuidAt = guidAt;
        TimeAt = timeAt;
        SystemInfoAt = systemInfoAt;
        Length = length;
        PointerSize = (options & Pointer32) != 0 ? 4 : 8;
    }

    /// <summary>Offset of the GUID in the record, or 0.</summary>
    public int GuidAt { get; }

    /// <summary>Offset of the time, or 0.</summary>
    public int TimeAt { get; }

    /// <summary>Offset of thread and process id, or 0.</summary>
    public int SystemInfoAt { get; }

    /// <summary>Bytes before the arguments.</summary>
    public int Length { get; }

    /// <summary>Pointer size of the arguments: 8 unless the message says 4.</summary>
    public int PointerSize { get; }

    /// <summary>Lays out a message by its options; <paramref name="record"/> holds at least 8 bytes, and the parts may reach beyond its end.</summary>
    public static MessageHeader Read(ReadOnlySpan<byte> record)
    {
        ushort options = BinaryPrimitives.ReadUInt16LittleEndian(record[6..]);
        int at = FixedLength;
        Take(options, HasSequence, sizeof(uint), ref at);
        int guidAt = Take(options, HasGuid, 16, ref at);
        if (guidAt == 0)
        {
            Take(options, HasComponent, sizeof(uint), ref at);
        }

        int timeAt = Take(options, HasTime, sizeof(long), ref at);
        int systemInfoAt = Take(options, HasSystemInfo, 2 * sizeof(uint), ref at);
        return new MessageHeader(options, guidAt, timeAt, systemInfoAt, at);
    }

    private static int Take(ushort options, ushort option, int length, ref int at)
    {
        if ((options & option) == 0)
        {
            return 0;
        }

        int start = at;
        at += length;
        return start;
    }
}
