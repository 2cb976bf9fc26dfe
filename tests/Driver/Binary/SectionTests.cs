using System.Buffers.Binary;
using System.Reflection.PortableExecutable;

namespace Tracing.Driver.Tests.Binary;

/// <summary>What HVCI asks of an image's memory, and what address space randomization does.</summary>
public sealed class SectionTests
{
    private static readonly DriverImage Image = BuiltDriver.Image;

    [Fact]
    public void No_section_is_both_writable_and_executable() =>
        Assert.DoesNotContain(Image.Headers.SectionHeaders, section => Has(section, SectionCharacteristics.MemWrite | SectionCharacteristics.MemExecute));

    [Fact]
    public void Only_code_is_executable_and_only_data_is_writable()
    {
        Assert.Equal([".text"], Named(SectionCharacteristics.MemExecute));
        Assert.Equal([".data"], Named(SectionCharacteristics.MemWrite));
    }

    [Fact]
    public void Nothing_that_runs_or_is_read_can_be_paged_or_discarded()
    {
        // Sections called PAGE... are pageable, INIT... and discardable ones go away; relocations may.
        Assert.DoesNotContain(Image.Headers.SectionHeaders, section => section.Name.StartsWith("PAGE", StringComparison.Ordinal));
        Assert.Equal([".reloc"], Named(SectionCharacteristics.MemDiscardable));
    }

    [Fact]
    public void There_is_no_thread_local_storage() => Assert.Equal(0, Image.Optional.ThreadLocalStorageTableDirectory.Size);

    [Fact]
    public void It_can_be_loaded_anywhere_without_a_change_to_code()
    {
        Assert.Equal((Characteristics)0, Image.Headers.CoffHeader.Characteristics & Characteristics.RelocsStripped);
        List<uint> relocated = Relocations();
        Assert.NotEmpty(relocated);
        Assert.All(relocated, rva => Assert.NotEqual(".text", Image.SectionAt(rva).Name));
    }

    private static List<uint> Relocations()
    {
        const int Dir64 = 10;
        List<uint> rvas = [];
        DirectoryEntry directory = Image.Optional.BaseRelocationTableDirectory;
        ReadOnlySpan<byte> table = directory.Size == 0 ? [] : Image.At((uint)directory.RelativeVirtualAddress)[..directory.Size];
        while (table.Length >= 8)
        {
            uint page = BinaryPrimitives.ReadUInt32LittleEndian(table);
            int size = BinaryPrimitives.ReadInt32LittleEndian(table[4..]);
            for (int at = 8; at < size; at += 2)
            {
                ushort entry = BinaryPrimitives.ReadUInt16LittleEndian(table[at..]);
                if (entry >> 12 != 0)
                {
                    Assert.Equal(Dir64, entry >> 12);
                    rvas.Add(page + (entry & 0xFFFu));
                }
            }

            table = table[size..];
        }

        return rvas;
    }

    private static IEnumerable<string> Named(SectionCharacteristics flags) =>
        Image.Headers.SectionHeaders.Where(section => Has(section, flags)).Select(section => section.Name);

    private static bool Has(SectionHeader section, SectionCharacteristics flags) => (section.SectionCharacteristics & flags) == flags;
}
