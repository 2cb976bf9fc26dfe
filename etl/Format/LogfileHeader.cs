using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tracing.Etl.Format;

/// <summary>
/// TRACE_LOGFILE_HEADER32 and 64, the payload of the file's first record (docs: ETL format notes, section 1.3). The two differ by the size of two pointers that hold
/// no pointer on disk; what follows them lies 8 bytes earlier in the 32-bit form.
/// </summary>
internal static class LogfileHeader
{
    /// <summary>Bytes of the 64-bit form.</summary>
    public const int Length64 = 0x118;

    /// <summary>Bytes of the 32-bit form.</summary>
    public const int Length32 = 0x110;

    /// <summary>Offset of EndTime in both forms.</summary>
    public const int EndTimeOffset = 0x10;

    /// <summary>Offset of BuffersWritten in both forms.</summary>
    public const int BuffersWrittenOffset = 0x24;

    /// <summary>Offset of EventsLost in both forms.</summary>
    public const int EventsLostOffset = 0x30;

    /// <summary>Offset of BuffersLost in the 64-bit form.</summary>
    public const int BuffersLostOffset64 = 0x114;

    /// <summary>Offset of BuffersLost in the 32-bit form.</summary>
    public const int BuffersLostOffset32 = 0x10C;

    /// <summary>Reads a header; the caller has checked that <paramref name="payload"/> holds the form's length.</summary>
    /// <param name="payload">The record's payload.</param>
    /// <param name="is64">Which form, told by the record's header type.</param>
    /// <param name="startTicks">The record's timestamp.</param>
    public static EtlHeader Read(ReadOnlySpan<byte> payload, bool is64, long startTicks)
    {
        int shift = is64 ? 0 : -8;
        ReadOnlySpan<byte> names = payload[(is64 ? Length64 : Length32)..];
        string loggerName = ReadName(ref names);
        string fileName = ReadName(ref names);
        return new EtlHeader
        {
            BufferSize = I32(payload, 0x00),
            OsMajorVersion = payload[0x04],
            OsMinorVersion = payload[0x05],
            FormatMajorVersion = payload[0x06],
            FormatMinorVersion = payload[0x07],
            OsBuild = U32(payload, 0x08),
            ProcessorCount = I32(payload, 0x0C),
            EndTime = I64(payload, EndTimeOffset),
            TimerResolution = U32(payload, 0x18),
            MaximumFileSize = U32(payload, 0x1C),
            LogFileMode = (EtlLogFileMode)U32(payload, 0x20),
            BuffersWritten = U32(payload, BuffersWrittenOffset),
            StartBuffers = U32(payload, 0x28),
            PointerSize = I32(payload, 0x2C),
            EventsLost = U32(payload, EventsLostOffset),
            CpuMHz = U32(payload, 0x34),
            TimeZoneBiasMinutes = I32(payload, 0x48 + shift),
            BootTime = I64(payload, 0xF8 + shift),
            PerfFrequency = I64(payload, 0x100 + shift),
            StartTime = I64(payload, 0x108 + shift),
            ClockType = (EtlClockType)U32(payload, 0x110 + shift),
            BuffersLost = U32(payload, BuffersLostOffset64 + shift),
            StartTicks = startTicks,
            LoggerName = loggerName,
            LogFileName = fileName,
        };
    }

    /// <summary>Bytes that <see cref="Write"/> needs.</summary>
    public static int MeasureLength(EtlHeader header, bool is64) =>
        (is64 ? Length64 : Length32) + (2 * (header.LoggerName.Length + 1 + header.LogFileName.Length + 1));

    /// <summary>Writes a header and its names.</summary>
    public static void Write(Span<byte> payload, bool is64, EtlHeader header)
    {
        int shift = is64 ? 0 : -8;
        payload[..MeasureLength(header, is64)].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(payload, header.BufferSize);
        payload[0x04] = header.OsMajorVersion;
        payload[0x05] = header.OsMinorVersion;
        payload[0x06] = header.FormatMajorVersion;
        payload[0x07] = header.FormatMinorVersion;
        BinaryPrimitives.WriteUInt32LittleEndian(payload[0x08..], header.OsBuild);
        BinaryPrimitives.WriteInt32LittleEndian(payload[0x0C..], header.ProcessorCount);
        BinaryPrimitives.WriteInt64LittleEndian(payload[EndTimeOffset..], header.EndTime);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[0x18..], header.TimerResolution);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[0x1C..], header.MaximumFileSize);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[0x20..], (uint)header.LogFileMode);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[BuffersWrittenOffset..], header.BuffersWritten);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[0x28..], header.StartBuffers);
        BinaryPrimitives.WriteInt32LittleEndian(payload[0x2C..], header.PointerSize);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[EventsLostOffset..], header.EventsLost);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[0x34..], header.CpuMHz);
        BinaryPrimitives.WriteInt32LittleEndian(payload[(0x48 + shift)..], header.TimeZoneBiasMinutes);
        BinaryPrimitives.WriteInt64LittleEndian(payload[(0xF8 + shift)..], header.BootTime);
        BinaryPrimitives.WriteInt64LittleEndian(payload[(0x100 + shift)..], header.PerfFrequency);
        BinaryPrimitives.WriteInt64LittleEndian(payload[(0x108 + shift)..], header.StartTime);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[(0x110 + shift)..], (uint)header.ClockType);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[(BuffersLostOffset64 + shift)..], header.BuffersLost);
        Span<byte> names = payload[(is64 ? Length64 : Length32)..];
        WriteName(names, header.LoggerName);
        WriteName(names[(2 * (header.LoggerName.Length + 1))..], header.LogFileName);
    }

    private static string ReadName(ref ReadOnlySpan<byte> names)
    {
        ReadOnlySpan<char> text = MemoryMarshal.Cast<byte, char>(names);
        int end = text.IndexOf('\0');
        string name = new(end < 0 ? text : text[..end]);
        names = end < 0 ? [] : names[(2 * (end + 1))..];
        return name;
    }

    private static void WriteName(Span<byte> destination, string name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(destination[(2 * i)..], name[i]);
        }
    }

    private static int I32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadInt32LittleEndian(bytes[offset..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static long I64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadInt64LittleEndian(bytes[offset..]);
}
