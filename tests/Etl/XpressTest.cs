using System.Text;
using CsCheck;
using Tracing.Etl.Format;
using Tracing.Etl.Writing;

namespace Tracing.Etl.Tests;

/// <summary>XPRESS by MS-XCA: its own examples, each length form by hand, round trips, and streams that lie.</summary>
public sealed class XpressTest
{
    /// <summary>MS-XCA, section 3.1: compressed bytes and what they decompress to.</summary>
    public static TheoryData<string, string> PublishedExamples => new()
    {
        { "3f 00 00 00 61 62 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70 71 72 73 74 75 76 77 78 79 7a", "abcdefghijklmnopqrstuvwxyz" },
        { "ff ff ff 1f 61 62 63 17 00 0f ff 26 01", string.Concat(Enumerable.Repeat("abc", 100)) },
    };

    /// <summary>Lengths at the edges of each form: flag word 0x7FFFFFFF is one literal, then matches; distance 1 is 0 in the high 13 bits.</summary>
    public static TheoryData<int, string> LengthForms => new()
    {
        { 3, "00 00" },
        { 9, "06 00" },
        { 10, "07 00 00" },
        { 24, "07 00 0e" },
        { 25, "07 00 0f 00" },
        { 279, "07 00 0f fe" },
        { 280, "07 00 0f ff 15 01" },
        { 65_538, "07 00 0f ff ff ff" },
        { 65_539, "07 00 0f ff 00 00 00 00 01 00" },
    };

    [Theory]
    [MemberData(nameof(PublishedExamples))]
    public void The_published_examples_decompress(string compressed, string text)
    {
        byte[] output = new byte[text.Length];

        Assert.True(Xpress.TryDecompress(Bytes(compressed), output));
        Assert.Equal(text, Encoding.ASCII.GetString(output));
    }

    [Theory]
    [MemberData(nameof(LengthForms))]
    public void Each_form_of_a_length_is_read(int length, string match)
    {
        byte[] output = new byte[1 + length];

        Assert.True(Xpress.TryDecompress(Bytes("ff ff ff 7f 5a " + match), output));
        Assert.All(output, value => Assert.Equal(0x5A, value));
    }

    [Fact]
    public void Two_long_matches_share_a_byte_of_lengths_low_half_first()
    {
        // 'Z', then length 10 + 1 by the low nibble, then length 10 + 2 by the high one, whose match needs no byte of its own.
        byte[] output = new byte[1 + 11 + 12];

        Assert.True(Xpress.TryDecompress(Bytes("ff ff ff 7f 5a 07 00 21 07 00"), output));
        Assert.All(output, value => Assert.Equal(0x5A, value));
    }

    [Fact]
    public void A_match_reaches_back_by_its_distance()
    {
        // 0000111...: four literals, then a match of 3 at distance 4: u16 = (4 - 1) << 3.
        byte[] output = new byte[7];

        Assert.True(Xpress.TryDecompress(Bytes("ff ff ff 0f 61 62 63 64 18 00"), output));
        Assert.Equal("abcdabc", Encoding.ASCII.GetString(output));
    }

    [Theory]
    [InlineData("", 1, "no flags")]
    [InlineData("00 00 00", 1, "flags cut")]
    [InlineData("00 00 00 00", 1, "literal missing")]
    [InlineData("ff ff ff 7f 5a", 4, "match missing")]
    [InlineData("ff ff ff 7f 5a 07", 4, "match cut")]
    [InlineData("ff ff ff 7f 5a 07 00", 11, "nibble missing")]
    [InlineData("ff ff ff 7f 5a 07 00 0f", 26, "byte missing")]
    [InlineData("ff ff ff 7f 5a 07 00 0f ff 15", 281, "u16 cut")]
    [InlineData("ff ff ff 7f 5a 07 00 0f ff 00 00 00 00 01", 65_540, "u32 cut")]
    [InlineData("ff ff ff 7f 5a 07 00 0f ff 15 00", 4, "u16 that a shorter form could hold")]
    [InlineData("ff ff ff 7f 5a 07 00 0f ff 00 00 ff ff ff ff", 100, "u32 beyond any buffer")]
    [InlineData("ff ff ff ff 00 00", 3, "match before the first byte")]
    [InlineData("ff ff ff 7f 5a 08 00", 4, "match one before the start")]
    [InlineData("ff ff ff 7f 5a 01 00", 4, "match one beyond the end")]
    public void A_stream_that_lies_is_refused(string compressed, int length, string lie)
    {
        Assert.False(Xpress.TryDecompress(Bytes(compressed), new byte[length]), lie);
    }

    [Fact]
    public void Noise_never_throws() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[0, 4000]).Sample((noise, length) =>
        {
            _ = Xpress.TryDecompress(noise, new byte[length]);
        });

    [Fact]
    public void What_the_encoder_makes_the_decoder_reads() =>
        Samples.Compressible.Sample(input =>
        {
            byte[] compressed = new byte[input.Length];
            byte[] output = new byte[input.Length];
            bool isSmaller = new XpressEncoder(input.Length).TryCompress(input, compressed, out int written);
            Assert.True(!isSmaller || written < input.Length);
            Assert.True(!isSmaller || Xpress.TryDecompress(compressed.AsSpan(0, written), output));
            Assert.True(!isSmaller || input.AsSpan().SequenceEqual(output));
            Assert.True(isSmaller || input.Length < 3000 || input.Distinct().Count() > 4, "Repetitive input must shrink.");
        });

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
