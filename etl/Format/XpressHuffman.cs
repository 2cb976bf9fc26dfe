using System.Buffers.Binary;

namespace Tracing.Etl.Format;

/// <summary>
/// Decompresses XPRESS with Huffman coding: "LZ77+Huffman" of MS-XCA, section 2.2. Each 65,536 bytes of output begin with a table of 256 bytes: the lengths of 512
/// canonical codes in 4 bits each. Codes come in u16 words, highest bit first, two of which are read ahead; what is not code stands between the words as bytes. A code
/// below 256 is a literal byte; above, its low 4 bits are a match's length and the rest says how many bits of distance follow. Reuses its table; one per thread.
/// </summary>
internal sealed class XpressHuffman
{
    private const int BlockLength = 1 << 16;
    private const int TableLength = 256;
    private const int Symbols = 512;
    private const int Literals = 256;
    private const int MaximumBits = 15;
    private const int MinimumMatch = 3;
    private const int InlineLengths = 15;
    private const int ByteLengths = 255;

    // By the next 15 bits: the symbol whose code they begin with.
    private readonly ushort[] _symbols = new ushort[1 << MaximumBits];

    /// <summary>Fills <paramref name="output"/> from <paramref name="input"/>.</summary>
    /// <returns>
    /// False if the input ends before the output is full, a table's codes leave gaps or overlap, or a match begins before the output or reaches beyond it. What was
    /// written then has no meaning.
    /// </returns>
    public bool TryDecompress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        int read = 0;
        int written = 0;
        while (written < output.Length)
        {
            if (input.Length - read < TableLength || !TryBuildTable(input.Slice(read, TableLength)))
            {
                return false;
            }

            Bits bits = new(input, read + TableLength);
            int blockEnd = Math.Min(output.Length, written + BlockLength);
            if (!TryDecompressBlock(ref bits, input.Slice(read, TableLength), output, ref written, blockEnd))
            {
                return false;
            }

            read = bits.Position;
        }

        return true;
    }

    private static int LengthOf(ReadOnlySpan<byte> table, int symbol) => (table[symbol / 2] >> (4 * (symbol % 2))) & 0xF;

    // Canonical codes: shorter ones first, of one length by symbol. Each covers all 15-bit numbers that begin with it, and together they must cover every one.
    private bool TryBuildTable(ReadOnlySpan<byte> table)
    {
        int filled = 0;
        for (int length = 1; length <= MaximumBits; length++)
        {
            int covered = 1 << (MaximumBits - length);
            for (int symbol = 0; symbol < Symbols; symbol++)
            {
                if (LengthOf(table, symbol) != length)
                {
                    continue;
                }

                if (filled + covered > _symbols.Length)
                {
                    return false;
                }

                _symbols.AsSpan(filled, covered).Fill((ushort)symbol);
                filled += covered;
            }
        }

        return filled == _symbols.Length;
    }

    private bool TryDecompressBlock(ref Bits bits, ReadOnlySpan<byte> table, Span<byte> output, ref int written, int blockEnd)
    {
        while (written < blockEnd)
        {
            int symbol = _symbols[bits.Next(MaximumBits)];
            bits.Take(LengthOf(table, symbol));
            if (bits.IsOverrun)
            {
                return false;
            }

            if (symbol < Literals)
            {
                output[written++] = (byte)symbol;
                continue;
            }

            int distanceBits = (symbol - Literals) >> 4;
            if (!TryReadLength(ref bits, symbol & InlineLengths, out uint length))
            {
                return false;
            }

            int distance = bits.Next(distanceBits) | (1 << distanceBits);
            bits.Take(distanceBits);
            if (bits.IsOverrun || distance > written || length > (uint)(output.Length - written))
            {
                return false;
            }

            LzMatch.Copy(output, written, distance, (int)length);
            written += (int)length;
        }

        return true;
    }

    // The wide forms hold the whole length, and one that a shorter form could have held is an error.
    private static bool TryReadLength(ref Bits bits, int inline, out uint length)
    {
        length = (uint)inline;
        if (length == InlineLengths)
        {
            length = bits.ReadByte();
            if (length == ByteLengths)
            {
                length = bits.ReadUInt16();
                if (length == 0)
                {
                    length = bits.ReadUInt32();
                }

                if (length is < InlineLengths or > int.MaxValue)
                {
                    return false;
                }
            }
            else
            {
                length += InlineLengths;
            }
        }

        length += MinimumMatch;
        return !bits.IsOverrun;
    }

    /// <summary>The input: words of bits, two of them read ahead, and bytes between them.</summary>
    private ref struct Bits
    {
        private readonly ReadOnlySpan<byte> _input;
        private uint _next;
        private int _extra;

        public Bits(ReadOnlySpan<byte> input, int position)
        {
            _input = input;
            Position = position;
            _next = ((uint)ReadUInt16() << 16) | ReadUInt16();
            _extra = 16;
        }

        /// <summary>Where the next word or byte is read.</summary>
        public int Position { get; private set; }

        /// <summary>Whether more was asked for than there is. What was returned then is 0.</summary>
        public bool IsOverrun { get; private set; }

        public readonly int Next(int count) => (int)(_next >> 1 >> (31 - count));

        public void Take(int count)
        {
            _next <<= count;
            _extra -= count;
            if (_extra < 0)
            {
                _next |= (uint)ReadUInt16() << -_extra;
                _extra += 16;
            }
        }

        public byte ReadByte() => TryAdvance(sizeof(byte)) ? _input[Position - sizeof(byte)] : (byte)0;

        public ushort ReadUInt16() => TryAdvance(sizeof(ushort)) ? BinaryPrimitives.ReadUInt16LittleEndian(_input[(Position - sizeof(ushort))..]) : (ushort)0;

        public uint ReadUInt32() => TryAdvance(sizeof(uint)) ? BinaryPrimitives.ReadUInt32LittleEndian(_input[(Position - sizeof(uint))..]) : 0;

        private bool TryAdvance(int count)
        {
            if (_input.Length - Position < count)
            {
                IsOverrun = true;
                return false;
            }

            Position += count;
            return true;
        }
    }
}
