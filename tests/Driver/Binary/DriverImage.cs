using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Reflection.PortableExecutable;

namespace Tracing.Driver.Tests.Binary;

/// <summary>A PE file read by addresses: what lies at an RVA, and in which section.</summary>
internal sealed class DriverImage
{
    private readonly byte[] _file;

    internal DriverImage(byte[] file)
    {
        _file = file;
        Headers = new PEReader(ImmutableArray.Create(file)).PEHeaders;
        Optional = Headers.PEHeader!;
    }

    internal ReadOnlySpan<byte> File => _file;

    internal PEHeaders Headers { get; }

    internal PEHeader Optional { get; }

    internal SectionHeader Section(string name) => Headers.SectionHeaders.Single(section => section.Name == name);

    /// <summary>The section an RVA lies in.</summary>
    internal SectionHeader SectionAt(uint rva) => Headers.SectionHeaders.Single(section =>
        rva >= (uint)section.VirtualAddress && rva < (uint)(section.VirtualAddress + section.VirtualSize));

    internal bool IsIn(string section, uint rva) => SectionAt(rva).Name == section;

    /// <summary>The content of a section, as long as it is in memory, without what the loader zeroes behind the file's part.</summary>
    internal ReadOnlySpan<byte> Content(SectionHeader section) =>
        File.Slice(section.PointerToRawData, Math.Min(section.VirtualSize, section.SizeOfRawData));

    /// <summary>The bytes from an RVA to the end of its section.</summary>
    internal ReadOnlySpan<byte> At(uint rva)
    {
        SectionHeader section = SectionAt(rva);
        return Content(section)[(int)(rva - (uint)section.VirtualAddress)..];
    }

    internal uint UInt32At(uint rva) => BinaryPrimitives.ReadUInt32LittleEndian(At(rva));

    internal ulong UInt64At(uint rva) => BinaryPrimitives.ReadUInt64LittleEndian(At(rva));

    /// <summary>The RVA of an address as the linker wrote it, before relocation.</summary>
    internal uint ToRva(ulong address) => checked((uint)(address - Optional.ImageBase));

    internal string TextAt(uint rva)
    {
        ReadOnlySpan<byte> bytes = At(rva);
        return System.Text.Encoding.ASCII.GetString(bytes[..bytes.IndexOf((byte)0)]);
    }
}
