namespace Tracing.Etl.Tests;

/// <summary>
/// Compresses into "LZ77+Huffman" by MS-XCA, section 2.1.4, for round trips. The codes are random but complete, so that every length occurs that the table can hold;
/// they compress badly and test well.
/// </summary>
internal static class XpressHuffmanEncoder
{
    private const int EndOfFile = 256;

    public static byte[] Compress(byte[] input, int seed)
    {
        Random random = new(seed);
        List<byte> output = [];
        for (int from = 0; from < input.Length; from += 65_536)
        {
            CompressBlock(input, from, Math.Min(input.Length, from + 65_536), random, output);
        }

        return [.. output];
    }

    private static void CompressBlock(byte[] input, int from, int to, Random random, List<byte> output)
    {
        List<(int Symbol, int Length, int Distance)> items = [];
        for (int at = from; at < to;)
        {
            (int distance, int length) = Longest(input, at, to);
            int distanceBits = length < 3 ? 0 : (int)Math.Log2(distance);
            items.Add(length < 3 ? (input[at], 0, 0) : (256 + (16 * distanceBits) + Math.Min(length - 3, 15), length - 3, distance));
            at += length < 3 ? 1 : length;
        }

        if (to == input.Length)
        {
            items.Add((EndOfFile, 0, 0));
        }

        // At least two codes: one alone would leave half of the table empty.
        int[] lengths = RandomLengths([.. items.Select(item => item.Symbol).Append(EndOfFile).Append(items[0].Symbol == EndOfFile ? 0 : items[0].Symbol).Distinct()], random);
        int[] codes = Codes(lengths);
        for (int i = 0; i < 256; i++)
        {
            output.Add((byte)(lengths[2 * i] | (lengths[(2 * i) + 1] << 4)));
        }

        Writer writer = new(output);
        foreach ((int symbol, int length, int distance) in items)
        {
            writer.Bits(lengths[symbol], codes[symbol]);
            if (distance == 0)
            {
                continue;
            }

            if (length >= 15)
            {
                writer.Length(length);
            }

            int distanceBits = (symbol - 256) / 16;
            writer.Bits(distanceBits, distance - (1 << distanceBits));
        }

        writer.Flush();
    }

    // A code of length 0 is the whole; splitting a leaf again and again keeps the code complete.
    private static int[] RandomLengths(int[] symbols, Random random)
    {
        List<int> leaves = [0];
        while (leaves.Count < symbols.Length)
        {
            int leaf = random.Next(leaves.Count);
            if (leaves[leaf] < 15)
            {
                leaves[leaf]++;
                leaves.Add(leaves[leaf]);
            }
        }

        int[] lengths = new int[512];
        foreach ((int symbol, int length) in symbols.Zip(leaves))
        {
            lengths[symbol] = length;
        }

        return lengths;
    }

    private static int[] Codes(int[] lengths)
    {
        int[] codes = new int[512];
        int code = 0;
        for (int length = 1; length <= 15; length++)
        {
            for (int symbol = 0; symbol < 512; symbol++)
            {
                if (lengths[symbol] == length)
                {
                    codes[symbol] = code++;
                }
            }

            code *= 2;
        }

        return codes;
    }

    private static (int Distance, int Length) Longest(byte[] input, int at, int to)
    {
        (int Distance, int Length) best = (0, 0);
        foreach (int distance in (int[])[1, 2, 3, 4, 7, 13, 30, 500, 20_000, 65_535])
        {
            int length = distance > at ? 0 : input.AsSpan(at, to - at).CommonPrefixLength(input.AsSpan(at - distance));
            best = length > best.Length ? (distance, length) : best;
        }

        return best;
    }

    /// <summary>Words of bits are reserved two ahead, and bytes go between them.</summary>
    private sealed class Writer
    {
        private readonly List<byte> _output;
        private int _first;
        private int _second;
        private int _free = 16;
        private uint _word;

        public Writer(List<byte> output)
        {
            _output = output;
            (_first, _second) = (output.Count, output.Count + 2);
            output.AddRange([0, 0, 0, 0]);
        }

        public void Bits(int count, int value)
        {
            for (int bit = count - 1; bit >= 0; bit--)
            {
                if (_free == 0)
                {
                    Put(_first);
                    (_first, _second) = (_second, _output.Count);
                    _output.AddRange([0, 0]);
                    _free = 16;
                    _word = 0;
                }

                _word = (_word << 1) | (uint)((value >> bit) & 1);
                _free--;
            }
        }

        public void Length(int length)
        {
            _output.Add((byte)Math.Min(length - 15, 255));
            if (length - 15 >= 255)
            {
                _output.AddRange(length <= 65_535 ? BitConverter.GetBytes((ushort)length) : [0, 0, .. BitConverter.GetBytes(length)]);
            }
        }

        public void Flush()
        {
            _word <<= _free;
            Put(_first);
        }

        private void Put(int at) => (_output[at], _output[at + 1]) = ((byte)_word, (byte)(_word >> 8));
    }
}
