using System.Buffers.Binary;

namespace Tracing.Host.Loading;

/// <summary>
/// Moves a mapped image to where it lies: adds the distance from its preferred base to every absolute address it lists. Source: "PE
/// Format", .reloc.
/// </summary>
internal static class PeRelocations
{
    private const int Absolute = 0;
    private const int Dir64 = 10;

    /// <summary>Applies the relocations in place.</summary>
    /// <param name="image">The mapped image, writable.</param>
    /// <param name="directory">Its base relocation directory.</param>
    /// <param name="distance">Actual base minus preferred base.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="DriverImageException">A block or an entry lies outside, or is of a kind x64 does not have.</exception>
    internal static void Apply(Span<byte> image, PeDirectory directory, ulong distance, string path)
    {
        PeBytes bytes = new(image, path, "RVA");
        if (directory.Size == 0 && distance != 0)
        {
            throw bytes.Wrong(
                directory.Rva, "the image has no relocations, so that it cannot run anywhere but at its preferred base. Link it without /fixed");
        }

        uint at = directory.Rva;
        uint end = directory.Rva + directory.Size;
        while (at < end)
        {
            uint page = bytes.U32(at, "a relocation block");
            uint size = bytes.U32(at + 4, "a relocation block");
            if (size < 8 || size > end - at)
            {
                throw bytes.Wrong(at, $"a relocation block claims 0x{size:X} bytes; 0x{end - at:X} are left");
            }

            for (uint entry = at + 8; entry + 2 <= at + size; entry += 2)
            {
                ushort value = bytes.U16(entry, "a relocation");
                ulong target = (ulong)page + (uint)(value & 0xFFF);
                switch (value >> 12)
                {
                    case Absolute:
                        break;
                    case Dir64:
                        ulong address = bytes.U64(target, "a relocated address");
                        BinaryPrimitives.WriteUInt64LittleEndian(image[(int)target..], address + distance);
                        break;
                    default:
                        throw bytes.Wrong(entry, $"relocation of kind {value >> 12}; x64 images have kind {Dir64} and padding of kind {Absolute}");
                }
            }

            at += size;
        }
    }
}
