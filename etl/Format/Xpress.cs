using System.Buffers.Binary;

namespace Tracing.Etl.Format;

/// <summary>
/// Decompresses XPRESS: the "Plain LZ77" format of MS-XCA, section 2.4. A u32 of flags, highest bit first, announces 32 items; a 0 is a literal byte, a 1 a match of
/// u16: length in the low 3 bits, distance - 1 above. Length 7 goes on in a nibble (two matches share a byte, low nibble first), 15 in a byte, 255 in a u16, 0 in a u32.
/// </summary>
internal static class Xpress
{
    /// <summary>Every match is this much longer than its code.</summary>
    public const int MinimumMatch = 3;

    /// <summary>Lengths below this stand in the match itself.</summary>
    public const int InlineLengths = 7;

    /// <summary>Lengths below this, after <see cref="InlineLengths"/>, stand in a nibble.</summary>
    public const int NibbleLengths = 15;

    /// <summary>Lengths below this, after <see cref="NibbleLengths"/>, stand in a byte.</summary>
    public const int ByteLengths = 255;

    /// <summary>Farthest a match may reach back: 13 bits.</summary>
    public const int MaximumDistance = 1 << 13;

    /// <summary>Fills <paramref name="output"/> from <paramref name="input"/>.</summary>
    /// <returns>
    /// False if the input ends before the output is full, or holds a match that begins before the output or reaches beyond it. What was written then has no meaning.
    /// </returns>
    public static bool TryDecompress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        int read = 0;
        int written = 0;
        int sharedNibble = -1;
        uint flags = 0;
        int flagsLeft = 0;
        while (written < output.Length)
        {
            if (flagsLeft == 0)
            {
                if (input.Length - read < sizeof(uint))
                {
                    return false;
                }

                flags = BinaryPrimitives.ReadUInt32LittleEndian(input[read..]);
                read += sizeof(uint);
                flagsLeft = 32;
            }

            flagsLeft--;
            bool isMatch = (int)flags < 0;
            flags <<= 1;
            if (!isMatch)
            {
                if (read >= input.Length)
                {
                    return false;
                }

                output[written++] = input[read++];
                continue;
            }

            if (!TryReadMatch(input, ref read, ref sharedNibble, out int distance, out uint length)
                || distance > written
                || length > (uint)(output.Length - written))
            {
                return false;
            }

            LzMatch.Copy(output, written, distance, (int)length);
            written += (int)length;
        }

        return true;
    }

    private static bool TryReadMatch(ReadOnlySpan<byte> input, ref int read, ref int sharedNibble, out int distance, out uint length)
    {
        distance = 0;
        length = 0;
        if (input.Length - read < sizeof(ushort))
        {
            return false;
        }

        int match = BinaryPrimitives.ReadUInt16LittleEndian(input[read..]);
        read += sizeof(ushort);
        distance = (match >> 3) + 1;
        length = (uint)match & InlineLengths;
        if (length == InlineLengths && !TryReadLongLength(input, ref read, ref sharedNibble, out length))
        {
            return false;
        }

        length += MinimumMatch;
        return true;
    }

    private static bool TryReadLongLength(ReadOnlySpan<byte> input, ref int read, ref int sharedNibble, out uint length)
    {
        length = 0;
        if (sharedNibble >= 0)
        {
            length = (uint)input[sharedNibble] >> 4;
            sharedNibble = -1;
        }
        else
        {
            if (read >= input.Length)
            {
                return false;
            }

            length = (uint)input[read] & NibbleLengths;
            sharedNibble = read++;
        }

        if (length < NibbleLengths)
        {
            length += InlineLengths;
            return true;
        }

        if (read >= input.Length)
        {
            return false;
        }

        length = input[read++];
        if (length < ByteLengths)
        {
            length += NibbleLengths + InlineLengths;
            return true;
        }

        return TryReadWideLength(input, ref read, out length);
    }

    // The wide forms hold the whole length, and one that a shorter form could have held is an error.
    private static bool TryReadWideLength(ReadOnlySpan<byte> input, ref int read, out uint length)
    {
        length = 0;
        if (input.Length - read < sizeof(ushort))
        {
            return false;
        }

        length = BinaryPrimitives.ReadUInt16LittleEndian(input[read..]);
        read += sizeof(ushort);
        if (length == 0)
        {
            if (input.Length - read < sizeof(uint))
            {
                return false;
            }

            length = BinaryPrimitives.ReadUInt32LittleEndian(input[read..]);
            read += sizeof(uint);
        }

        return length is >= NibbleLengths + InlineLengths and <= int.MaxValue;
    }
}
