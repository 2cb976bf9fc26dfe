using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tracing.Etl.TraceEvent;

/// <summary>
/// The event by which merged traces carry the layout of other events, and from which TraceEvent learns it: KernelTraceControl MetaData/EventInfo, whose payload is a
/// TRACE_EVENT_INFO. It is made up here for TraceLogging events, whose own schema TraceEvent leaves to Windows to read.
/// </summary>
/// <remarks>Source: TRACE_EVENT_INFO and EVENT_PROPERTY_INFO documentation; docs: ETL format notes, section 5.</remarks>
internal static class EventInfoRecord
{
    private const byte EventInfoOpcode = 32;
    private const int DecodingSourceTraceLogging = 3;
    private const int InfoLength = 112;
    private const ushort ClassicHeader64Bit = 0x0200 | 0x0100 | 0x0040;
    private static readonly Guid MetaDataClass = new("bbccf6c1-6cd1-48c4-80ff-839482e37671");

    /// <summary>Makes the record that tells of an event. Null if it would be larger than a record can be.</summary>
    /// <param name="record">The event.</param>
    /// <param name="id">The id that TraceEvent is given for it.</param>
    /// <param name="schema">What it carries of itself.</param>
    public static byte[]? Make(in EtlRecord record, ushort id, TraceLoggingSchema schema)
    {
        byte[] info = MakeInfo(record, id, schema);
        if (info.Length > ushort.MaxValue)
        {
            return null;
        }

        byte[] bytes = new byte[(EventRecordLayout.StructureLength + info.Length + EventRecordLayout.Alignment - 1) & ~(EventRecordLayout.Alignment - 1)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), ClassicHeader64Bit);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), record.ThreadId);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), record.ProcessId);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), record.Time);
        MetaDataClass.TryWriteBytes(bytes.AsSpan(24));
        bytes[45] = EventInfoOpcode;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(80), (ushort)record.Processor);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(86), (ushort)info.Length);
        info.CopyTo(bytes, EventRecordLayout.StructureLength);
        return bytes;
    }

    private static byte[] MakeInfo(in EtlRecord record, ushort id, TraceLoggingSchema schema)
    {
        List<EventProperty> properties = EventProperty.Flatten(schema.Fields, out int topLevel);
        int namesAt = InfoLength + (EventProperty.Length * properties.Count);
        List<char> names = [];
        byte[] info = new byte[namesAt];
        record.ProviderId.TryWriteBytes(info);
        record.Bytes.Slice(40, 16).CopyTo(info.AsSpan(32));
        BinaryPrimitives.WriteUInt16LittleEndian(info.AsSpan(32), id);
        WriteInt32(48, DecodingSourceTraceLogging);
        WriteInt32(52, AddName(schema.Provider));
        WriteInt32(68, AddName(schema.Event));
        WriteInt32(72, OpcodeName(record.Opcode) is { } opcode ? AddName(opcode) : 0);
        WriteInt32(100, properties.Count);
        WriteInt32(104, topLevel);
        for (int i = 0; i < properties.Count; i++)
        {
            properties[i].Write(info.AsSpan(InfoLength + (EventProperty.Length * i)), AddName(properties[i].Name));
        }

        return [.. info, .. MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(names))];

        int AddName(string name)
        {
            int offset = namesAt + (2 * names.Count);
            names.AddRange(name);
            names.Add('\0');
            return offset;
        }

        void WriteInt32(int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(info.AsSpan(offset), value);
    }

    // The opcodes that winmeta.xml names for all providers and TraceLogging is used with.
    private static string? OpcodeName(byte opcode) => opcode switch
    {
        1 => "Start",
        2 => "Stop",
        _ => null,
    };
}
