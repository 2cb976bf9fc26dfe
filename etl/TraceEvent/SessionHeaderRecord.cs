using System.Buffers.Binary;

namespace Tracing.Etl.TraceEvent;

/// <summary>
/// The EventTrace/Header event that BPerfEventSource takes clock, processors and version from when it is made. It reads it as TRACE_LOGFILE_HEADER32, whatever the
/// trace, but for the time zone's bias, which it takes from 4 bytes further on.
/// </summary>
internal static class SessionHeaderRecord
{
    private const int PayloadLength = 0x110;
    private const ushort ClassicHeader32Bit = 0x0100 | 0x0020;

    /// <summary>The class of a session's own events.</summary>
    public static readonly Guid EventTraceClass = new("68fdd900-4a3e-11d1-84f4-0000f80464e3");

    /// <summary>Writes the event, and returns the bytes written.</summary>
    public static int Write(EtlFile file, Span<byte> destination)
    {
        EtlHeader header = file.Header;
        int length = EventRecordLayout.StructureLength + PayloadLength;
        destination[..length].Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(destination[4..], ClassicHeader32Bit);

        // 0 means to BPerfEventSource that there has been no header yet.
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], file.Clock.StartTicks == 0 ? 1 : file.Clock.StartTicks);
        EventTraceClass.TryWriteBytes(destination[24..]);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[86..], PayloadLength);

        Span<byte> payload = destination[EventRecordLayout.StructureLength..length];
        BinaryPrimitives.WriteInt32LittleEndian(payload, header.BufferSize);
        payload[0x04] = header.OsMajorVersion;
        payload[0x05] = header.OsMinorVersion;
        BinaryPrimitives.WriteUInt32LittleEndian(payload[0x08..], header.OsBuild);
        BinaryPrimitives.WriteInt32LittleEndian(payload[0x0C..], header.ProcessorCount);
        BinaryPrimitives.WriteInt64LittleEndian(payload[0x10..], header.EndTime);
        BinaryPrimitives.WriteInt32LittleEndian(payload[0x2C..], header.PointerSize);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[0x30..], header.EventsLost);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[0x34..], header.CpuMHz);
        BinaryPrimitives.WriteInt32LittleEndian(payload[0x44..], header.TimeZoneBiasMinutes);
        BinaryPrimitives.WriteInt64LittleEndian(payload[0xF8..], file.Clock.Frequency);
        BinaryPrimitives.WriteInt64LittleEndian(payload[0x100..], StartFileTime(file.Clock));
        return (length + EventRecordLayout.Alignment - 1) & ~(EventRecordLayout.Alignment - 1);
    }

    // DateTime.FromFileTimeUtc, which reads it, throws on what no DateTime can hold.
    private static long StartFileTime(EtlClock clock) => Math.Clamp(clock.StartFileTime, 0, DateTime.MaxValue.ToFileTimeUtc());
}
