using System.Collections.Generic;
using System.Linq;

namespace Tracing.Manifest.Model;

/// <summary>A type that a field of a payload may have, and what it is called on both sides.</summary>
/// <param name="InType">Its name in a manifest.</param>
/// <param name="Kind">Its name in the analyzer's table of events.</param>
/// <param name="Size">Bytes in a payload; 0 where that depends: a pointer on the machine, a string on its text.</param>
/// <param name="DecodedType">The C# type the analyzer's decoders give.</param>
/// <param name="DriverType">The C# type the driver's writers take.</param>
/// <param name="OutTypes">The ways it may be shown, the type's own first.</param>
public sealed record FieldType(string InType, string Kind, int Size, string DecodedType, string DriverType, IReadOnlyList<string> OutTypes)
{
    private static readonly FieldType[] All =
    [
        new("win:UInt8", "UInt8", 1, "byte", "byte", ["xs:unsignedByte", "win:HexInt8"]),
        new("win:UInt16", "UInt16", 2, "ushort", "ushort", ["xs:unsignedShort", "win:HexInt16"]),
        new("win:UInt32", "UInt32", 4, "uint", "uint", ["xs:unsignedInt", "win:HexInt32", "win:PID", "win:TID"]),
        new("win:UInt64", "UInt64", 8, "ulong", "ulong", ["xs:unsignedLong", "win:HexInt64"]),
        new("win:Pointer", "Pointer", 0, "ulong", "void*", ["win:HexInt64"]),
        new("win:GUID", "Guid", 16, "Guid", "Guid", ["xs:GUID"]),
        new("win:UnicodeString", "UnicodeString", 0, "ReadOnlySpan<char>", "char*", ["xs:string"]),
    ];

    /// <summary>The type of that name in a manifest, or null when it is not one of those this generator understands.</summary>
    public static FieldType? Named(string inType) => All.FirstOrDefault(type => type.InType == inType);

    /// <summary>Names of all types, for messages.</summary>
    public static string KnownNames => string.Join(", ", All.Select(type => type.InType));

    /// <summary>Whether it is text that ends with a zero character.</summary>
    public bool IsString => Kind == "UnicodeString";

    /// <summary>Whether its size is that of a pointer of the machine the trace is from.</summary>
    public bool IsPointer => Kind == "Pointer";

    /// <summary>Whether it is shown in hexadecimal when the field says <paramref name="outType"/>.</summary>
    public bool IsHexadecimal(string outType) =>
        (outType.Length == 0 ? OutTypes[0] : outType).StartsWith("win:HexInt", System.StringComparison.Ordinal);
}
