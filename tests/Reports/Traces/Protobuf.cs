using System.Buffers.Binary;
using System.Text;

namespace Tracing.Reports.Tests.Traces;

/// <summary>Reads protobuf by field numbers alone, written from the format's description and from nothing that writes it here.</summary>
internal sealed class Protobuf
{
    private readonly List<(int Field, object Value)> _fields = [];

    public static Protobuf Parse(ReadOnlySpan<byte> bytes)
    {
        var message = new Protobuf();
        while (!bytes.IsEmpty)
        {
            ulong key = TakeVarint(ref bytes);
            object value = (key & 7) switch
            {
                0 => TakeVarint(ref bytes),
                1 => BinaryPrimitives.ReadUInt64LittleEndian(Take(ref bytes, 8)),
                2 => Take(ref bytes, (int)TakeVarint(ref bytes)).ToArray(),
                _ => throw new FormatException($"No such wire type: {key & 7}."),
            };
            message._fields.Add(((int)(key >> 3), value));
        }

        return message;
    }

    public IEnumerable<int> Fields => _fields.Select(one => one.Field);

    public ulong? Number(int field) => (ulong?)_fields.SingleOrDefault(one => one.Field == field).Value;

    public string? Text(int field) => _fields.SingleOrDefault(one => one.Field == field).Value is byte[] bytes ? new UTF8Encoding(false, true).GetString(bytes) : null;

    public IEnumerable<Protobuf> Messages(int field) => _fields.Where(one => one.Field == field).Select(one => Parse((byte[])one.Value));

    public Protobuf? Message(int field) => Messages(field).SingleOrDefault();

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int length)
    {
        ReadOnlySpan<byte> taken = bytes[..length];
        bytes = bytes[length..];
        return taken;
    }

    private static ulong TakeVarint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = Take(ref bytes, 1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
