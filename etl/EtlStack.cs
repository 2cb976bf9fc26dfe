using System.Buffers.Binary;

namespace Tracing.Etl;

/// <summary>
/// The return addresses of a call stack, innermost first: a view over a record's bytes, valid as long as the record. Bytes at the end that are less than an address are
/// no part of it.
/// </summary>
public readonly ref struct EtlStack
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _pointerSize;

    internal EtlStack(ReadOnlySpan<byte> bytes, int pointerSize)
    {
        _bytes = bytes;
        _pointerSize = pointerSize;
    }

    /// <summary>How many addresses.</summary>
    public int Count => _pointerSize == 0 ? 0 : _bytes.Length / _pointerSize;

    /// <summary>An address.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none of that index.</exception>
    public ulong this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            ReadOnlySpan<byte> at = _bytes[(index * _pointerSize)..];
            return _pointerSize == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);
        }
    }

    /// <summary>All addresses, in an array of their own.</summary>
    public ulong[] ToArray()
    {
        ulong[] addresses = new ulong[Count];
        for (int i = 0; i < addresses.Length; i++)
        {
            addresses[i] = this[i];
        }

        return addresses;
    }
}
