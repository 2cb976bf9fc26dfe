using System.Linq;
using Tracing.Manifest.Model;

namespace Tracing.Manifest.Emitting;

/// <summary>
/// Emits the view of one payload: a ref struct over the bytes of the trace. Lengths are checked once, in TryRead; after that a property is
/// one read at a constant offset, moved by the width of the pointers before it in the few payloads that hold one.
/// </summary>
internal static class PayloadEmitter
{
    internal static string Emit(EventManifest manifest, TemplateDefinition template, string prefix)
    {
        PayloadLayout layout = new(template);
        string name = template.Name + "Payload";
        string users = string.Join(", ", manifest.EventsOf(template).Select(user => $"<see cref=\"{prefix}EventId.{user.Name}\"/>"));
        SourceWriter writer = new(DecoderEmitter.Namespace, "System", "System.Buffers.Binary", "System.Runtime.InteropServices");
        writer.Summary($"The payload of {users}.");
        writer.Line(
            "/// <remarks>A view: it copies nothing and is valid as long as the bytes it was read from. Values are as the trace has "
            + "them, none is believed.</remarks>");
        writer.Open($"public readonly ref struct {name}");
        writer.Line("private readonly ReadOnlySpan<byte> _bytes;");
        if (layout.Pointers > 0)
        {
            writer.Line("private readonly int _pointerSize;");
        }

        Constructor(writer, layout, name);
        foreach (FieldPlace place in layout.Fixed)
        {
            writer.Summary(SourceWriter.Escape(place.Field.Documentation));
            string type = place.Field.Map.Length > 0 ? place.Field.Map : place.Field.Type.DecodedType;
            writer.Line($"public {type} {place.Field.Name} => {Read(place)};");
        }

        foreach (FieldDefinition field in layout.Strings)
        {
            writer.Summary(SourceWriter.Escape(field.Documentation) + " Without the terminator.");
            writer.Line($"public ReadOnlySpan<char> {field.Name} {{ get; }}");
        }

        TryRead(writer, layout, name);
        writer.Close();
        return writer.ToString();
    }

    private static void Constructor(SourceWriter writer, PayloadLayout layout, string name)
    {
        string parameters = string.Concat(layout.Strings.Select(field => $", ReadOnlySpan<char> {CSharpNames.Parameter(field.Name)}"));
        writer.Line();
        writer.Open($"private {name}(ReadOnlySpan<byte> bytes{(layout.Pointers > 0 ? ", int pointerSize" : "")}{parameters})");
        writer.Line("_bytes = bytes;");
        if (layout.Pointers > 0)
        {
            writer.Line("_pointerSize = pointerSize;");
        }

        foreach (FieldDefinition field in layout.Strings)
        {
            writer.Line($"{field.Name} = {CSharpNames.Parameter(field.Name)};");
        }

        writer.Close();
    }

    private static void TryRead(SourceWriter writer, PayloadLayout layout, string name)
    {
        string length = Sum(layout.FixedBytes, layout.Pointers, "pointerSize");
        writer.Summary(
            "Looks at a payload. "
            + $"{(layout.Pointers > 0 ? "The pointer size says where the fields after the address lie." : "The pointer size does not matter here.")}");
        writer.Parameter("payload", "The bytes of the event after its header and extended items.");
        writer.Parameter("pointerSize", "Bytes of a pointer in the event: 4 or 8, from the flags of its header.");
        writer.Parameter("version", "The event's version. A later one than known here may have more fields at the end: they are passed over.");
        writer.Parameter("value", "The view, when true is returned.");
        writer.Line(
            "/// <returns>False when the payload is too short, a string in it has no end, or the pointer size is neither 4 nor 8. "
            + "Never throws.</returns>");
        writer.Open($"public static bool TryRead(ReadOnlySpan<byte> payload, int pointerSize, byte version, out {name} value)");
        writer.Line("value = default;");
        writer.Open($"if ({(layout.Pointers > 0 ? "pointerSize is not (4 or 8) || " : "")}payload.Length < {length})");
        writer.Line("return false;");
        writer.Close();
        writer.Line();
        if (layout.Strings.Count > 0)
        {
            writer.Line($"ReadOnlySpan<char> text = MemoryMarshal.Cast<byte, char>(payload[{Bound(length)}..]);");
        }

        foreach (FieldDefinition field in layout.Strings)
        {
            string end = CSharpNames.Parameter(field.Name + "Length");
            writer.Line($"int {end} = text.IndexOf('\\0');");
            writer.Open($"if ({end} < 0)");
            writer.Line("return false;");
            writer.Close();
            writer.Line();
            writer.Line($"ReadOnlySpan<char> {CSharpNames.Parameter(field.Name)} = text[..{end}];");
            if (field != layout.Strings[layout.Strings.Count - 1])
            {
                writer.Line($"text = text[({end} + 1)..];");
            }
        }

        string arguments = string.Concat(layout.Strings.Select(field => $", {CSharpNames.Parameter(field.Name)}"));
        writer.Line($"value = new {name}(payload[..{Bound(length)}]{(layout.Pointers > 0 ? ", pointerSize" : "")}{arguments});");
        writer.Line("return true;");
        writer.Close();
    }

    private static string Read(FieldPlace place)
    {
        string offset = Sum(place.Bytes, place.Pointers, "_pointerSize");
        string bytes = offset == "0" ? "_bytes" : $"_bytes[{Bound(offset)}..]";
        return place.Field.Type.Kind switch
        {
            "UInt8" => $"{(place.Field.Map.Length > 0 ? $"({place.Field.Map})" : "")}_bytes[{offset}]",
            "UInt16" => $"BinaryPrimitives.ReadUInt16LittleEndian({bytes})",
            "UInt32" => $"BinaryPrimitives.ReadUInt32LittleEndian({bytes})",
            "UInt64" => $"BinaryPrimitives.ReadUInt64LittleEndian({bytes})",
            "Pointer" => $"_pointerSize == 8 ? BinaryPrimitives.ReadUInt64LittleEndian({bytes}) "
                + $": BinaryPrimitives.ReadUInt32LittleEndian({bytes})",
            "Guid" => $"new Guid(_bytes.Slice({offset}, 16))",
            string kind => throw new System.InvalidOperationException(
                $"A field of kind {kind} is no part of the fixed payload; this is an error of the generator."),
        };
    }

    /// <summary>A sum as the bound of a range, which binds closer than the plus.</summary>
    private static string Bound(string sum) => sum.Contains("+") ? $"({sum})" : sum;

    /// <summary>An offset or a length as source: the constant part, and the pointers if there are any.</summary>
    private static string Sum(int bytes, int pointers, string pointerSize) => pointers switch
    {
        0 => $"{bytes}",
        1 => $"{bytes} + {pointerSize}",
        _ => $"{bytes} + {pointers} * {pointerSize}",
    };
}
