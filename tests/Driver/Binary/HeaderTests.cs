using System.Buffers.Binary;
using System.Reflection.PortableExecutable;
using System.Text;

namespace Tracing.Driver.Tests.Binary;

/// <summary>The headers of kmutex.sys. Source of every offset and flag: PE Format (Microsoft).</summary>
public sealed class HeaderTests
{
    private const DllCharacteristics GuardCf = (DllCharacteristics)0x4000;

    private static readonly DriverImage Image = BuiltDriver.Image;

    [Fact]
    public void It_is_a_native_x64_image_for_Windows_10()
    {
        Assert.Equal(Machine.Amd64, Image.Headers.CoffHeader.Machine);
        Assert.Equal(PEMagic.PE32Plus, Image.Optional.Magic);
        Assert.Equal(Subsystem.Native, Image.Optional.Subsystem);
        Assert.Equal((10, 0), (Image.Optional.MajorOperatingSystemVersion, Image.Optional.MinorOperatingSystemVersion));
        Assert.Equal((10, 0), (Image.Optional.MajorSubsystemVersion, Image.Optional.MinorSubsystemVersion));
    }

    [Fact]
    public void It_can_be_relocated_does_not_execute_data_and_is_guarded()
    {
        DllCharacteristics wanted =
            DllCharacteristics.DynamicBase | DllCharacteristics.HighEntropyVirtualAddressSpace | DllCharacteristics.NxCompatible | GuardCf;
        Assert.Equal(wanted, Image.Optional.DllCharacteristics & wanted);
    }

    [Fact]
    public void It_declares_itself_compatible_with_shadow_stacks()
    {
        const int ExtendedDllCharacteristics = 20;
        const uint CetCompat = 0x1;
        uint data = DebugEntry(ExtendedDllCharacteristics);
        Assert.Equal(CetCompat, Image.UInt32At(data) & CetCompat);
    }

    [Fact]
    public void It_is_smaller_than_64_KiB() => Assert.InRange(Image.File.Length, 1, (64 * 1024) - 1);

    [Fact]
    public void Its_checksum_is_right()
    {
        // 16-bit words added with end-around carry, the checksum's own four bytes as zero, then the length of the file.
        int checksumAt = Image.Headers.PEHeaderStartOffset + 64;
        uint sum = 0;
        for (int at = 0; at < Image.File.Length; at += 2)
        {
            bool isChecksum = at >= checksumAt && at < checksumAt + 4;
            sum += isChecksum ? 0u : BinaryPrimitives.ReadUInt16LittleEndian(Image.File[at..]);
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        Assert.Equal(sum + (uint)Image.File.Length, Image.Optional.CheckSum);
    }

    [Fact]
    public void It_names_its_pdb_without_a_folder()
    {
        const int CodeView = 2;
        uint data = DebugEntry(CodeView);
        Assert.Equal("RSDS"u8, Image.At(data)[..4]);
        Assert.Equal("kmutex.pdb", Image.TextAt(data + 24));
    }

    [Fact]
    public void It_names_no_folder_of_the_machine_it_was_built_on()
    {
        string root = BuiltDriver.RepositoryRoot + "/";
        Assert.Equal(-1, Image.File.IndexOf(Encoding.UTF8.GetBytes(root)));
        Assert.Equal(-1, Image.File.IndexOf(Encoding.Unicode.GetBytes(root)));
    }

    [Fact]
    public void Its_call_sites_are_paths_from_the_root_of_the_repository() =>
        Assert.NotEqual(-1, Image.File.IndexOf(Encoding.Unicode.GetBytes("driver/Workloads/ContendedWorkload.cs\0")));

    /// <summary>The RVA of a debug record.</summary>
    private static uint DebugEntry(int type)
    {
        const int EntrySize = 28;
        DirectoryEntry directory = Image.Optional.DebugTableDirectory;
        for (int at = 0; at < directory.Size; at += EntrySize)
        {
            uint entry = (uint)(directory.RelativeVirtualAddress + at);
            if (Image.UInt32At(entry + 12) == type)
            {
                return Image.UInt32At(entry + 20);
            }
        }

        Assert.Fail($"There is no debug record of type {type}.");
        return 0;
    }
}
