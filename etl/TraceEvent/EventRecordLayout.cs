using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Tracing.Etl.TraceEvent;

/// <summary>
/// Lays records out as EVENT_RECORD, the structure that Windows hands to consumers, in the form BPerfEventSource reads from its files: 112 bytes of structure, whose
/// pointers it sets itself, then the payload, the extended items and their data, each at a multiple of 8 bytes, all together a multiple of 16.
/// </summary>
/// <remarks>Sources: EVENT_RECORD, EVENT_HEADER and EVENT_HEADER_EXTENDED_DATA_ITEM documentation; docs: ETL format notes, section 2.</remarks>
internal static class EventRecordLayout
{
    /// <summary>Records are multiples of this.</summary>
    public const int Alignment = 16;

    /// <summary>Bytes of EVENT_RECORD.</summary>
    public const int StructureLength = 112;

    private const int HeaderLength = 80;
    private const int ProcessorIndexOffset = 80;
    private const int ItemCountOffset = 84;
    private const int PayloadLengthOffset = 86;
    private const int ItemLength = 16;
    private const byte Event64 = 19;
    private const ushort ExtendedInfo = 0x0001;
    private const ushort TraceMessage = 0x0008;
    private const ushort NoCpuTime = 0x0010;
    private const ushort Header32Bit = 0x0020;
    private const ushort Header64Bit = 0x0040;
    private const ushort ClassicHeader = 0x0100;
    private const ushort ProcessorIndex = 0x0200;

    /// <summary>A type of extended item that no consumer knows, for padding.</summary>
    private const ushort PaddingItemType = 0xFFFF;

    /// <summary>Most data that a padding item holds: a multiple of 8 below 64 KiB.</summary>
    private const int MaximumPaddingData = ushort.MaxValue & ~7;

    /// <summary>Writes a record under the given id.</summary>
    /// <param name="record">The record.</param>
    /// <param name="id">The event id that consumers are to see.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="written">Bytes taken; 0 if nothing was written.</param>
    /// <returns>False if it does not fit.</returns>
    public static bool TryWrite(in EtlRecord record, ushort id, Span<byte> destination, out int written)
    {
        if (record.Kind == EtlRecordKind.Event && record.HeaderFlags == 0)
        {
            return TryWritePlain(record.Bytes, record.Time, record.Processor, id, destination, out written);
        }

        ReadOnlySpan<byte> payload = record.Payload;
        int itemsAt = StructureLength + Align8(payload.Length);
        written = Align16(itemsAt + MeasureItems(record.ExtendedItems));
        if (written > destination.Length)
        {
            written = 0;
            return false;
        }

        Span<byte> structure = destination[..StructureLength];
        structure.Clear();
        if (record.Kind == EtlRecordKind.Event)
        {
            record.Bytes[..HeaderLength].CopyTo(structure);
        }
        else
        {
            WriteHeader(record, structure);
        }

        WriteFields(structure, FlagsOf(record), record.Time, record.Processor, id, payload.Length);
        payload.CopyTo(destination[StructureLength..]);
        WriteItems(record.ExtendedItems, destination, itemsAt);
        return true;
    }

