using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tracing.Etl.Kernel;

/// <summary>
/// Reads a kernel event's payload, in which pointers have 4 or 8 bytes. A field is found by the fixed bytes and the number of pointers before it; nothing is aligned.
/// </summary>
/// <param name="bytes">The payload.</param>
/// <param name="pointerSize">Bytes of a pointer in it: 4 or 8.</param>
internal readonly ref struct KernelPayload(ReadOnlySpan<byte> bytes, int pointerSize)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Where a field is that comes after so many bytes and pointers.</summary>
    public int At(int fixedBytes, int pointers) => fixedBytes + (pointers * pointerSize);

    /// <summary>Whether the payload has that many bytes at least.</summary>
    public bool Has(int length) => _bytes.Length >= length;

    public byte Byte(int offset) => _bytes[offset];

    public ushort UInt16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[offset..]);

    public uint UInt32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[offset..]);

    public int Int32(int offset) => BinaryPrimitives.ReadInt32LittleEndian(_bytes[offset..]);

    public long Int64(int offset) => BinaryPrimitives.ReadInt64LittleEndian(_bytes[offset..]);

    public ulong Pointer(int offset) => pointerSize == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(_bytes[offset..]) : UInt32(offset);

    public Guid Guid(int offset) => new(_bytes.Slice(offset, 16));

    /// <summary>The pointers from an offset to the end.</summary>
    public EtlStack Stack(int offset) => new(_bytes[offset..], pointerSize);

    /// <summary>A string of bytes, without the zero that ends it; nothing if it begins behind the end.</summary>
    public ReadOnlySpan<byte> Text(int offset)
    {
        if (offset >= _bytes.Length)
        {
            return default;
        }

        ReadOnlySpan<byte> rest = _bytes[offset..];
        int end = rest.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end];
    }

    /// <summary>A string of UTF-16 units, without the zero that ends it; nothing if it begins behind the end.</summary>
    public ReadOnlySpan<char> WideText(int offset)
    {
        if (offset >= _bytes.Length)
        {
            return default;
        }

        ReadOnlySpan<char> rest = MemoryMarshal.Cast<byte, char>(_bytes[offset..]);
        int end = rest.IndexOf('\0');
        return end < 0 ? rest : rest[..end];
    }

    /// <summary>
    /// Where the field after a user's SID is: an empty one takes 4 bytes, any other two pointers (TOKEN_USER) and the SID, whose length is told by its second byte.
    /// </summary>
    /// <returns>-1 if it does not fit.</returns>
    public int AfterUserSid(int offset)
    {
        const int SidHeader = 8;
        if (!Has(offset + sizeof(uint)))
        {
            return -1;
        }

        if (UInt32(offset) == 0)
        {
            return offset + sizeof(uint);
        }

        int sid = offset + At(0, 2);
        return Has(sid + SidHeader) ? sid + SidHeader + (Byte(sid + 1) * sizeof(uint)) : -1;
    }
}
