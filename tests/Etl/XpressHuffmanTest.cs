using System.Text;
using CsCheck;
using Tracing.Etl.Format;

namespace Tracing.Etl.Tests;

/// <summary>XPRESS with Huffman by MS-XCA: its own examples, tables and lengths by hand, round trips, and streams that lie.</summary>
public sealed class XpressHuffmanTest
{
    private const int EndOfFile = 256;

    [Fact]
    public void The_published_example_of_literals_decompresses()
    {
        // MS-XCA, section 3.2: codes of 5 bits for a to v, of 4 bits for w to z and for the end of the file.
        byte[] table = Table([.. Enumerable.Range('a', 22).Select(symbol => (symbol, 5)), .. Enumerable.Range('w', 4).Select(symbol => (symbol, 4)), (EndOfFile, 4)]);
        Assert.Equal("50555555555555555555554544", Convert.ToHexString(table, 0x30, 13));
        CheckText("abcdefghijklmnopqrstuvwxyz", [.. table, .. Bytes("d8 52 3e d7 94 11 5b e9 19 5f f9 d6 7c df 8d 04 00 00 00 00")]);
    }

    [Fact]
    public void The_published_example_of_a_match_decompresses()
    {
        // MS-XCA, section 3.2. Codes: c 00, end 01, match of 15 or more at distance 2 or 3 10, a 110, b 111. The bits 110 111 00 10 1 01, a 1 after the match for
        // distance 3, are 0xDCA8; the length less 3 is 294 = 0x126.
        byte[] table = Table([('a', 3), ('b', 3), ('c', 2), (EndOfFile, 2), (287, 2)]);
        CheckText(string.Concat(Enumerable.Repeat("abc", 100)), [.. table, .. Bytes("a8 dc 00 00 ff 26 01")]);
    }

    [Theory]
    [InlineData(3, 256, "")]
    [InlineData(17, 270, "")]
    [InlineData(18, 271, "00")]
    [InlineData(272, 271, "fe")]
    [InlineData(273, 271, "ff 0e 01")]
    [InlineData(65_535, 271, "ff fc ff")]
    public void Each_form_of_a_length_is_read(int length, int symbol, string after)
    {
        // A literal by code 0, a match at distance 1 by code 10: bits 0 10. Code 11 is the end's, or another's where the match has the end's symbol.
        byte[] table = Table([('Z', 1), (symbol, 2), (500, 2)]);
        CheckText(new string('Z', 1 + length), [.. table, .. Bytes("00 40 00 00"), .. Bytes(after)]);
    }

    [Fact]
    public void A_length_beyond_16_bits_stands_in_32()
    {
        byte[] table = Table([('Z', 1), (271, 2), (500, 2)]);
        CheckText(new string('Z', 1 + 65_539), [.. table, .. Bytes("00 40 00 00 ff 00 00 00 00 01 00")]);
    }

    [Fact]
    public void Codes_must_be_complete()
    {
        byte[] stream = Bytes("00 40 00 00");
        Assert.False(TryDecompress([.. Table([]), .. stream], 1), "no codes");
        Assert.False(TryDecompress([.. Table([('Z', 1)]), .. stream], 1), "half of the codes");
        Assert.False(TryDecompress([.. Table([('X', 1), ('Y', 1), ('Z', 15)]), .. stream], 1), "more codes than there are");
        Assert.True(TryDecompress([.. Table([('X', 1), ('Y', 1)]), .. stream], 1));
    }

    [Theory]
    [InlineData("", 1, "no words")]
    [InlineData("00 40 00", 1, "second word cut")]
    [InlineData("00 80 00 00", 3, "match before the first byte")]
    [InlineData("00 40 00 00 00", 18, "match one beyond the end")]
    [InlineData("00 40 00 00", 19, "length missing")]
    [InlineData("00 40 00 00 ff 0e", 274, "u16 cut")]
    [InlineData("00 40 00 00 ff 00 00 00 00 01", 65_540, "u32 cut")]
    [InlineData("00 40 00 00 ff 0e 00", 18, "u16 that a shorter form could hold")]
    [InlineData("00 40 00 00 ff 00 00 ff ff ff ff", 100, "u32 beyond any buffer")]
    [InlineData("00 00 00 00", 40, "words missing")]
    public void A_stream_that_lies_is_refused(string stream, int length, string lie)
    {
        byte[] table = Table([('Z', 1), (271, 2), (500, 2)]);
        Assert.False(TryDecompress([.. table, .. Bytes(stream)], length), lie);
    }

    [Fact]
    public void A_table_that_is_cut_is_refused() => Assert.False(TryDecompress(Table([('X', 1), ('Y', 1)])[..255], 1));

    [Fact]
    public void Noise_never_throws() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[0, 4000], Gen.Bool).Sample((noise, length, hasTable) =>
        {
            byte[] table = hasTable ? Table([.. Enumerable.Range(0, 512).Select(symbol => (symbol, 9))]) : [];
            _ = TryDecompress([.. table, .. noise], length);
        });

    [Fact]
    public void What_an_encoder_makes_the_decoder_reads() =>
        Gen.Select(Samples.Compressible, Gen.Int).Sample((input, seed) =>
        {
            byte[] output = new byte[input.Length];
            Assert.True(new XpressHuffman().TryDecompress(XpressHuffmanEncoder.Compress(input, seed), output));
            Assert.True(input.AsSpan().SequenceEqual(output));
        });

    private static void CheckText(string text, byte[] compressed)
    {
        byte[] output = new byte[text.Length];
        Assert.True(new XpressHuffman().TryDecompress(compressed, output));
        Assert.Equal(text, Encoding.ASCII.GetString(output));
    }

    private static bool TryDecompress(byte[] compressed, int length) => new XpressHuffman().TryDecompress(compressed, new byte[length]);

    private static byte[] Table((int Symbol, int Length)[] codes)
    {
        byte[] table = new byte[256];
        foreach ((int symbol, int length) in codes)
        {
            table[symbol / 2] |= (byte)(length << (4 * (symbol % 2)));
        }

        return table;
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