    /// <summary>
    /// Makes the record at the start of <paramref name="block"/> reach to the block's end, by extended items of a type that no consumer knows.
    /// </summary>
    /// <param name="block">The record and the free bytes after it, together a multiple of 16.</param>
    /// <param name="length">Bytes that <see cref="TryWrite"/> took for it.</param>
    public static void PadToEnd(Span<byte> block, int length)
    {
        int free = block.Length - length;
        if (free == 0)
        {
            return;
        }

        int itemCount = BinaryPrimitives.ReadUInt16LittleEndian(block[ItemCountOffset..]);
        int payloadLength = BinaryPrimitives.ReadUInt16LittleEndian(block[PayloadLengthOffset..]);
        int itemsEnd = StructureLength + Align8(payloadLength) + (ItemLength * itemCount);
        int added = (free + ItemLength + MaximumPaddingData - 1) / (ItemLength + MaximumPaddingData);

        // The new item headers go between the old ones and the old items' data; the new data goes last.
        block[itemsEnd..length].CopyTo(block[(itemsEnd + (ItemLength * added))..]);
        int data = free - (ItemLength * added);
        for (int i = 0; i < added; i++)
        {
            int part = Math.Min(data, MaximumPaddingData);
            WriteItem(block[(itemsEnd + (ItemLength * i))..], PaddingItemType, part);
            data -= part;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(block[ItemCountOffset..], (ushort)(itemCount + added));
    }

    // Nearly all events of nearly all traces: EVENT_HEADER without extended items. The same as for the others, at less than half the time.
    private static bool TryWritePlain(ReadOnlySpan<byte> record, long time, int processor, ushort id, Span<byte> destination, out int written)
    {
        written = Align16(StructureLength + record.Length - HeaderLength);
        if (written > destination.Length)
        {
            written = 0;
            return false;
        }

        // From its flags on, the header in the file is that of the structure.
        Span<byte> structure = destination[..StructureLength];
        record[..HeaderLength].CopyTo(structure);
        structure[HeaderLength..].Clear();
        int flags = ProcessorIndex | (record[2] == Event64 ? Header64Bit : Header32Bit);
        WriteFields(structure, flags, time, processor, id, record.Length - HeaderLength);
        record[HeaderLength..].CopyTo(destination[StructureLength..]);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteFields(Span<byte> structure, int flags, long time, int processor, ushort id, int payloadLength)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(structure, (uint)Math.Min(HeaderLength + payloadLength, ushort.MaxValue));
        BinaryPrimitives.WriteUInt16LittleEndian(structure[4..], (ushort)flags);

        // BPerfEventSource skips what is before a time of its choosing, which is 0 if none is chosen.
        BinaryPrimitives.WriteInt64LittleEndian(structure[16..], Math.Max(time, 0));
        BinaryPrimitives.WriteUInt16LittleEndian(structure[40..], id);
        BinaryPrimitives.WriteUInt16LittleEndian(structure[ProcessorIndexOffset..], (ushort)processor);
        BinaryPrimitives.WriteUInt16LittleEndian(structure[PayloadLengthOffset..], (ushort)payloadLength);
    }

    private static int MeasureItems(EtlExtendedItems items)
    {
        int length = 0;
        foreach (EtlExtendedItem item in items)
        {
            length += ItemLength + Align8(item.Data.Length);
        }

        return length;
    }

    private static void WriteItems(EtlExtendedItems items, Span<byte> destination, int at)
    {
        int count = 0;
        foreach (EtlExtendedItem item in items)
        {
            WriteItem(destination[(at + (ItemLength * count))..], (ushort)item.Type, item.Data.Length);
            count++;
        }

        at += ItemLength * count;
        foreach (EtlExtendedItem item in items)
        {
            item.Data.CopyTo(destination[at..]);
            at += Align8(item.Data.Length);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(destination[ItemCountOffset..], (ushort)count);
    }

    private static void WriteItem(Span<byte> item, ushort type, int dataLength)
    {
        item[..ItemLength].Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(item[2..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(item[6..], (ushort)dataLength);
    }

    private static void WriteHeader(in EtlRecord record, Span<byte> header)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], record.ThreadId);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], record.ProcessId);
        record.ProviderId.TryWriteBytes(header[24..]);
        header[42] = record.Version;
        header[44] = record.Level;
        header[45] = record.Opcode;
        BinaryPrimitives.WriteUInt32LittleEndian(header[56..], record.KernelTime);
        BinaryPrimitives.WriteUInt32LittleEndian(header[60..], record.UserTime);
    }

    // Files keep only the flag of extended items; consumers on Windows see these.
    private static int FlagsOf(in EtlRecord record)
    {
        int flags = ProcessorIndex | (record.PointerSize == 8 ? Header64Bit : Header32Bit);
        flags |= record.Kind switch
        {
            EtlRecordKind.Event => record.HeaderFlags & ExtendedInfo,
            EtlRecordKind.Message => TraceMessage,
            EtlRecordKind.PerfInfo or EtlRecordKind.Compact => ClassicHeader | NoCpuTime,
            _ => ClassicHeader,
        };
        return flags;
    }

    private static int Align8(int length) => (length + 7) & ~7;

    private static int Align16(int length) => (length + (Alignment - 1)) & ~(Alignment - 1);
}
