using System.Buffers.Binary;
using CsCheck;
using Tracing.Driver.Tests.Support;
using Tracing.Host;
using Tracing.Host.Loading;

namespace Tracing.Driver.Tests.Loading;

public unsafe class DriverImageTests
{
    private const int Optional = DriverBuilder.OptionalHeader;
    private const int TextHeader = DriverBuilder.SectionTable;

    /// <summary>What is wrong, where the bytes are, what they become, and what the message must say.</summary>
    public static TheoryData<string, int, uint, string> Damages => new()
    {
        { "no MZ", 0, 0x5858_5858, "offset 0x0: expected an image that begins with \"MZ\"" },
        { "PE header outside", 0x3C, 0x7FFF_FFFF, "offset 0x7FFFFFFF: the PE signature needs 4 bytes" },
        { "no PE", DriverBuilder.PeOffset, 0x4550_4550, "expected the signature \"PE\"" },
        { "ARM64", DriverBuilder.PeOffset + 4, 0x0004_AA64, "expected an image for x64 (machine) 0x8664, found 0xAA64" },
        { "PE32", Optional, 0x0000_010B, "expected a PE32+ image (optional header's magic) 0x20B, found 0x10B" },
        { "a console program", Optional + 68, 3, "expected a driver (native subsystem) 0x1, found 0x3" },
        { "section alignment 0x200", Optional + 32, 0x200, "expected sections aligned to pages" },
        { "an image of 4 GB", Optional + 56, 0xFFFF_F000, "expected an image of at most 0x4000000 bytes, found 0xFFFFF000" },
        { "headers beyond the file", Optional + 60, 0x5001, "the headers claim 0x5001 bytes" },
        { "no entry point", Optional + 16, 0, "expected an entry point inside the image" },
        { "entry point outside", Optional + 16, 0x5000, "expected an entry point inside the image" },
        { "no sections", DriverBuilder.PeOffset + 4, 0x0000_8664, "expected 1 to 96 sections, found 0" },
        { "sections without end", DriverBuilder.PeOffset + 4, 0xFFFF_8664, "expected 1 to 96 sections, found 65535" },
        { "a section that overlaps the headers", TextHeader + 12, 0, "section .text claims RVA 0x0" },
        { "a section beyond the image", TextHeader + 8, 0xFFFF_FFFF, "section .text claims RVA 0x1000 and 0xFFFFFFFF bytes" },
        { "a section beyond the file", TextHeader + 20, 0x7FFF_F000, "section .text claims 0x1000 bytes at offset 0x7FFFF000" },
        { "writable code", TextHeader + 36, 0xE000_0020, "section .text is writable and executable" },
        { "imports outside", Optional + 120, 0x0000_5000, "data directory 1 claims RVA 0x5000" },
        { "imports in a hole", Optional + 120, 0x0000_3000, "" },
        { "relocations outside", Optional + 152, 0xFFFF_FFF0, "data directory 5 claims" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_header_is_refused_with_the_place_and_the_reason(string damage, int offset, uint value, string expected)
    {
        byte[] file = Sample().Build();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);
        if (expected.Length == 0)
        {
            // .data is all zeros: a table that ends at once. Nothing is imported, and nothing is wrong with that.
            Load(file, (_, _) => 0).Dispose();
            return;
        }

        DriverImageException error = Assert.Throws<DriverImageException>(() => Load(file, Anything));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("some.sys, ", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(damage);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(DriverBuilder.PeOffset + 3)]
    [InlineData(DriverBuilder.SectionTable + 39)]
    [InlineData(DriverBuilder.HeaderSize)]
    [InlineData(DriverBuilder.HeaderSize + 0x3FFF)]
    public void A_truncated_file_is_refused(int length)
    {
        DriverImageException error = Assert.Throws<DriverImageException>(() => Load(Sample().Build()[..length], Anything));
        Assert.Contains("0x", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Noise_in_the_headers_and_tables_is_refused_or_loaded_but_never_crashes()
    {
        Gen.Select(Gen.Int[0, 0x400 + 0x3FFF], Gen.Byte).Array[1, 40].Sample(
            changes =>
            {
                byte[] file = Sample().Build();
                foreach ((int offset, byte value) in changes)
                {
                    file[offset] = value;
                }

                try
                {
                    Load(file, Anything).Dispose();
                    return true;
                }
                catch (DriverImageException)
                {
                    return true;
                }
            },
            iter: 3000,
            threads: 1);
    }

    [Fact]
    public void Sections_lie_at_their_addresses_and_relocated_pointers_point_there()
    {
        DriverBuilder builder = Sample();
        BinaryPrimitives.WriteUInt64LittleEndian(builder.Data.AsSpan(0x10), 0x1_4000_0000 + 0x3123);
        builder.RelocatedRvas.Add(0x3010);
        using LoadedImage image = Load(builder.Build(), Anything);

        Assert.Equal(0xC3, image.Base[0x1000 + 6]);
        Assert.Equal((ulong)image.Base + 0x3123, *(ulong*)(image.Base + 0x3010));
        Assert.Equal(0x5000u, image.Size);
        Assert.True(image.EntryPoint == image.Base + 0x1000);
    }

    [Fact]
    public void Imports_are_bound_by_name()
    {
        List<string> asked = [];
        using LoadedImage image = Load(Sample().Build(), (module, name) =>
        {
            asked.Add($"{module}!{name}");
            return 0x1234_5678;
        });

        Assert.Equal(["ntoskrnl.exe!KeGetCurrentIrql"], asked);
        Assert.Equal(0x1234_5678ul, *(ulong*)(image.Base + DriverBuilder.ImportsRva));
    }

    [Fact]
    public void Every_missing_import_is_named_at_once()
    {
        byte[] file = new DriverBuilder().Call("KeFlyToTheMoon").Call("KeGetCurrentIrql").Call("KeComeBack").Code(0xC3).Build();
        DriverImageException error = Assert.Throws<DriverImageException>(
            () => Load(file, (_, name) => name == "KeGetCurrentIrql" ? 1u : 0));

        Assert.Contains("nobody exports ntoskrnl.exe!KeFlyToTheMoon, ntoskrnl.exe!KeComeBack.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0u, 0x3000_0008u, "a relocation block claims 0x30000008 bytes")]
    [InlineData(0x5000u, 12u, "")]
    [InlineData(0xFFFF_F000u, 12u, "RVA 0xFFFFF010: a relocated address needs 8 bytes")]
    public void A_relocation_that_lies_outside_is_refused(uint page, uint size, string expected)
    {
        DriverBuilder builder = Sample();
        builder.RelocatedRvas.Add(0x3010);
        byte[] file = builder.Build();
        int relocations = DriverBuilder.HeaderSize + 0x3000;
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(relocations), page);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(relocations + 4), size);

        DriverImageException error = Assert.Throws<DriverImageException>(() => Load(file, Anything));
        Assert.Contains(expected.Length == 0 ? "RVA 0x5010: a relocated address" : expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_relocation_of_32_bits_is_refused()
    {
        DriverBuilder builder = Sample();
        builder.RelocatedRvas.Add(0x3010);
        byte[] file = builder.Build();
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(DriverBuilder.HeaderSize + 0x3000 + 8), 0x3010);

        Assert.Contains(
            "relocation of kind 3", Assert.Throws<DriverImageException>(() => Load(file, Anything)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_are_described_by_image_offset_and_section()
    {
        using LoadedImage image = Load(Sample().Build(), Anything);

        Assert.Equal("some.sys+0x1010 (.text+0x10)", image.Describe(image.Base + 0x1010));
        Assert.Equal("some.sys+0x3FFF (.data+0xFFF)", image.Describe(image.Base + 0x3FFF));
        Assert.Equal("some.sys+0x10 (headers)", image.Describe(image.Base + 0x10));
        Assert.Contains("outside some.sys", image.Describe(image.Base + 0x5000), StringComparison.Ordinal);
    }

    [Fact]
    public void The_security_cookie_is_seeded()
    {
        const ulong compiled = 0x0000_2B99_2DDF_A232;
        byte[] image = new byte[0x2000];
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x1000), 0x140);
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(0x1000 + 0x58), 0x7000_1800);
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(0x1800), compiled);

        SecurityCookie.Seed(image, new PeDirectory(0x1000, 0x140), 0x7000_0000, "some.sys");

        ulong cookie = BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(0x1800));
        Assert.NotEqual(compiled, cookie);
        Assert.NotEqual(0ul, cookie);
        Assert.Equal(0ul, cookie >> 48);
    }

    /// <summary>call KeGetCurrentIrql; ret.</summary>
    private static DriverBuilder Sample() => new DriverBuilder().Call("KeGetCurrentIrql").Code(0xC3);

    private static nuint Anything(string module, string name) => 0x1000;

    private static LoadedImage Load(byte[] file, PeImports.Resolve resolve) => LoadedImage.Load(file, "some.sys", resolve);
}
