using System.Buffers.Binary;
using Tracing.Etl.Format;

namespace Tracing.Etl.Reading;

/// <summary>Reads the first buffer's first record, which every file begins with, and decides whether this is an event trace log at all.</summary>
internal static class HeaderReader
{
    private const string NotATrace =
        "This is no event trace log of Windows 7 or later. Check the file's name; an .etl begins with 72 bytes of buffer header of type 4.";

    /// <summary>Reads the header in the header buffer at an offset, or says why it cannot be.</summary>
    public static EtlHeader Read(EtlSource source, long at, EtlLimits limits, out BufferHeader first)
    {
        if (source.Length == 0)
        {
            throw new EtlFormatException(source.Name, 0, "the file is empty; expected an event trace log. Record it again, and stop the session before copying its file.");
        }

        byte[] start = new byte[BufferHeader.Length];
        int available = source.Read(at, start);
        if (available < BufferHeader.Length)
        {
            throw new EtlFormatException(
                source.Name, at, $"expected a buffer header of {BufferHeader.Length} bytes, found a file of {available}, beginning {Hex(start, available)}. {NotATrace}");
        }

        first = BufferHeader.Read(start);
        if (first.Type != BufferType.Header || first.SavedOffset < BufferHeader.Length || first.BufferSize < BufferHeader.Length)
        {
            throw new EtlFormatException(
                source.Name, at, $"expected a header buffer (type 4 at 0x36), found type {(ushort)first.Type} in bytes that begin {Hex(start, 16)}. {NotATrace}");
        }

        if (first.BufferSize > limits.MaximumBufferSize || first.SavedOffset > limits.MaximumBufferSize)
        {
            throw new EtlFormatException(
                source.Name, at, $"the header buffer is {Math.Max(first.BufferSize, first.SavedOffset):N0} bytes, the limit is {limits.MaximumBufferSize:N0}. {NotATrace} If it is one, raise EtlLimits.MaximumBufferSize.");
        }

        EtlHeader header = ReadRecord(source, at + BufferHeader.Length, LoadRecords(source, at, first), limits);
        return header.ClockType switch
        {
            EtlClockType.SystemTime => header,
            EtlClockType.CpuCycles when header.CpuMHz > 0 => header,
            _ when header.PerfFrequency > 0 => header,
            _ => throw new EtlFormatException(
                source.Name,
                at + BufferHeader.Length,
                $"the header names a clock of type {(uint)header.ClockType} with a frequency of {header.PerfFrequency} Hz, so that no time can be told. The header is damaged; record the trace again."),
        };
    }

    /// <summary>The clock that the header describes.</summary>
    public static EtlClock ClockOf(EtlHeader header) => header.ClockType switch
    {
        EtlClockType.SystemTime => new EtlClock(header.StartTicks, 10_000_000, header.StartTime),
        EtlClockType.CpuCycles when header.CpuMHz > 0 => new EtlClock(header.StartTicks, header.CpuMHz * 1_000_000L, header.StartTime),
        _ => new EtlClock(header.StartTicks, header.PerfFrequency, header.StartTime),
    };

    private static ReadOnlySpan<byte> LoadRecords(EtlSource source, long at, in BufferHeader first)
    {
        BufferEntry entry = BufferEntry.Of(at, first, (int)Math.Min(source.Length - at, first.BufferSize));
        byte[] stored = new byte[Math.Max(0, entry.StoredLength)];
        stored = stored[..source.Read(at + BufferHeader.Length, stored)];
        if (!entry.IsCompressed)
        {
            return stored;
        }

        byte[] records = new byte[entry.ContentLength];
        return new Decompressor(Decompressor.FormatOf(first.State)).TryDecompress(stored, records)
            ? records
            : throw new EtlFormatException(
                source.Name, at + BufferHeader.Length, "the header buffer is compressed and does not decompress. The file is damaged at its beginning; copy or record it again.");
    }

    private static EtlHeader ReadRecord(EtlSource source, long at, ReadOnlySpan<byte> records, EtlLimits limits)
    {
        const int SystemLength = RecordHeader.SystemLength;
        if (records.Length < SystemLength)
        {
            throw new EtlFormatException(
                source.Name, at, $"expected the header record, found {records.Length} bytes: the file ends too early. Copy or record it again.");
        }

        byte type = records[2];
        ushort hook = BinaryPrimitives.ReadUInt16LittleEndian(records[6..]);
        if (records[3] != RecordHeader.TypedFlags || type is not (RecordHeader.System32 or RecordHeader.System64) || hook != RecordHeader.LogfileHeaderHook)
        {
            throw new EtlFormatException(
                source.Name, at, $"expected the header record (xx xx 01|02 C0 xx xx 00 00), found {Hex(records, 8)}. The file is damaged at its beginning; copy or record it again.");
        }

        bool is64 = type == RecordHeader.System64;
        int size = BinaryPrimitives.ReadUInt16LittleEndian(records[4..]);
        int needed = SystemLength + (is64 ? LogfileHeader.Length64 : LogfileHeader.Length32);
        if (size < needed || records.Length < needed)
        {
            throw new EtlFormatException(
                source.Name, at, $"expected a header record of at least {needed} bytes, found {Math.Min(size, records.Length)}. The file is cut or damaged at its beginning; copy or record it again.");
        }

        ReadOnlySpan<byte> payload = records[SystemLength..Math.Min(size, records.Length)];
        EtlHeader header = LogfileHeader.Read(payload, is64, BinaryPrimitives.ReadInt64LittleEndian(records[16..]));
        return header.BufferSize >= BufferHeader.Length && header.BufferSize <= limits.MaximumBufferSize
            ? header
            : throw new EtlFormatException(
                source.Name, at + SystemLength, $"the header says that buffers are {(uint)header.BufferSize:N0} bytes; expected {BufferHeader.Length} to {limits.MaximumBufferSize:N0}. The header is damaged, or EtlLimits.MaximumBufferSize is to be raised.");
    }

    private static string Hex(ReadOnlySpan<byte> bytes, int count) => string.Join(' ', bytes[..count].ToArray().Select(value => value.ToString("X2", null)));
}
