using System.Buffers.Binary;
using System.Text;

namespace Tracing.Etl.TraceEvent;

/// <summary>The name and fields that a TraceLogging event carries with it. Fields from the first one of a shape not read here on are left out.</summary>
/// <remarks>
/// Sources: docs, ETL format notes, section 2.3, items 11 and 12; TraceLoggingProvider.h documentation. The schema: u16 size; a byte of extensions, and further ones
/// while bit 7 is set; the event's name; then per field its name, a byte of input type with bit 7 if a byte of output type follows, and tags after that with its bit 7.
/// The traits: u16 size, the provider's name. Names are UTF-8 and end with a 0.
/// </remarks>
internal sealed record TraceLoggingSchema(string Provider, string Event, IReadOnlyList<TraceLoggingSchema.Field> Fields)
{
    private const byte Continues = 0x80;
    private const byte CountFlags = 0x60;
    private const byte TypeMask = 0x1F;

    /// <summary>Input types above this are structures and binary data, those of 14 and 19 have a length of their own: not read here.</summary>
    private const byte LastPlainType = 23;
    private const byte Binary = 14;
    private const byte SecurityId = 19;

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

    /// <summary>A field: its name and its types, as TDH numbers them.</summary>
    public sealed record Field(string Name, byte InType, byte OutType);

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
        while (schema.Length > 0 && TryReadField(ref schema, out Field? field))
        {
            fields.Add(field!);
        }

        return new TraceLoggingSchema(provider, eventName, fields);
    }

    private static bool TryReadField(ref ReadOnlySpan<byte> schema, out Field? field)
    {
        field = null;
        if (!TryReadName(ref schema, out string name) || !TryTake(ref schema, out byte inType))
        {
            return false;
        }

        byte outType = 0;
        if ((inType & Continues) != 0)
        {
            if (!TryTake(ref schema, out outType) || ((outType & Continues) != 0 && !TrySkipChain(ref schema)))
            {
                return false;
            }
        }

        byte type = (byte)(inType & TypeMask);
        field = new Field(name, type, ToTdh((byte)(outType & ~Continues)));
        return (inType & CountFlags) == 0 && type is > 0 and <= LastPlainType and not Binary and not SecurityId;
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
