using System.Text;
using Tracing.Host.Native;

namespace Tracing.Host.Loading;

/// <summary>
/// What the headers of a PE32+ driver say, checked so that whoever maps it needs no further doubt about sizes. Immutable. Source:
/// Microsoft, "PE Format".
/// </summary>
internal sealed record PeLayout
{
    /// <summary>The largest image accepted. kmutex.sys has some tens of kilobytes; a header can claim four gigabytes.</summary>
    internal const uint MaximumImageSize = 64 << 20;

    /// <summary>The most sections: the Windows loader's own bound.</summary>
    internal const int MaximumSections = 96;

    private const ushort MachineAmd64 = 0x8664;
    private const ushort Pe32Plus = 0x020B;
    private const ushort NativeSubsystem = 1;
    private const int CoffHeaderSize = 20;
    private const int OptionalHeaderSize = 112;
    private const int SectionHeaderSize = 40;

    internal required uint EntryPoint { get; init; }

    internal required ulong ImageBase { get; init; }

    internal required uint SizeOfImage { get; init; }

    internal required uint SizeOfHeaders { get; init; }

    internal required IReadOnlyList<PeSection> Sections { get; init; }

    internal required PeDirectory Exports { get; init; }

    internal required PeDirectory Imports { get; init; }

    internal required PeDirectory Exceptions { get; init; }

    internal required PeDirectory Relocations { get; init; }

    internal required PeDirectory LoadConfiguration { get; init; }

    /// <summary>Reads the headers.</summary>
    /// <exception cref="DriverImageException">The bytes are no x64 driver image, or contradict themselves.</exception>
    internal static PeLayout Parse(ReadOnlySpan<byte> file, string path)
    {
        PeBytes bytes = new(file, path, "offset");
        if (bytes.U16(0, "the DOS header") != 0x5A4D)
        {
            throw bytes.Wrong(0, $"expected an image that begins with \"MZ\", found {bytes.U16(0, "the DOS header"):X4}h. Is this a driver file?");
        }

        uint signature = bytes.U32(0x3C, "the offset of the PE header");
        if (bytes.U32(signature, "the PE signature") != 0x0000_4550)
        {
            throw bytes.Wrong(signature, $"expected the signature \"PE\", found 0x{bytes.U32(signature, "the PE signature"):X8}");
        }

        uint coff = signature + 4;
        uint optional = coff + CoffHeaderSize;
        bytes.Expect(coff, bytes.U16(coff, "the machine"), MachineAmd64, "an image for x64 (machine)");
        bytes.Expect(optional, bytes.U16(optional, "the optional header"), Pe32Plus, "a PE32+ image (optional header's magic)");
        bytes.Expect(optional + 68, bytes.U16(optional + 68, "the subsystem"), NativeSubsystem, "a driver (native subsystem)");
        uint alignment = bytes.U32(optional + 32, "the section alignment");
        if (alignment % PageMemory.PageSize != 0 || alignment == 0)
        {
            throw bytes.Wrong(optional + 32, $"expected sections aligned to pages of 0x1000 bytes, found 0x{alignment:X}");
        }

        uint imageSize = bytes.U32(optional + 56, "the size of the image");
        if (imageSize is 0 or > MaximumImageSize)
        {
            throw bytes.Wrong(optional + 56, $"expected an image of at most 0x{MaximumImageSize:X} bytes, found 0x{imageSize:X}");
        }

        uint headers = bytes.U32(optional + 60, "the size of the headers");
        if (headers > imageSize || headers > (uint)file.Length)
        {
            throw bytes.Wrong(optional + 60, $"the headers claim 0x{headers:X} bytes of a file of 0x{file.Length:X} and an image of 0x{imageSize:X}");
        }

        uint entry = bytes.U32(optional + 16, "the entry point");
        if (entry == 0 || entry >= imageSize)
        {
            throw bytes.Wrong(optional + 16, $"expected an entry point inside the image of 0x{imageSize:X} bytes, found RVA 0x{entry:X}");
        }

        uint directories = bytes.U32(optional + 108, "the number of data directories");
        return new PeLayout
        {
            EntryPoint = entry,
            ImageBase = bytes.U64(optional + 24, "the image base"),
            SizeOfImage = imageSize,
            SizeOfHeaders = headers,
            Sections = ReadSections(bytes, coff, imageSize, headers, file.Length),
            Exports = ReadDirectory(bytes, optional, directories, 0, imageSize),
            Imports = ReadDirectory(bytes, optional, directories, 1, imageSize),
            Exceptions = ReadDirectory(bytes, optional, directories, 3, imageSize),
            Relocations = ReadDirectory(bytes, optional, directories, 5, imageSize),
            LoadConfiguration = ReadDirectory(bytes, optional, directories, 10, imageSize),
        };
    }

    private static List<PeSection> ReadSections(PeBytes bytes, uint coff, uint imageSize, uint headers, int fileLength)
    {
        int count = bytes.U16(coff + 2, "the number of sections");
        if (count is 0 or > MaximumSections)
        {
            throw bytes.Wrong(coff + 2, $"expected 1 to {MaximumSections} sections, found {count}");
        }

        uint table = coff + CoffHeaderSize + bytes.U16(coff + 16, "the size of the optional header");
        List<PeSection> sections = new(count);
        ulong free = PageMemory.RoundUp(headers);
        for (int i = 0; i < count; i++)
        {
            uint at = table + (uint)(SectionHeaderSize * i);
            string name = Encoding.Latin1.GetString(bytes.Slice(at, 8, "a section header")).TrimEnd('\0');
            PeSection section = new(
                name,
                bytes.U32(at + 12, name),
                bytes.U32(at + 8, name),
                bytes.U32(at + 20, name),
                bytes.U32(at + 16, name),
                bytes.U32(at + 36, name));
            if (section.Rva % PageMemory.PageSize != 0 || section.Rva < free || (ulong)section.Rva + section.VirtualSize > imageSize)
            {
                throw bytes.Wrong(at, $"section {name} claims RVA 0x{section.Rva:X} and 0x{section.VirtualSize:X} bytes; expected whole pages between "
                    + $"0x{free:X} and the image's end at 0x{imageSize:X}, in order");
            }

            if ((ulong)section.FileOffset + section.FileSize > (ulong)fileLength)
            {
                throw bytes.Wrong(at, $"section {name} claims 0x{section.FileSize:X} bytes at offset 0x{section.FileOffset:X} of a file of "
                    + $"0x{fileLength:X}. Is the file truncated?");
            }

            if (section.IsWritableCode)
            {
                throw bytes.Wrong(
                    at, $"section {name} is writable and executable (characteristics 0x{section.Characteristics:X8}); no page here ever is both");
            }

            free = section.Rva + (ulong)PageMemory.RoundUp(section.VirtualSize);
            sections.Add(section);
        }

        return sections;
    }

    private static PeDirectory ReadDirectory(PeBytes bytes, uint optional, uint count, uint index, uint imageSize)
    {
        if (index >= count)
        {
            return default;
        }

        uint at = optional + OptionalHeaderSize + (8 * index);
        PeDirectory directory = new(bytes.U32(at, "a data directory"), bytes.U32(at + 4, "a data directory"));
        return (ulong)directory.Rva + directory.Size <= imageSize
            ? directory
            : throw bytes.Wrong(
                at, $"data directory {index} claims RVA 0x{directory.Rva:X} and 0x{directory.Size:X} bytes of an image of 0x{imageSize:X}");
    }
}
