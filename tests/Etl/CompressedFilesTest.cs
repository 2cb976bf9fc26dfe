using System.Buffers.Binary;

namespace Tracing.Etl.Tests;

/// <summary>Whole files in the compressions that the writer does not write: a plain one, packed by the tests' own encoders.</summary>
public sealed class CompressedFilesTest
{
    private const int HeaderLength = 72;

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_file_reads_as_it_did_before_it_was_packed(ushort format)
    {
        byte[] plain = Traces.Simple(6, 5);
        using EtlFile expected = Traces.Open(plain);
        using EtlFile packed = Traces.Open(Pack(plain, format));

        // The header record differs by the mode that says it is packed.
        Assert.Equal(
            Traces.ReadAll(expected).Skip(1).Select(record => record with { Offset = 0 }),
            Traces.ReadAll(packed).Skip(1).Select(record => record with { Offset = 0 }));
        Assert.Empty(packed.Oddities);
        Assert.Equal(31, packed.TakeCensus(TestContext.Current.CancellationToken).Records);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_buffer_that_does_not_decompress_costs_only_itself(ushort format)
    {
        byte[] packed = Pack(Traces.Simple(6, 5), format);
        int second = Traces.BufferSize + BinaryPrimitives.ReadInt32LittleEndian(packed.AsSpan(Traces.BufferSize));
        packed.AsSpan(second + HeaderLength, 8).Fill(0xFF);
        using EtlFile file = Traces.Open(packed);

        Assert.Equal(1 + (5 * 5), Traces.ReadAll(file).Count);
        EtlOddity oddity = Assert.Single(file.Oddities);
        Assert.Equal((EtlOddityKind.DecompressionFailed, 1, second), (oddity.Kind, oddity.Count, oddity.FirstOffset));
    }

    /// <summary>Packs each buffer but the header buffer, and says so in the mode, the flags and the header buffer's state.</summary>
    internal static byte[] Pack(byte[] plain, ushort format)
    {
        List<byte> packed = [.. plain[..Traces.BufferSize]];
        packed[HeaderLength + 32 + 0x23] |= 0x04;
        packed[0x2C] = (byte)format;
        for (int at = Traces.BufferSize; at < plain.Length; at += Traces.BufferSize)
        {
            byte[] header = plain[at..(at + HeaderLength)];
            byte[] records = plain[(at + HeaderLength)..(at + BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4)))];
            byte[] stored = format == 2 ? Lznt1Encoder.Compress(records) : XpressHuffmanEncoder.Compress(records, at);
            BinaryPrimitives.WriteInt32LittleEndian(header, HeaderLength + stored.Length);
            header[0x34] |= 0x40;
            packed.AddRange(header);
            packed.AddRange(stored);
        }

        return [.. packed];
    }
}
