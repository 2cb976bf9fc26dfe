using System.Buffers.Binary;

namespace Tracing.Etl.Format;

/// <summary>
/// WMI_BUFFER_HEADER as it stands on disk since Windows 7: 72 bytes before the records of each buffer (docs: ETL format notes, section 1.1). Fields that are garbage
/// on disk are left out.
/// </summary>
internal readonly record struct BufferHeader
{
    /// <summary>Bytes on disk.</summary>
    public const int Length = 72;

    /// <summary>The state of a buffer that has been flushed.</summary>
    public const uint FlushedState = 3;

    public required uint BufferSize { get; init; }

    /// <summary>End of the records from the start of the buffer, this header included; in a compressed buffer: once decompressed.</summary>
    public required uint SavedOffset { get; init; }

    public long TimeStamp { get; init; }

    public required long Sequence { get; init; }

    public required ushort Processor { get; init; }

    public ushort LoggerId { get; init; }

    /// <summary>FlushedState, or in the first buffer of a compressed file the compression format in the low half.</summary>
    public uint State { get; init; }

    public uint Offset { get; init; }

    public required EtlBufferFlags Flags { get; init; }

    public required BufferType Type { get; init; }

    /// <summary>Reads a header. Nothing is checked but the length of <paramref name="bytes"/>.</summary>
    public static BufferHeader Read(ReadOnlySpan<byte> bytes)
    {
        EtlBufferFlags flags = (EtlBufferFlags)BinaryPrimitives.ReadUInt16LittleEndian(bytes[0x34..]);
        ushort processor = BinaryPrimitives.ReadUInt16LittleEndian(bytes[0x28..]);
        return new BufferHeader
        {
            BufferSize = BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            SavedOffset = BinaryPrimitives.ReadUInt32LittleEndian(bytes[0x04..]),
            TimeStamp = BinaryPrimitives.ReadInt64LittleEndian(bytes[0x10..]),
            Sequence = BinaryPrimitives.ReadInt64LittleEndian(bytes[0x18..]),
            Processor = (flags & EtlBufferFlags.ProcessorIndex) != 0 ? processor : (byte)processor,
            LoggerId = BinaryPrimitives.ReadUInt16LittleEndian(bytes[0x2A..]),
            State = BinaryPrimitives.ReadUInt32LittleEndian(bytes[0x2C..]),
            Offset = BinaryPrimitives.ReadUInt32LittleEndian(bytes[0x30..]),
            Flags = flags,
            Type = (BufferType)BinaryPrimitives.ReadUInt16LittleEndian(bytes[0x36..]),
        };
    }

    /// <summary>Writes the header into the first 72 bytes of <paramref name="destination"/>; fields of no meaning on disk become 0.</summary>
    public void Write(Span<byte> destination)
    {
        destination[..Length].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(destination, BufferSize);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[0x04..], SavedOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[0x08..], SavedOffset);
        BinaryPrimitives.WriteInt64LittleEndian(destination[0x10..], TimeStamp);
        BinaryPrimitives.WriteInt64LittleEndian(destination[0x18..], Sequence);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[0x28..], Processor);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[0x2A..], LoggerId);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[0x2C..], State);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[0x30..], Offset);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[0x34..], (ushort)Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[0x36..], (ushort)Type);
    }
}
