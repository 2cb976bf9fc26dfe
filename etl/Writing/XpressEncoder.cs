using System.Buffers.Binary;
using Tracing.Etl.Format;

namespace Tracing.Etl.Writing;

/// <summary>
/// Compresses into XPRESS, the "Plain LZ77" format that <see cref="Xpress"/> reads. Greedy: at each byte the longest of a few earlier places with the same three bytes
/// is taken. Reuses its tables; one per thread.
/// </summary>
internal sealed class XpressEncoder(int maximumInput)
{
    private const int HashBits = 13;
    private const int Candidates = 16;
    private readonly int[] _newest = new int[1 << HashBits];
    private readonly int[] _older = new int[maximumInput];

    /// <summary>Compresses <paramref name="input"/>, of at most the length given at the start, into <paramref name="output"/>.</summary>
    /// <returns>False if the result is not smaller than the input, or does not fit.</returns>
    public bool TryCompress(ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        Array.Fill(_newest, -1);
        Output sink = new(output[..Math.Min(output.Length, input.Length)]);
        int at = 0;
        while (at < input.Length && !sink.IsFull)
        {
            int length = FindMatch(input, at, out int distance);
            if (length >= Xpress.MinimumMatch)
            {
                sink.Match(distance, length);
            }
            else
            {
                sink.Literal(input[at]);
                length = 1;
            }

            for (int end = at + length; at < end; at++)
            {
                Remember(input, at);
            }
        }

        written = sink.Finish();
        return at == input.Length && !sink.IsFull && written < input.Length;
    }

    private static int HashOf(ReadOnlySpan<byte> input, int at) =>
        (int)(((input[at] | ((uint)input[at + 1] << 8) | ((uint)input[at + 2] << 16)) * 0x9E37_79B1u) >> (32 - HashBits));

    private int FindMatch(ReadOnlySpan<byte> input, int at, out int distance)
    {
        distance = 0;
        if (at + Xpress.MinimumMatch > input.Length)
        {
            return 0;
        }

        int best = 0;
        int candidate = _newest[HashOf(input, at)];
        for (int i = 0; i < Candidates && candidate >= 0 && at - candidate <= Xpress.MaximumDistance; i++)
        {
            int length = input[at..].CommonPrefixLength(input[candidate..]);
            if (length > best)
            {
                best = length;
                distance = at - candidate;
            }

            candidate = _older[candidate];
        }

        return best;
    }

    private void Remember(ReadOnlySpan<byte> input, int at)
    {
        if (at + Xpress.MinimumMatch <= input.Length)
        {
            int hash = HashOf(input, at);
            _older[at] = _newest[hash];
            _newest[hash] = at;
        }
    }

    /// <summary>The compressed stream: flag words are reserved where they are needed and filled as their items come.</summary>
    private ref struct Output(Span<byte> bytes)
    {
        private readonly Span<byte> _bytes = bytes;
        private int _written;
        private int _flagsAt = -1;
        private uint _flags;
        private int _flagsLeft;
        private int _sharedNibbleAt = -1;

        /// <summary>Whether something did not fit. The content then has no meaning.</summary>
        public bool IsFull { get; private set; }

        public void Literal(byte value)
        {
            Flag(0);
            Put(value, 1);
        }

        public void Match(int distance, int length)
        {
            Flag(1);
            uint rest = (uint)(length - Xpress.MinimumMatch);
            Put((uint)((distance - 1) << 3) | Math.Min(rest, Xpress.InlineLengths), 2);
            if (rest < Xpress.InlineLengths)
            {
                return;
            }

            PutNibble(Math.Min(rest - Xpress.InlineLengths, Xpress.NibbleLengths));
            if (rest - Xpress.InlineLengths < Xpress.NibbleLengths)
            {
                return;
            }

            uint beyond = rest - Xpress.InlineLengths - Xpress.NibbleLengths;
            Put(Math.Min(beyond, Xpress.ByteLengths), 1);
            if (beyond >= Xpress.ByteLengths)
            {
                bool isShort = rest <= ushort.MaxValue;
                Put(isShort ? rest : 0, 2);
                if (!isShort)
                {
                    Put(rest, 4);
                }
            }
        }

        /// <summary>Fills the unused flags with ones, as MS-XCA section 2.3.4 has it, and ends the stream.</summary>
        public int Finish()
        {
            if (_flagsAt >= 0 && _flagsLeft > 0 && !IsFull)
            {
                uint flags = _flagsLeft == 32 ? uint.MaxValue : (_flags << _flagsLeft) | ((1u << _flagsLeft) - 1);
                BinaryPrimitives.WriteUInt32LittleEndian(_bytes[_flagsAt..], flags);
            }

            return _written;
        }

        private void Flag(uint flag)
        {
            if (_flagsLeft == 0)
            {
                _flagsAt = _written;
                _flags = 0;
                _flagsLeft = 32;
                Put(0, sizeof(uint));
            }

            _flags = (_flags << 1) | flag;
            _flagsLeft--;
            if (_flagsLeft == 0 && !IsFull)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(_bytes[_flagsAt..], _flags);
            }
        }

        private void PutNibble(uint value)
        {
            if (_sharedNibbleAt < 0)
            {
                _sharedNibbleAt = _written;
                Put(value, 1);
                return;
            }

            if (!IsFull)
            {
                _bytes[_sharedNibbleAt] |= (byte)(value << 4);
            }

            _sharedNibbleAt = -1;
        }

        private void Put(uint value, int length)
        {
            if (_written + length > _bytes.Length)
            {
                IsFull = true;
                return;
            }

            for (int i = 0; i < length; i++)
            {
                _bytes[_written++] = (byte)(value >> (8 * i));
            }
        }
    }
}
