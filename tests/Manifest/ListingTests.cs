using CsCheck;
using Tracing.Events;

namespace Tracing.Manifest.Tests;

/// <summary>An event on one line.</summary>
public sealed class ListingTests
{
    [Fact]
    public void Numbers_are_decimal_and_bits_have_their_names() => Assert.Equal(
        "MutexId=71 Sequence=88 Depth=2 Flags=Recursive|Timed RequestedAt=1000 AcquiredAt=2000 SiteId=9",
        Listed("MutexAcquired", new PayloadBytes().U64(71).U64(88).U16(2).U8(5).U64(1000).U64(2000).U32(9).ToArray()));

    [Theory]
    [InlineData(8, "Address=0xffff800012345678")]
    [InlineData(4, "Address=0x12345678")]
    public void Addresses_and_tags_are_hexadecimal_and_text_is_quoted(int pointerSize, string address) => Assert.Equal(
        $"MutexId=71 {address} Kind=KMutex DataSize=24 PoolSize=208 PoolTag=0x74784d4b Irql=1 SiteId=9 AllocatedAt=5 Label=\"Counter\"",
        Listed("MutexAllocated", new PayloadBytes().U64(71).Pointer(0xFFFF_8000_1234_5678, pointerSize).U8(1).U32(24).U32(208).U32(0x7478_4D4B).U8(1).U32(9).U64(5).Text("Counter").ToArray(), pointerSize));

    [Fact]
    public void A_GUID_has_its_dashes() => Assert.Equal(
        "SchemaVersion=1 DriverVersion=0x10000 BuildId=03020100-0504-0706-0808-080808080808 QpcFrequency=1 ContentionThreshold=2 EventCost=3 PointerSize=8",
        Listed("ProviderStarted", new PayloadBytes().U16(1).U32(0x10000).U64(0x0706_0504_0302_0100).U64(0x0808_0808_0808_0808).U64(1).U64(2).U64(3).U8(8).ToArray()));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "Recursive")]
    [InlineData(31, "Recursive|Try|Timed|Alertable|Abandoned")]
    [InlineData(0x20, "0x20")]
    [InlineData(0xC8, "Alertable|0xc0")]
    public void Bits_without_a_name_are_told(byte flags, string expected) => Assert.Contains(
        $" Flags={expected} ",
        Listed("MutexAcquired", new PayloadBytes().U64(0).U64(0).U16(0).U8(flags).U64(0).U64(0).U32(0).ToArray()),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(0, "Kind=0 ")]
    [InlineData(3, "Kind=CriticalSection ")]
    [InlineData(4, "Kind=4 ")]
    public void A_value_without_a_name_is_its_number(byte kind, string expected) =>
        Assert.StartsWith(expected, Listed("AllocationFailed", new PayloadBytes().U8(kind).U32(0).U32(0).U32(0).ToArray()), StringComparison.Ordinal);

    [Theory]
    [InlineData("say \"hi\"", "\"say \\\"hi\\\"\"")]
    [InlineData("C:\\a", "\"C:\\\\a\"")]
    [InlineData("red\u001b[31m", "\"red\\u001b[31m\"")]
    [InlineData("two\r\nlines", "\"two\\u000d\\u000alines\"")]
    [InlineData("back\u202Ewards", "\"back\\u202ewards\"")]
    [InlineData("Größe 日本", "\"Größe 日本\"")]
    public void Text_cannot_drive_the_terminal(string text, string expected) => Assert.Equal(
        $"SiteId=1 Line=2 File={expected} Member=\"\"",
        Listed("SiteDefined", new PayloadBytes().U32(1).U32(2).Text(text).Text("").ToArray()));

    [Theory]
    [InlineData(0, "(payload cut short)")]
    [InlineData(7, "(payload cut short)")]
    [InlineData(8, "MutexId=71 (payload cut short)")]
    [InlineData(17, "MutexId=71 Sequence=88 (payload cut short)")]
    public void What_is_there_of_a_payload_cut_short_is_listed(int length, string expected) => Assert.Equal(
        expected, Listed("MutexReleased", new PayloadBytes().U64(71).U64(88).U16(2).U64(1).U64(2).U32(0).U32(9).ToArray()[..length]));

    [Fact]
    public void Without_room_nothing_is_written_and_nothing_thrown()
    {
        byte[] payload = new PayloadBytes().U32(1).U32(2).Text("a\u0001\"b").Text("M").ToArray();
        EventDescription description = KMutexEventTable.Find((ushort)KMutexEventId.SiteDefined)!;
        string whole = Listed("SiteDefined", payload);
        for (int room = 0; room < whole.Length; room++)
        {
            Assert.False(EventListing.TryFormat(description, payload, 8, new char[room], out int written), $"room for {room} of {whole.Length}");
            Assert.Equal(0, written);
        }
    }

    [Fact]
    public void A_long_text_is_listed_whole() => Gen.String[0, 2000].Where(text => !text.Contains('\0', StringComparison.Ordinal)).Sample(text =>
    {
        EventFieldReader fields = new(KMutexEventTable.Find((ushort)KMutexEventId.SiteDefined)!, new PayloadBytes().U32(1).U32(2).Text(text).Text("").ToArray(), 8);
        Assert.True(fields.MoveNext() && fields.MoveNext() && fields.MoveNext());
        Assert.Equal(text, fields.Current.Text);
        Assert.StartsWith("\"", fields.Current.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("\"", fields.Current.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(fields.Current.ToString(), char.IsControl);
    });

    private static string Listed(string name, byte[] payload, int pointerSize = 8)
    {
        char[] text = new char[4096];
        EventDescription description = KMutexEventTable.All.Single(candidate => candidate.Name == name);
        Assert.True(EventListing.TryFormat(description, payload, pointerSize, text, out int written));
        return new string(text, 0, written);
    }
}
