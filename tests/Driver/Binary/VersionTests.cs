using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace Tracing.Driver.Tests.Binary;

/// <summary>The version resource. Source of its layout: VS_VERSIONINFO and VS_FIXEDFILEINFO (winver.h); of the tree above it, PE Format.</summary>
public sealed class VersionTests
{
    private const uint VersionType = 16;
    private static readonly DriverImage Image = BuiltDriver.Image;

    [Fact]
    public void It_says_that_this_is_a_driver_of_the_version_of_this_project()
    {
        ReadOnlySpan<byte> resource = VersionResource();

        // VS_VERSIONINFO: three 16-bit lengths, the key with its zero, aligned to 4: 40 bytes. Then VS_FIXEDFILEINFO.
        Assert.Equal("VS_VERSION_INFO\0", Encoding.Unicode.GetString(resource.Slice(6, 32)));
        ReadOnlySpan<uint> fixedInfo = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(resource.Slice(40, 52));
        Version version = ProjectVersion();
        Assert.Equal(0xFEEF_04BDu, fixedInfo[0]);
        Assert.Equal(((uint)version.Major << 16) | (uint)version.Minor, fixedInfo[2]);
        Assert.Equal((uint)version.Build << 16, fixedInfo[3]);
        Assert.Equal((fixedInfo[2], fixedInfo[3]), (fixedInfo[4], fixedInfo[5]));
        const uint driverType = 3;
        Assert.Equal(driverType, fixedInfo[9]);
    }

    [Fact]
    public void Its_strings_name_the_file_and_the_version()
    {
        string text = Encoding.Unicode.GetString(VersionResource());
        Assert.Contains("OriginalFilename\0kmutex.sys\0", text.Replace("\0\0", "\0", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains($"FileVersion\0{ProjectVersion()}\0", text.Replace("\0\0", "\0", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    /// <summary>Three levels of directories, of one entry each: type, name, language.</summary>
    private static ReadOnlySpan<byte> VersionResource()
    {
        DirectoryEntry directory = Image.Optional.ResourceTableDirectory;
        Assert.NotEqual(0, directory.Size);
        uint root = (uint)directory.RelativeVirtualAddress;
        const uint headerSize = 16;
        Assert.Equal(VersionType, Image.UInt32At(root + headerSize));
        uint offset = 0;
        for (int level = 0; level < 3; level++)
        {
            offset = Image.UInt32At(root + offset + headerSize + 4) & 0x7FFF_FFFF;
        }

        return Image.At(Image.UInt32At(root + offset))[..(int)Image.UInt32At(root + offset + 4)];
    }

    private static Version ProjectVersion() =>
        new(XDocument.Parse(Encoding.UTF8.GetString(BuiltDriver.Read("Directory.Build.props")).TrimStart('\uFEFF')).Descendants("Version").Single().Value);
}
