using System.Collections.Generic;
using System.Linq;
using Tracing.Manifest.Model;

namespace Tracing.Manifest.Emitting;

/// <summary>
/// Emits an enum per map of the manifest. Both sides get the same members; only the analyzer's carry attributes, which the driver's core
/// library lacks a use for.
/// </summary>
internal static class EnumEmitter
{
    internal static void EmitPublic(SourceWriter writer, EventManifest manifest, MapDefinition map)
    {
        Summary(writer, manifest, map);
        if (map.IsBitMap)
        {
            writer.Line("[Flags]");
        }

        Members(writer, manifest, map, "public");
    }

    internal static void EmitInternal(SourceWriter writer, EventManifest manifest, MapDefinition map)
    {
        Summary(writer, manifest, map);
        Members(writer, manifest, map, "internal");
    }

    private static void Summary(SourceWriter writer, EventManifest manifest, MapDefinition map)
    {
        IEnumerable<string> users = manifest.Templates.SelectMany(template =>
            template.Fields.Where(field => field.Map == map.Name).Select(field => $"{template.Name}.{field.Name}"));
        writer.Summary(
            $"{(map.IsBitMap ? "Bits" : "Values")} of {string.Join(", ", users)}. A trace may hold others, of a later version or of a "
            + "broken file.");
    }

    private static void Members(SourceWriter writer, EventManifest manifest, MapDefinition map, string accessibility)
    {
        writer.Open($"{accessibility} enum {map.Name} : byte");
        foreach (MapValueDefinition value in map.Values)
        {
            writer.Line($"/// <summary>{SourceWriter.Escape(value.Documentation)}</summary>");
            writer.Line($"{manifest.NameOf(value)} = {(map.IsBitMap ? $"0x{value.Value:X2}" : $"{value.Value}")},");
        }

        writer.Close();
    }
}
