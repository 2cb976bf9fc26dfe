using System.Buffers.Binary;
using System.Text;

namespace Tracing.Driver.Tests.Support;

/// <summary>
/// Builds small drivers, byte by byte: sections .text (RX) at 0x1000, .idata (R) at 0x2000, .data (RW) at 0x3000, .reloc (R) at 0x4000. The
/// entry point is the first byte of the code.
/// </summary>
internal sealed class DriverBuilder
{
    internal const uint TextRva = 0x1000;
    internal const uint ImportsRva = 0x2000;
    internal const uint DataRva = 0x3000;
    internal const uint RelocationsRva = 0x4000;
    internal const int HeaderSize = 0x400;
    internal const int PeOffset = 0x80;
    internal const int OptionalHeader = PeOffset + 24;
    internal const int SectionTable = OptionalHeader + 240;

    private const int SectionFileSize = 0x1000;
    private const int LookupTable = 0x300;
    private const int Descriptors = 0x600;
    private const int Names = 0x700;
    private readonly List<byte> _code = [];
    private readonly List<string> _imports = [];

    internal List<uint> RelocatedRvas { get; } = [];

    internal byte[] Data { get; } = new byte[SectionFileSize];

    internal DriverBuilder Code(params ReadOnlySpan<byte> bytes)
    {
        _code.AddRange(bytes);
        return this;
    }

    /// <summary><c>call [rip + distance]</c> to an import of ntoskrnl.exe.</summary>
    internal DriverBuilder Call(string import)
    {
        int slot = _imports.IndexOf(import);
        if (slot < 0)
        {
            slot = _imports.Count;
            _imports.Add(import);
        }

        _code.AddRange([0xFF, 0x15]);
        return Distance(ImportsRva + (uint)(8 * slot));
    }

    /// <summary>Appends the distance from the end of this 32-bit field to a place in the image.</summary>
    internal DriverBuilder Distance(uint rva)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)(rva - (TextRva + (uint)_code.Count + 4)));
        _code.AddRange(bytes);
        return this;
    }

    internal byte[] Build()
    {
        byte[] file = new byte[HeaderSize + (4 * SectionFileSize)];
        WriteHeaders(file);
        _code.ToArray().CopyTo(file.AsSpan(HeaderSize));
        WriteImports(file.AsSpan(HeaderSize + SectionFileSize, SectionFileSize));
        Data.CopyTo(file.AsSpan(HeaderSize + (2 * SectionFileSize)));
        WriteRelocations(file.AsSpan(HeaderSize + (3 * SectionFileSize), SectionFileSize));
        return file;
    }

    private void WriteHeaders(byte[] file)
    {
        file[0] = (byte)'M';
        file[1] = (byte)'Z';
        U32(file, 0x3C, PeOffset);
        U32(file, PeOffset, 0x4550);
        U16(file, PeOffset + 4, 0x8664);
        U16(file, PeOffset + 6, 4);
        U16(file, PeOffset + 20, 240);
        U16(file, OptionalHeader, 0x20B);
        U32(file, OptionalHeader + 16, TextRva);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(OptionalHeader + 24), 0x1_4000_0000);
        U32(file, OptionalHeader + 32, 0x1000);
        U32(file, OptionalHeader + 36, 0x200);
        U32(file, OptionalHeader + 56, 0x5000);
        U32(file, OptionalHeader + 60, HeaderSize);
        U16(file, OptionalHeader + 68, 1);
        U32(file, OptionalHeader + 108, 16);
        if (_imports.Count > 0)
        {
            U32(file, OptionalHeader + 112 + 8, ImportsRva + Descriptors);
            U32(file, OptionalHeader + 112 + 12, 40);
        }

        U32(file, OptionalHeader + 112 + 40, RelocationsRva);
        U32(file, OptionalHeader + 112 + 44, (uint)RelocationSize);
        Section(file, 0, ".text", TextRva, 0x6000_0020);
        Section(file, 1, ".idata", ImportsRva, 0x4000_0040);
        Section(file, 2, ".data", DataRva, 0xC000_0040);
        Section(file, 3, ".reloc", RelocationsRva, 0x4200_0040);
    }

    private int RelocationSize => 8 + (2 * ((RelocatedRvas.Count + 1) & ~1));

    private void WriteImports(Span<byte> section)
    {
        int name = Names;
        foreach ((int index, string import) in _imports.Index())
        {
            BinaryPrimitives.WriteUInt64LittleEndian(section[(8 * index)..], ImportsRva + (ulong)name);
            BinaryPrimitives.WriteUInt64LittleEndian(section[(LookupTable + (8 * index))..], ImportsRva + (ulong)name);
            name += 2 + Encoding.ASCII.GetBytes(import, section[(name + 2)..]) + 1;
        }

        Encoding.ASCII.GetBytes("ntoskrnl.exe", section[0xF00..]);
        BinaryPrimitives.WriteUInt32LittleEndian(section[Descriptors..], ImportsRva + LookupTable);
        BinaryPrimitives.WriteUInt32LittleEndian(section[(Descriptors + 12)..], ImportsRva + 0xF00);
        BinaryPrimitives.WriteUInt32LittleEndian(section[(Descriptors + 16)..], ImportsRva);
    }

    /// <summary>All relocations are in the page of .data.</summary>
    private void WriteRelocations(Span<byte> section)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(section, DataRva);
        BinaryPrimitives.WriteUInt32LittleEndian(section[4..], (uint)RelocationSize);
        foreach ((int index, uint rva) in RelocatedRvas.Index())
        {
            BinaryPrimitives.WriteUInt16LittleEndian(section[(8 + (2 * index))..], (ushort)(0xA000 | (rva - DataRva)));
        }
    }

    private static void Section(byte[] file, int index, string name, uint rva, uint characteristics)
    {
        int at = SectionTable + (40 * index);
        Encoding.ASCII.GetBytes(name, file.AsSpan(at));
        U32(file, at + 8, SectionFileSize);
        U32(file, at + 12, rva);
        U32(file, at + 16, SectionFileSize);
        U32(file, at + 20, (uint)(HeaderSize + (index * SectionFileSize)));
        U32(file, at + 36, characteristics);
    }

    private static void U32(byte[] file, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);

    private static void U16(byte[] file, int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);
}
