using System.Buffers.Binary;
using System.Numerics;

namespace Tracing.Etl.Format;

/// <summary>
/// Decompresses LZNT1: MS-XCA, section 2.5. Chunks of 4,096 bytes of output, each with a u16 before it: its size less 3 in 12 bits, 3 in the next 3, and a bit that
/// says whether it is compressed. In a compressed one a byte of flags, lowest bit first, announces 8 items; a 0 is a literal byte, a 1 a match of u16, whose bits are
/// divided between distance (above) and length (below) by how far the chunk has come: the distance gets as many as it can need, 4 at least.
/// </summary>
internal static class Lznt1
{
    private const int ChunkLength = 4096;
    private const int MinimumMatch = 3;
    private const int Signature = 3;

    /// <summary>Fills <paramref name="output"/> from <paramref name="input"/>.</summary>
    /// <returns>
    /// False if the input ends before the output is full, a chunk other than the last is short, or a match begins before its chunk or reaches beyond it. What was
    /// written then has no meaning.
    /// </returns>
    public static bool TryDecompress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        while (output.Length > 0)
        {
            if (input.Length < sizeof(ushort))
            {
                return false;
            }

            int header = BinaryPrimitives.ReadUInt16LittleEndian(input);
            int length = (header & 0xFFF) + 1;
            if (header == 0 || ((header >> 12) & 7) != Signature || length > input.Length - sizeof(ushort))
            {
                return false;
            }

            Span<byte> chunk = output[..Math.Min(output.Length, ChunkLength)];
            ReadOnlySpan<byte> stored = input.Slice(sizeof(ushort), length);
            bool isCompressed = (header & 0x8000) != 0;
            if (isCompressed ? !TryDecompressChunk(stored, chunk) : length != chunk.Length || !stored.TryCopyTo(chunk))
            {
                return false;
            }

            input = input[(sizeof(ushort) + length)..];
            output = output[chunk.Length..];
        }

        return true;
    }

    private static bool TryDecompressChunk(ReadOnlySpan<byte> input, Span<byte> output)
    {
        int read = 0;
        int written = 0;
        while (written < output.Length)
        {
            if (read == input.Length)
            {
                return false;
            }

            uint flags = input[read++];
            for (int i = 0; i < 8 && written < output.Length; i++, flags >>= 1)
            {
                if ((flags & 1) == 0)
                {
                    if (read == input.Length)
                    {
                        return false;
                    }

                    output[written++] = input[read++];
                }
                else if (!TryCopyMatch(input, ref read, output, ref written))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool TryCopyMatch(ReadOnlySpan<byte> input, ref int read, Span<byte> output, ref int written)
    {
        if (input.Length - read < sizeof(ushort) || written == 0)
        {
            return false;
        }

        int match = BinaryPrimitives.ReadUInt16LittleEndian(input[read..]);
        read += sizeof(ushort);
        int lengthBits = LengthBits(written);
        int distance = (match >> lengthBits) + 1;
        int length = (match & ((1 << lengthBits) - 1)) + MinimumMatch;
        if (distance > written || length > output.Length - written)
        {
            return false;
        }

        LzMatch.Copy(output, written, distance, length);
        written += length;
        return true;
    }

    // Of the 16 bits, the distance takes what numbers below the position need, but no less than 4.
    private static int LengthBits(int written) => 16 - Math.Max(4, BitOperations.Log2((uint)Math.Max(written - 1, 1)) + 1);
}
