namespace Tracing.Etl.Tests;

/// <summary>Compresses into LZNT1 by MS-XCA, section 2.5, for round trips: slow and plain, no code shared with the product.</summary>
internal static class Lznt1Encoder
{
    public static byte[] Compress(byte[] input) => [.. input.Chunk(4096).SelectMany(CompressChunk)];

    private static byte[] CompressChunk(byte[] chunk)
    {
        List<byte> output = [];
        for (int at = 0; at < chunk.Length;)
        {
            int flagsAt = output.Count;
            output.Add(0);
            for (int bit = 0; bit < 8 && at < chunk.Length; bit++)
            {
                int lengthBits = 12;
                for (int position = at - 1; position >= 16; position /= 2)
                {
                    lengthBits--;
                }

                (int distance, int length) = Longest(chunk, at, (1 << lengthBits) + 2);
                if (length < 3)
                {
                    output.Add(chunk[at++]);
                    continue;
                }

                int match = ((distance - 1) << lengthBits) | (length - 3);
                output.AddRange([(byte)match, (byte)(match >> 8)]);
                output[flagsAt] |= (byte)(1 << bit);
                at += length;
            }
        }

        bool isSmaller = output.Count < chunk.Length;
        int header = (isSmaller ? 0xB000 : 0x3000) | ((isSmaller ? output.Count : chunk.Length) - 1);
        return [(byte)header, (byte)(header >> 8), .. isSmaller ? output : [.. chunk]];
    }

    private static (int Distance, int Length) Longest(byte[] chunk, int at, int maximum)
    {
        (int Distance, int Length) best = (0, 0);
        for (int from = Math.Max(0, at - 64); from < at; from++)
        {
            int length = Math.Min(maximum, chunk.AsSpan(at).CommonPrefixLength(chunk.AsSpan(from)));
            best = length > best.Length ? (at - from, length) : best;
        }

        return best;
    }
}
