using System.Buffers.Binary;
using System.Text;

namespace Tracing.Host.Loading;

/// <summary>
/// Bytes of a file or of a mapped image, read with every offset checked. Every failure is a <see cref="DriverImageException"/> with its
/// place.
/// </summary>
/// <param name="bytes">The bytes.</param>
/// <param name="path">The file, for messages.</param>
/// <param name="unit">What an offset is called: "offset" in a file, "RVA" in an image.</param>
internal readonly ref struct PeBytes(ReadOnlySpan<byte> bytes, string path, string unit)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    internal int Length => _bytes.Length;

    internal ReadOnlySpan<byte> Slice(ulong offset, int length, string what) =>
        offset + (ulong)length <= (ulong)_bytes.Length
            ? _bytes.Slice((int)offset, length)
            : throw Wrong(offset, $"{what} needs {length} bytes, but there are only 0x{_bytes.Length:X} in all. Is the file truncated?");

    internal ushort U16(ulong offset, string what) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(offset, 2, what));

    internal uint U32(ulong offset, string what) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(offset, 4, what));

    internal ulong U64(ulong offset, string what) => BinaryPrimitives.ReadUInt64LittleEndian(Slice(offset, 8, what));

    /// <summary>A zero-terminated name of at most 512 bytes.</summary>
    internal string Name(ulong offset, string what)
    {
        const int longest = 512;
        int available = (int)Math.Min(longest, offset < (ulong)_bytes.Length ? (ulong)_bytes.Length - offset : 0);
        int length = Slice(offset, available, what).IndexOf((byte)0);
        return length > 0
            ? Encoding.ASCII.GetString(_bytes.Slice((int)offset, length))
            : throw Wrong(offset, $"{what}: expected a zero-terminated name of 1 to {longest - 1} bytes");
    }

    internal void Expect(ulong offset, uint found, uint expected, string what)
    {
        if (found != expected)
        {
            throw Wrong(offset, $"expected {what} 0x{expected:X}, found 0x{found:X}");
        }
    }

    internal DriverImageException Wrong(ulong offset, string problem) => new(path, $"{unit} 0x{offset:X}", problem + ".");
}
