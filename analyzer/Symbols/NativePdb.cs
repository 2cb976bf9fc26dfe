using System.Buffers.Binary;
using System.Text;

namespace Tracing.Symbols;

/// <summary>
/// The functions of an image by address, from the public symbols of its native program database. Immutable once opened, safe to use from any thread.
/// </summary>
/// <remarks>
/// <para>
/// Public symbols have a start and no length: an address belongs to the last function that begins before it in its section. Names are as the linker has them, decorated.
/// </para>
/// <para>
/// Source: "The PDB File Format" of the LLVM documentation: stream 1 (identity), stream 3 (DBI), its symbol record stream (S_PUB32) and section headers. Hostile files end in
/// <see cref="PdbFormatException"/>; <see cref="PdbLimits"/> says how much memory they can take.
/// </para>
/// </remarks>
public sealed class NativePdb
{
    private const int InfoStream = 1;
    private const int DbiStream = 3;
    private const int DbiHeaderLength = 64;
    private const int InfoLength = 28;
    private const ushort NoStream = ushort.MaxValue;
    private const ushort PublicSymbol = 0x110E;
    private const int PublicNameAt = 14;
    private const uint Executable = 0x2000_0000;
    private const int SectionHeaderLength = 40;
    private const int RearrangedFrom = 4;
    private const int SectionHeaders = 5;

    private readonly byte[] _symbols;
    private readonly Section[] _sections;
    private readonly uint[] _addresses;
    private readonly int[] _names;

    private NativePdb(PdbIdentity identity, byte[] symbols, Section[] sections, List<(uint Address, int Name)> functions)
    {
        Identity = identity;
        _symbols = symbols;
        _sections = sections;

        // Of functions folded into one address, the first by name: the same file gives the same names.
        functions.Sort((a, b) => a.Address != b.Address ? a.Address.CompareTo(b.Address) : NameBytes(a.Name).SequenceCompareTo(NameBytes(b.Name)));
        _addresses = [.. functions.Select(function => function.Address)];
        _names = [.. functions.Select(function => function.Name)];
    }

    /// <summary>What an image must carry for these symbols to be its own.</summary>
    public PdbIdentity Identity { get; }

    /// <summary>How many functions it names.</summary>
    public int FunctionCount => _addresses.Length;

    /// <summary>Reads a program database.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="limits">What it may ask for; <see cref="PdbLimits.Default"/> if null.</param>
    /// <exception cref="PdbFormatException">It is none, or one that cannot be understood.</exception>
    /// <exception cref="IOException">The operating system does not give it.</exception>
    public static NativePdb Open(string path, PdbLimits? limits = null)
    {
        using FileStream file = File.OpenRead(path);
        return Read(file, limits);
    }

    /// <summary>Reads a program database.</summary>
    /// <param name="file">Its bytes; a stream that can seek. It is not needed afterwards.</param>
    /// <param name="limits">What it may ask for; <see cref="PdbLimits.Default"/> if null.</param>
    /// <exception cref="PdbFormatException">It is none, or one that cannot be understood.</exception>
    public static NativePdb Read(Stream file, PdbLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        MsfFile container = new(file, limits ?? PdbLimits.Default);
        byte[] info = container.ReadStream(InfoStream);
        byte[] dbi = container.ReadStream(DbiStream);
        if (info.Length < InfoLength || dbi.Length < DbiHeaderLength)
        {
            throw new PdbFormatException($"The identity has {info.Length} bytes and the debug information {dbi.Length}; expected at least {InfoLength} and {DbiHeaderLength}.");
        }

        // The age of the image's debug directory is that of the DBI stream; that of stream 1 can rise beyond it.
        PdbIdentity identity = new(new Guid(info.AsSpan(12, 16)), BinaryPrimitives.ReadInt32LittleEndian(dbi.AsSpan(8)));
        ReadOnlySpan<byte> streams = DebugStreams(dbi);
        if (StreamAt(streams, RearrangedFrom) is not NoStream)
        {
            throw new PdbFormatException("The image was rearranged after it was linked (OMAP); its addresses are not those of the symbols.");
        }

        Section[] sections = ReadSections(container.ReadStream(StreamAt(streams, SectionHeaders)));
        byte[] symbols = container.ReadStream(BinaryPrimitives.ReadUInt16LittleEndian(dbi.AsSpan(20)));
        return new NativePdb(identity, symbols, sections, FindFunctions(symbols, sections));
    }

