using System.Collections.Generic;
using System.Linq;
using Tracing.Manifest.Model;

namespace Tracing.Manifest.Emitting;

/// <summary>
/// Emits the table that describes every event as data, for code that treats all events alike: listings, exports, lookups by number.
/// </summary>
internal static class EventTableEmitter
{
    internal static string Emit(EventManifest manifest, string prefix)
    {
        SourceWriter writer = new(DecoderEmitter.Namespace, "System.Collections.Generic");
        writer.Summary("Every event of the provider as data. Immutable: safe from any thread.");
        writer.Open($"public static class {prefix}EventTable");
        foreach (MapDefinition map in manifest.Maps)
        {
            IEnumerable<string> values = map.Values.Select(value => $"new({value.Value}, {SourceWriter.Literal(manifest.NameOf(value))})");
            writer.Line(
                $"private static readonly FieldMap {map.Name}Map = new({SourceWriter.Literal(map.Name)}, "
                + $"{(map.IsBitMap ? "true" : "false")}, [{string.Join(", ", values)}]);");
        }

        foreach (TemplateDefinition template in manifest.Templates)
        {
            writer.Line();
            writer.Line($"private static readonly EventField[] {template.Name}Fields =");
            writer.Line("[");
            foreach (FieldDefinition field in template.Fields)
            {
                string map = field.Map.Length > 0 ? field.Map + "Map" : "null";
                string hexadecimal = field.Type.IsHexadecimal(field.OutType) ? "true" : "false";
                writer.Line($"    new({SourceWriter.Literal(field.Name)}, EventFieldType.{field.Type.Kind}, {hexadecimal}, {map}),");
            }

            writer.Line("];");
        }

        writer.Summary("All events, by number.");
        writer.Line("public static IReadOnlyList<EventDescription> All { get; } =");
        writer.Line("[");
        foreach (EventDefinition @event in manifest.Events.OrderBy(@event => @event.Id))
        {
            writer.Line(
                $"    new({SourceWriter.Literal(@event.Name)}, {@event.Id}, {@event.Version}, {manifest.LevelOf(@event)}, "
                + $"{manifest.OpcodeOf(@event)}, {manifest.TaskOf(@event)}, 0x{manifest.KeywordMask(@event):X}, "
                + $"{SourceWriter.Literal(@event.Template)}, {@event.Template}Fields),");
        }

        writer.Line("];");
        writer.Line();
        writer.Line("private static readonly EventDescription?[] ById = EventDescription.IndexById(All);");
        writer.Summary("The event of that number, or null when the provider has none: a trace of a later version may.");
        writer.Line("public static EventDescription? Find(ushort id) => id < ById.Length ? ById[id] : null;");
        writer.Close();
        return writer.ToString();
    }
}
