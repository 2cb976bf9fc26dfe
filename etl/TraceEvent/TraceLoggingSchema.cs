using System.Buffers.Binary;
using System.Text;

namespace Tracing.Etl.TraceEvent;

/// <summary>The name and fields that a TraceLogging event carries with it. Fields from the first one of a shape not read here on are left out.</summary>
/// <remarks>
/// Sources: docs, ETL format notes, section 2.3, items 11 and 12; TraceLoggingProvider.h documentation. The schema: u16 size; a byte of extensions, and further ones
/// while bit 7 is set; the event's name; then per field its name, a byte of input type with bit 7 if a byte of output type follows, and tags after that with its bit 7; for an
/// array of fixed length, its length. An array of variable length is preceded by its length in the payload, and binary data by its size. A structure tells in the place of the
/// output type how many of the fields after it are its members.
/// The traits: u16 size, the provider's name. Names are UTF-8 and end with a 0.
/// </remarks>
internal sealed record TraceLoggingSchema(string Provider, string Event, IReadOnlyList<TraceLoggingSchema.Field> Fields)
{
    private const byte Continues = 0x80;
    private const byte CountFlags = 0x60;
    private const byte FixedCount = 0x20;
    private const byte VariableCount = 0x40;
    private const byte TypeMask = 0x1F;

    /// <summary>Input types above this are structures and newer forms of binary data; that of 19 has a length of its own: the latter two are not read here.</summary>
    private const byte LastPlainType = 23;
    private const byte SecurityId = 19;
    private const byte Structure = 24;

    // Structures in structures, which a schema of 64 KiB could nest by the thousand.
    private const int DeepestStructure = 8;

    // TraceLogging numbers its output types on its own (TraceLoggingProvider.h, TlgOut); this is what TDH (tdh.h, TDH_OUTTYPE) calls each. Those that say only how to
    // print a number have no counterpart. From 35 on both agree.
    private static ReadOnlySpan<byte> TdhOutTypes =>
    [
        0, // as is
        0, // not to be printed
        1, // string
        13, // boolean
        15, // hexadecimal
        20, // process id
        21, // thread id
        22, // port
        23, // IPv4
        24, // IPv6
        25, // socket address
        28, // XML
        34, // JSON
        30, // Win32 error
        31, // NTSTATUS
        32, // HRESULT
    ];

    // Bytes of one of each plain type; 0 where each tells its own length.
    private static ReadOnlySpan<byte> Sizes => [0, 0, 0, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 4, 0, 16, 8, 8, 16, 0, 4, 8, 0, 0];

    /// <summary>Input type of binary data, preceded by its size in the payload.</summary>
    public const byte Binary = 14;

    /// <summary>A field.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="InType">Its input type as TDH numbers it; none for a structure.</param>
    /// <param name="OutType">Its output type as TDH numbers it.</param>
    /// <param name="Count">Elements of an array of fixed length, 1 for what is no array, null for an array whose length stands before it.</param>
    /// <param name="Members">The fields of a structure; null for what is none.</param>
    public sealed record Field(string Name, byte InType, byte OutType, ushort? Count, IReadOnlyList<Field>? Members);

    /// <summary>Reads the two items. Null if they are not well formed.</summary>
    public static TraceLoggingSchema? Read(ReadOnlySpan<byte> schema, ReadOnlySpan<byte> traits)
    {
        if (!TrySkipSize(ref schema) || !TrySkipChain(ref schema) || !TryReadName(ref schema, out string eventName))
        {
            return null;
        }

        if (!TrySkipSize(ref traits) || !TryReadName(ref traits, out string provider))
        {
            return null;
        }

        List<Field> fields = [];
        while (schema.Length > 0 && TryReadField(ref schema, DeepestStructure, out Field? field))
        {
            fields.Add(field!);
        }

        return new TraceLoggingSchema(provider, eventName, fields);
    }

    private static bool TryReadField(ref ReadOnlySpan<byte> schema, int deepest, out Field? field)
    {
        field = null;
        if (!TryReadName(ref schema, out string name) || !TryTake(ref schema, out byte inType))
        {
            return false;
        }

        byte outType = 0;
        if ((inType & Continues) != 0 && (!TryTake(ref schema, out outType) || ((outType & Continues) != 0 && !TrySkipChain(ref schema))))
        {
            return false;
        }

        outType &= Continues - 1;
        if (!TryReadCount(ref schema, inType & CountFlags, out ushort? count))
        {
            return false;
        }

        byte type = (byte)(inType & TypeMask);
        if (type == Structure)
        {
            return deepest > 0 && TryReadMembers(ref schema, outType, deepest - 1, out List<Field> members) && Set(new Field(name, 0, 0, count, members), out field);
        }

        // Of binary data, single pieces only: each piece of an array would have a size of its own.
        bool isRead = type is > 0 and <= LastPlainType and not SecurityId && (type != Binary || count == 1) && IsPossible(type, count);
        return isRead && Set(new Field(name, type, ToTdh(outType), count, null), out field);

        static bool Set(Field read, out Field? field)
        {
            field = read;
            return true;
        }
    }

    // An array larger than any record can hold is damage, and TraceEvent throws when it is told of one.
    private static bool IsPossible(byte type, ushort? count) => (count ?? 0) * Sizes[type] <= EtlEventRecord.MaximumPayload;

    private static bool TryReadMembers(ref ReadOnlySpan<byte> schema, int count, int deepest, out List<Field> members)
    {
        members = [];
        while (members.Count < count)
        {
            if (!TryReadField(ref schema, deepest, out Field? member))
            {
                return false;
            }

            members.Add(member!);
        }

        return count > 0;
    }

    private static bool TryReadCount(ref ReadOnlySpan<byte> schema, int flags, out ushort? count)
    {
        count = 1;
        switch (flags)
        {
            case 0:
                return true;
            case VariableCount:
                count = null;
                return true;
            case FixedCount when schema.Length >= sizeof(ushort):
                count = BinaryPrimitives.ReadUInt16LittleEndian(schema);
                schema = schema[sizeof(ushort)..];
                return true;
            default:
                return false;
        }
    }

    private static byte ToTdh(byte outType) =>
        outType < TdhOutTypes.Length ? TdhOutTypes[outType] : outType is >= 35 and <= 38 ? outType : (byte)0;

    private static bool TrySkipSize(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(ushort))
        {
            return false;
        }

        int size = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        if (size < sizeof(ushort) || size > bytes.Length)
        {
            return false;
        }

        bytes = bytes[sizeof(ushort)..size];
        return true;
    }

    private static bool TrySkipChain(ref ReadOnlySpan<byte> bytes)
    {
        while (TryTake(ref bytes, out byte value))
        {
            if ((value & Continues) == 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryReadName(ref ReadOnlySpan<byte> bytes, out string name)
    {
        int end = bytes.IndexOf((byte)0);
        name = end < 0 ? "" : Encoding.UTF8.GetString(bytes[..end]);
        bytes = end < 0 ? [] : bytes[(end + 1)..];
        return end >= 0;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> bytes, out byte value)
    {
        if (bytes.IsEmpty)
        {
            value = 0;
            return false;
        }

        value = bytes[0];
        bytes = bytes[1..];
        return true;
    }
}
