using System.Buffers.Binary;
using System.Text;

namespace Tracing.Reports.Traces;

/// <summary>
/// A protobuf message in the making: fields one after another in a buffer that is used again. Source: protobuf.dev, "Encoding".
/// </summary>
internal sealed class ProtobufMessage
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;

    private byte[] _bytes = new byte[256];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public ProtobufMessage Clear()
    {
        _length = 0;
        return this;
    }

    public ProtobufMessage Add(int field, ulong value)
    {
        PutVarint((ulong)field << 3 | Varint);
        PutVarint(value);
        return this;
    }

    public ProtobufMessage AddFixed64(int field, ulong value)
    {
        PutVarint((ulong)field << 3 | Fixed64);
        BinaryPrimitives.WriteUInt64LittleEndian(Room(sizeof(ulong)), value);
        return this;
    }

    public ProtobufMessage Add(int field, string value)
    {
        int bytes = Encoding.UTF8.GetByteCount(value);
        PutVarint((ulong)field << 3 | LengthDelimited);
        PutVarint((ulong)bytes);
        Encoding.UTF8.GetBytes(value, Room(bytes));
        return this;
    }

    public ProtobufMessage Add(int field, ProtobufMessage value)
    {
        PutVarint((ulong)field << 3 | LengthDelimited);
        PutVarint((ulong)value._length);
        value.Bytes.CopyTo(Room(value._length));
        return this;
    }

    private void PutVarint(ulong value)
    {
        while (value >= 0x80)
        {
            Room(1)[0] = (byte)(value | 0x80);
            value >>= 7;
        }

        Room(1)[0] = (byte)value;
    }

    private Span<byte> Room(int bytes)
    {
        if (_bytes.Length - _length < bytes)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes));
        }

        _length += bytes;
        return _bytes.AsSpan(_length - bytes, bytes);
    }
}
