using System.Buffers.Binary;

namespace Tracing.Etl.Tests;

/// <summary>The three compressions, read the slow way: written from MS-XCA alone, sharing no code with the product. Knows no damage.</summary>
internal static class NaiveDecompressor
{
    public static byte[] Decompress(int format, byte[] input, int length) => format switch
    {
        2 => Lznt1(input, length),
        3 => Xpress(input, length),
        4 => Huffman(input, length),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a compression of traces."),
    };

    // MS-XCA, section 2.5.
    private static byte[] Lznt1(byte[] input, int length)
    {
        List<byte> output = [];
        for (int at = 0; output.Count < length;)
        {
            int header = U16(input, at);
            int end = at + 2 + (header & 0xFFF) + 1;
            int chunk = output.Count;
            at += 2;
            if ((header & 0x8000) == 0)
            {
                output.AddRange(input[at..end]);
                at = end;
            }

            while (at < end)
            {
                int flags = input[at++];
                for (int bit = 0; bit < 8 && at < end; bit++)
                {
                    if ((flags >> bit & 1) == 0)
                    {
                        output.Add(input[at++]);
                        continue;
                    }

                    int lengthBits = 12;
                    for (int position = output.Count - chunk - 1; position >= 16; position /= 2)
                    {
                        lengthBits--;
                    }

                    int match = U16(input, at);
                    at += 2;
                    Copy(output, (match >> lengthBits) + 1, (match & ((1 << lengthBits) - 1)) + 3);
                }
            }
        }

        return [.. output];
    }

    // MS-XCA, section 2.4.
    private static byte[] Xpress(byte[] input, int length)
    {
        List<byte> output = [];
        Queue<byte> highNibble = new();
        int at = 0;
        while (output.Count < length)
        {
            uint flags = U32(input, at);
            at += 4;
            for (int bit = 31; bit >= 0 && output.Count < length; bit--)
            {
                if ((flags >> bit & 1) == 0)
                {
                    output.Add(input[at++]);
                    continue;
                }

                int match = U16(input, at);
                at += 2;
                long count = match % 8;
                if (count == 7)
                {
                    if (highNibble.TryDequeue(out byte nibble))
                    {
                        count = nibble;
                    }
                    else
                    {
                        count = input[at] % 16;
                        highNibble.Enqueue((byte)(input[at++] / 16));
                    }

                    if (count == 15)
                    {
                        count = input[at++];
                        if (count == 255)
                        {
                            count = U16(input, at);
                            at += 2;
                            if (count == 0)
                            {
                                count = U32(input, at);
                                at += 4;
                            }

                            count -= 22;
                        }

                        count += 15;
                    }

                    count += 7;
                }

                Copy(output, (match / 8) + 1, count + 3);
            }
        }

        return [.. output];
    }

    // MS-XCA, section 2.2. What stands behind the input reads as 0.
    private static byte[] Huffman(byte[] input, int length)
    {
        byte[] padded = [.. input, .. new byte[8]];
        List<byte> output = [];
        for (int at = 0; output.Count < length;)
        {
            int end = Math.Min(length, output.Count + 65_536);
            Dictionary<string, int> symbols = Codes(padded[at..(at + 256)]);
            at += 256;
            ulong bits = ((ulong)U16(padded, at) << 16) | U16(padded, at + 2);
            int held = 32;
            at += 4;
            while (output.Count < end)
            {
                string code = "";
                int symbol;
                while (!symbols.TryGetValue(code, out symbol))
                {
                    code += (bits >> (held - 1 - code.Length) & 1) == 0 ? '0' : '1';
                }

                Take(code.Length);
                if (symbol < 256)
                {
                    output.Add((byte)symbol);
                    continue;
                }

                long count = symbol % 16;
                int distanceBits = (symbol - 256) / 16;
                if (count == 15)
                {
                    count = padded[at++];
                    if (count == 255)
                    {
                        count = U16(padded, at);
                        at += 2;
                        if (count == 0)
                        {
                            count = U32(padded, at);
                            at += 4;
                        }

                        count -= 15;
                    }

                    count += 15;
                }

                int distance = (1 << distanceBits) + (int)(bits >> (held - distanceBits) & ((1UL << distanceBits) - 1));
                Take(distanceBits);
                Copy(output, distance, count + 3);
            }

            // At least 16 bits are always held: below that, the next 16 come in.
            void Take(int number)
            {
                held -= number;
                if (held < 16)
                {
                    bits = (bits << 16) | U16(padded, at);
                    at = Math.Min(at + 2, padded.Length - 2);
                    held += 16;
                }
            }
        }

        return [.. output];
    }

    // Codes are given out by length and then by symbol, counting up.
    private static Dictionary<string, int> Codes(byte[] table)
    {
        Dictionary<string, int> codes = [];
        int code = 0;
        for (int bits = 1; bits <= 15; bits++)
        {
            code *= 2;
            for (int symbol = 0; symbol < 512; symbol++)
            {
                if ((table[symbol / 2] >> (4 * (symbol % 2)) & 15) == bits)
                {
                    codes[Convert.ToString(code, 2).PadLeft(bits, '0')] = symbol;
                    code++;
                }
            }
        }

        return codes;
    }

    private static void Copy(List<byte> output, int distance, long count)
    {
        for (; count > 0; count--)
        {
            output.Add(output[^distance]);
        }
    }

    private static ushort U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
}
