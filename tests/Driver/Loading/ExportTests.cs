using System.Buffers.Binary;
using System.Text;
using Tracing.Host;
using Tracing.Host.Loading;

namespace Tracing.Driver.Tests.Loading;

/// <summary>Export tables made by hand. Source of the layout: "PE Format", .edata.</summary>
public class ExportTests
{
    private const int Table = 0x1000;
    private const int Addresses = 0x1100;
    private const int Names = 0x1200;
    private const int Ordinals = 0x1300;

    [Fact]
    public void Exports_are_found_by_name_through_their_ordinals()
    {
        byte[] image = TwoExports();

        IReadOnlyDictionary<string, uint> exports = PeExports.Read(image, new PeDirectory(Table, 0x400), "some.sys");

        Assert.Equal(2, exports.Count);
        Assert.Equal(0x200u, exports["Alpha"]);
        Assert.Equal(0x100u, exports["Beta"]);
    }

    [Fact]
    public void An_image_without_a_table_exports_nothing() => Assert.Empty(PeExports.Read(new byte[0x1000], default, "some.sys"));

    [Theory]
    [InlineData("too many names", Table + 24, 4097u, "expected at most 4096 exports, found 4097")]
    [InlineData("ordinal outside", Ordinals, 2u, "Alpha is export 2 of 2")]
    [InlineData("names outside", Table + 32, 0xFFFF_0000u, "RVA 0xFFFF0000")]
    [InlineData("a forwarder", Addresses, 0x1010u, "Beta is forwarded")]
    [InlineData("an address outside", Addresses, 0x9000u, "RVA 0x9000: Beta needs 1 bytes")]
    public void A_damaged_table_is_refused_with_the_place_and_the_reason(string damage, int offset, uint value, string expected)
    {
        byte[] image = TwoExports();
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(offset), value);

        DriverImageException error = Assert.Throws<DriverImageException>(
            () => PeExports.Read(image, new PeDirectory(Table, 0x400), "some.sys"));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(damage);
    }

    /// <summary>Names are sorted, addresses are not: Alpha is the second, Beta the first.</summary>
    private static byte[] TwoExports()
    {
        byte[] image = new byte[0x2000];
        Word(image, Table + 20, 2);
        Word(image, Table + 24, 2);
        Word(image, Table + 28, Addresses);
        Word(image, Table + 32, Names);
        Word(image, Table + 36, Ordinals);
        Word(image, Addresses, 0x100);
        Word(image, Addresses + 4, 0x200);
        Word(image, Names, 0x1400);
        Word(image, Names + 4, 0x1410);
        Word(image, Ordinals, 0x0000_0001);
        Encoding.ASCII.GetBytes("Alpha", image.AsSpan(0x1400));
        Encoding.ASCII.GetBytes("Beta", image.AsSpan(0x1410));
        return image;
    }

    private static void Word(byte[] image, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at), value);
}
