using System.Text;
using CsCheck;
using Tracing.Etl.Format;

namespace Tracing.Etl.Tests;

/// <summary>LZNT1 by MS-XCA: its own example, chunks by hand, round trips, and streams that lie.</summary>
public sealed class Lznt1Test
{
    [Fact]
    public void The_published_example_decompresses()
    {
        // MS-XCA, section 3.3.
        const string compressed =
            "38 b0 88 46 23 20 00 20 47 20 41 00 10 a2 47 01 a0 45 20 44 00 08 45 01 50 79 00 c0 45 20 05 24 13 88 05 b4 02 4a 44 ef 03 58 02 8c 09 16 01 48 45 00 be 00 9e 00 04 01 18 90 00";
        const string text =
            "F# F# G A A G F# E D D E F# F# E E F# F# G A A G F# E D D E F# E D D E E F# D E F# G F# D E F# G F# E D E A F# F# G A A G F# E D D E F# E D D\0";
        byte[] output = new byte[text.Length];

        Assert.True(Lznt1.TryDecompress(Bytes(compressed), output));
        Assert.Equal(text, Encoding.ASCII.GetString(output));
    }

    [Theory]
    [InlineData("02 30 61 62 63", "abc", "stored: 3 bytes, size 3 - 1")]
    [InlineData("03 b0 00 61 62 63", "abc", "three literals")]
    [InlineData("03 b0 02 61 01 00", "aaaaa", "a match of 1 + 3 at distance 1: the low 12 bits are the length")]
    [InlineData("05 b0 08 61 62 63 03 20", "abcabcabc", "a match of 3 + 3 at distance 3: (3 - 1) << 12")]
    public void A_chunk_made_by_hand(string compressed, string text, string what)
    {
        byte[] output = new byte[text.Length];

        Assert.True(Lznt1.TryDecompress(Bytes(compressed), output), what);
        Assert.Equal(text, Encoding.ASCII.GetString(output));
    }

    [Fact]
    public void The_longest_match_fills_a_chunk_and_the_next_chunk_begins_anew()
    {
        // One literal, then 4095 more of it: 4095 - 3 = 0xFFC. The second chunk is the same, cut to 3 bytes: 2 more cannot be a match, so they are literals.
        byte[] output = new byte[4096 + 3];

        Assert.True(Lznt1.TryDecompress(Bytes("03 b0 02 5a fc 0f 03 b0 00 5a 5a 5a"), output));
        Assert.All(output, value => Assert.Equal(0x5A, value));
    }

    [Theory]
    [InlineData("", 1, "no chunk")]
    [InlineData("03", 1, "chunk's size cut")]
    [InlineData("00 00", 1, "the mark of the end")]
    [InlineData("03 a0 00 61 62 63", 3, "another signature")]
    [InlineData("03 b0 00 61 62", 3, "chunk longer than the input")]
    [InlineData("02 30 61 62 63", 4, "stored chunk shorter than the output")]
    [InlineData("02 30 61 62 63", 2, "stored chunk longer than the output")]
    [InlineData("02 b0 00 61 62", 3, "literal missing")]
    [InlineData("02 b0 02 61 01", 5, "match cut")]
    [InlineData("02 b0 01 00 00", 3, "match before the first byte")]
    [InlineData("03 b0 02 61 00 10", 4, "match one before the start")]
    [InlineData("03 b0 02 61 01 00", 4, "match one beyond the end")]
    [InlineData("03 b0 00 61 62 63 03 b0 00 61 62 63", 6, "a short chunk before another")]
    public void A_stream_that_lies_is_refused(string compressed, int length, string lie) =>
        Assert.False(Lznt1.TryDecompress(Bytes(compressed), new byte[length]), lie);

    [Fact]
    public void Noise_never_throws() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[0, 9000]).Sample((noise, length) =>
        {
            // A plausible chunk header lets half of the noise get further than the first check.
            if (noise.Length > 2 && length % 2 == 0)
            {
                (noise[0], noise[1]) = ((byte)(noise.Length - 3), 0xB0);
            }

            _ = Lznt1.TryDecompress(noise, new byte[length]);
        });

    [Fact]
    public void What_an_encoder_makes_the_decoder_reads() =>
        Samples.Compressible.Sample(input =>
        {
            byte[] output = new byte[input.Length];
            Assert.True(Lznt1.TryDecompress(Lznt1Encoder.Compress(input), output));
            Assert.True(input.AsSpan().SequenceEqual(output));
        });

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
