using System.Buffers.Binary;
using System.Text;

namespace Tracing.Manifest.Tests;

/// <summary>Builds a payload byte by byte as the contract lays it out: packed, little endian, strings in UTF-16 with a zero character.</summary>
internal sealed class PayloadBytes
{
    private readonly List<byte> _bytes = [];

    public PayloadBytes U8(byte value) => Add([value]);

    public PayloadBytes U16(ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return Add(bytes);
    }

    public PayloadBytes U32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Add(bytes);
    }

    public PayloadBytes U64(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return Add(bytes);
    }

    public PayloadBytes Pointer(ulong value, int size) => size == 8 ? U64(value) : U32((uint)value);

    public PayloadBytes Text(string value) => Add(Encoding.Unicode.GetBytes(value + '\0'));

    public byte[] ToArray() => [.. _bytes];

    private PayloadBytes Add(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }
}
