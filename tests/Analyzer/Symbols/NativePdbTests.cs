using System.Buffers.Binary;
using CsCheck;
using Tracing.Symbols;

namespace Tracing.Analyzer.Tests.Symbols;

/// <summary>Functions by address from a program database, and what a hostile one can do: nothing.</summary>
public sealed class NativePdbTests
{
    private static PdbBuilder Two => new PdbBuilder().Public("Second", section: 1, offset: 0x200).Public("First", section: 1, offset: 0x100).Public("g_data", section: 2, offset: 0);

    [Theory]
    [InlineData(0x1100, "First", 0)]
    [InlineData(0x11FF, "First", 0xFF)]
    [InlineData(0x1200, "Second", 0)]
    [InlineData(0x27FF, "Second", 0x15FF)]
    public void An_address_belongs_to_the_last_function_that_begins_before_it(uint address, string name, uint offset)
    {
        Assert.True(Read(Two).TryFind(address, out string found, out uint distance));
        Assert.Equal((name, offset), (found, distance));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x10FF)]
    [InlineData(0x2800)]
    [InlineData(0x3000)]
    [InlineData(uint.MaxValue)]
    public void An_address_before_all_functions_behind_the_code_or_in_data_has_none(uint address) => Assert.False(Read(Two).TryFind(address, out _, out _));

    [Fact]
    public void Identity_and_number_of_functions_are_told()
    {
        NativePdb pdb = Read(new PdbBuilder { Age = 3 }.Public("Only", 1, 0));

        Assert.Equal(new PdbIdentity(new Guid("4f71b41b-ec8f-cc89-4c4c-44205044422e"), 3), pdb.Identity);
        Assert.Equal("4F71B41BEC8FCC894C4C44205044422E3", pdb.Identity.ToString());
        Assert.Equal(1, pdb.FunctionCount);
    }

    [Fact]
    public void Of_functions_folded_into_one_the_first_by_name_is_shown()
    {
        Assert.True(Read(new PdbBuilder().Public("b", 1, 8).Public("a", 1, 8).Public("c", 1, 8)).TryFind(0x1009, out string name, out _));
        Assert.Equal("a", name);
    }

    [Fact]
    public void Symbols_of_other_kinds_and_of_no_section_are_passed_over() =>
        Assert.Equal(
            1,
            Read(new PdbBuilder().Symbol([6, 0, 0x25, 0x11, 1, 2, 3, 4]).Public("gone", 9, 0).Public("far", 1, 0x1800).Public("here", 1, 0)).FunctionCount);

    [Fact]
    public void An_image_that_was_rearranged_gets_no_wrong_names() =>
        Assert.Contains("rearranged", Assert.Throws<PdbFormatException>(() => Read(new PdbBuilder { Rearranged = true })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_directory_larger_than_the_file_is_not_believed()
    {
        byte[] file = Two.Build();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(44), 0x0300_0000);

        Assert.Contains("0x2C", Assert.Throws<PdbFormatException>(() => NativePdb.Read(new MemoryStream(file))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_anywhere_is_read_or_refused()
    {
        byte[] file = Two.Build();
        for (int length = 0; length < file.Length; length += 7)
        {
            Try(file[..length]);
        }
    }

    [Fact]
    public void A_file_with_noise_anywhere_is_read_or_refused() =>
        Gen.Select(Gen.Int[0, Two.Build().Length - 9], Gen.Byte.Array[8]).Sample(
            (at, noise) =>
            {
                byte[] file = Two.Build();
                noise.CopyTo(file, at);
                Try(file);
            },
            iter: 5_000);

    private static void Try(byte[] file)
    {
        try
        {
            NativePdb pdb = NativePdb.Read(new MemoryStream(file));
            for (uint address = 0; address < 0x4000; address += 0x80)
            {
                pdb.TryFind(address, out _, out _);
            }
        }
        catch (PdbFormatException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    private static NativePdb Read(PdbBuilder builder) => NativePdb.Read(new MemoryStream(builder.Build()));
}
