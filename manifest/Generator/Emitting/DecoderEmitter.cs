using System.Collections.Generic;
using System.Linq;
using Tracing.Manifest.Model;

namespace Tracing.Manifest.Emitting;

/// <summary>
/// Emits what reads the events of a trace: the provider, its keywords, event numbers and maps, a view of each payload, and the table that
/// describes every event as data. The output belongs to Tracing.Events, whose hand-written types the table is made of.
/// </summary>
public static class DecoderEmitter
{
    internal const string Namespace = "Tracing.Events";

    /// <summary>Emits the decoders of a manifest that <see cref="Checking.ManifestValidator"/> found nothing wrong with.</summary>
    public static IEnumerable<GeneratedFile> Emit(EventManifest manifest)
    {
        string prefix = CSharpNames.Prefix(manifest);
        yield return new GeneratedFile($"{prefix}Provider.g.cs", Provider(manifest, prefix));
        yield return new GeneratedFile($"{prefix}Keywords.g.cs", Keywords(manifest, prefix));
        yield return new GeneratedFile($"{prefix}EventId.g.cs", EventIds(manifest, prefix));
        yield return new GeneratedFile($"{prefix}EventTable.g.cs", EventTableEmitter.Emit(manifest, prefix));
        foreach (MapDefinition map in manifest.Maps)
        {
            SourceWriter writer = new(Namespace, "System");
            EnumEmitter.EmitPublic(writer, manifest, map);
            yield return new GeneratedFile($"{map.Name}.g.cs", writer.ToString());
        }

        foreach (TemplateDefinition template in manifest.Templates)
        {
            yield return new GeneratedFile($"{template.Name}Payload.g.cs", PayloadEmitter.Emit(manifest, template, prefix));
        }
    }

    private static string Provider(EventManifest manifest, string prefix)
    {
        SourceWriter writer = new(Namespace, "System");
        writer.Summary($"The provider {manifest.Provider.Name}. Immutable: safe from any thread.");
        writer.Open($"public static class {prefix}Provider");
        writer.Line("/// <summary>The provider's name.</summary>");
        writer.Line($"public const string Name = {SourceWriter.Literal(manifest.Provider.Name)};");
        writer.Summary("The provider's GUID, as the header of each of its events carries it.");
        writer.Line($"public static readonly Guid Id = new({SourceWriter.Literal(manifest.Provider.Id.ToString())});");
        writer.Close();
        return writer.ToString();
    }

    private static string Keywords(EventManifest manifest, string prefix)
    {
        SourceWriter writer = new(Namespace, "System");
        writer.Summary("The keywords of the provider: a session gets the events that carry one of those it asked for.");
        writer.Line("[Flags]");
        writer.Open($"public enum {prefix}Keywords : ulong");
        foreach (KeywordDefinition keyword in manifest.Keywords)
        {
            writer.Line($"/// <summary>{SourceWriter.Escape(keyword.Documentation)}</summary>");
            writer.Line($"{keyword.Name} = 0x{keyword.Mask:X2},");
        }

        writer.Line("/// <summary>All of them.</summary>");
        writer.Line($"All = {string.Join(" | ", manifest.Keywords.Select(keyword => keyword.Name))},");
        writer.Close();
        return writer.ToString();
    }

    private static string EventIds(EventManifest manifest, string prefix)
    {
        SourceWriter writer = new(Namespace);
        writer.Summary("The numbers of the provider's events.");
        writer.Open($"public enum {prefix}EventId : ushort");
        foreach (EventDefinition @event in manifest.Events)
        {
            writer.Line(
                $"/// <summary>{SourceWriter.Escape(@event.Documentation)} Payload: <see cref=\"{@event.Template}Payload\"/>.</summary>");
            writer.Line($"{@event.Name} = {@event.Id},");
        }

        writer.Close();
        return writer.ToString();
    }
}