    /// <summary>The function at an address.</summary>
    /// <param name="relativeAddress">Bytes from the start of the image.</param>
    /// <param name="name">Its name, as the linker has it; not to be trusted.</param>
    /// <param name="offset">Bytes from its start to the address.</param>
    /// <returns>False if no function begins before the address in its section, or it lies in no section.</returns>
    public bool TryFind(uint relativeAddress, out string name, out uint offset)
    {
        int index = Array.BinarySearch(_addresses, relativeAddress);
        if (index < 0)
        {
            index = ~index - 1;
        }

        name = "";
        offset = 0;
        if (index < 0 || SectionOf(relativeAddress) is not { } section || _addresses[index] < section.Address)
        {
            return false;
        }

        while (index > 0 && _addresses[index - 1] == _addresses[index])
        {
            index--;
        }

        name = Encoding.UTF8.GetString(NameBytes(_names[index]));
        offset = relativeAddress - _addresses[index];
        return true;
    }

    private static ReadOnlySpan<byte> DebugStreams(byte[] dbi)
    {
        // Substreams in the order of the file; their lengths stand in the header in nearly that order, the edit-and-continue one last.
        long at = DbiHeaderLength;
        foreach (int lengthAt in new[] { 24, 28, 32, 36, 40, 52 })
        {
            at += BinaryPrimitives.ReadUInt32LittleEndian(dbi.AsSpan(lengthAt));
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(dbi.AsSpan(48));
        return at + length <= dbi.Length
            ? dbi.AsSpan((int)at, (int)length)
            : throw new PdbFormatException($"The debug information has {dbi.Length} bytes, and its list of streams would end at {at + length}.");
    }

    private static ushort StreamAt(ReadOnlySpan<byte> streams, int index) =>
        streams.Length >= (index + 1) * sizeof(ushort) ? BinaryPrimitives.ReadUInt16LittleEndian(streams[(index * sizeof(ushort))..]) : NoStream;

    private static Section[] ReadSections(byte[] headers)
    {
        Section[] sections = new Section[headers.Length / SectionHeaderLength];
        for (int i = 0; i < sections.Length; i++)
        {
            ReadOnlySpan<byte> header = headers.AsSpan(i * SectionHeaderLength);
            bool isCode = (BinaryPrimitives.ReadUInt32LittleEndian(header[36..]) & Executable) != 0;
            sections[i] = new Section(BinaryPrimitives.ReadUInt32LittleEndian(header[12..]), BinaryPrimitives.ReadUInt32LittleEndian(header[8..]), isCode);
        }

        return sections;
    }

    private static List<(uint Address, int Name)> FindFunctions(byte[] symbols, Section[] sections)
    {
        List<(uint, int)> functions = [];
        int at = 0;
        while (symbols.Length - at >= 4)
        {
            // A length of 2 covers the kind alone, so that each step goes forward; a record that reaches beyond the end ends the walk.
            int length = BinaryPrimitives.ReadUInt16LittleEndian(symbols.AsSpan(at)) + sizeof(ushort);
            if (length < 4 || length > symbols.Length - at)
            {
                break;
            }

            ReadOnlySpan<byte> record = symbols.AsSpan(at, length);
            if (BinaryPrimitives.ReadUInt16LittleEndian(record[2..]) == PublicSymbol && length > PublicNameAt)
            {
                // The flags of a public symbol would say that it is a function, but compilers of other languages than C leave them empty: its section says it too.
                uint offset = BinaryPrimitives.ReadUInt32LittleEndian(record[8..]);
                int section = BinaryPrimitives.ReadUInt16LittleEndian(record[12..]) - 1;
                if ((uint)section < (uint)sections.Length && sections[section].IsCode && offset < sections[section].Length)
                {
                    functions.Add((unchecked(sections[section].Address + offset), at));
                }
            }

            at += length;
        }

        return functions;
    }

    private ReadOnlySpan<byte> NameBytes(int record)
    {
        int length = BinaryPrimitives.ReadUInt16LittleEndian(_symbols.AsSpan(record)) + sizeof(ushort);
        ReadOnlySpan<byte> name = _symbols.AsSpan(record, length)[PublicNameAt..];
        int end = name.IndexOf((byte)0);
        return end < 0 ? name : name[..end];
    }

    private Section? SectionOf(uint address)
    {
        foreach (Section section in _sections)
        {
            if (address >= section.Address && address - section.Address < section.Length)
            {
                return section;
            }
        }

        return null;
    }

    private readonly record struct Section(uint Address, uint Length, bool IsCode);
}
