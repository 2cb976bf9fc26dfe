using System.Collections.Generic;
using System.Runtime.InteropServices;
using Tracing.Manifest.Model;

namespace Tracing.Manifest.Emitting;

/// <summary>
/// Emits what writes the events in the driver: the mask of enabled events, and a writer per event. The output is freestanding: it needs
/// the primitives, Guid, StructLayout and MethodImpl of a core library, and from the driver <c>Kernel.EtwWrite</c>, <c>EventDescriptor</c>
/// and <c>EventDataDescriptor</c>. It has no static constructor, allocates nothing, and touches nothing pageable.
/// </summary>
public static class DriverEmitter
{
    private const string Namespace = "Tracing.Driver";

    /// <summary>Emits the writers of a manifest that <see cref="Checking.ManifestValidator"/> found nothing wrong with.</summary>
    public static IEnumerable<GeneratedFile> Emit(EventManifest manifest)
    {
        string prefix = CSharpNames.Prefix(manifest);
        foreach (MapDefinition map in manifest.Maps)
        {
            SourceWriter writer = new(Namespace);
            EnumEmitter.EmitInternal(writer, manifest, map);
            yield return new GeneratedFile($"{map.Name}.g.cs", writer.ToString());
        }

        yield return new GeneratedFile($"{prefix}Events.g.cs", Provider(manifest, prefix));
        foreach (TemplateDefinition template in manifest.Templates)
        {
            yield return new GeneratedFile($"{prefix}Events.{template.Name}.g.cs", WriterEmitter.Emit(manifest, template, prefix));
        }
    }

    internal static SourceWriter NewWriter() =>
        new(Namespace, "System", "System.Runtime.CompilerServices", "System.Runtime.InteropServices");

    private static string Provider(EventManifest manifest, string prefix)
    {
        SourceWriter writer = new(Namespace, "System", "System.Runtime.CompilerServices");
        writer.Summary("The events of the driver: which of them are asked for, and how each is written.");
        writer.Open($"internal static unsafe partial class {prefix}Events");
        writer.Line("/// <summary>");
        writer.Line(
            "/// One bit per event, at the event's number: set while a session asks for it. Written by <see cref=\"Recompute\"/> "
            + "alone, in one");
        writer.Line(
            "/// store; read everywhere. Who reads an old value writes an event too many, which ETW drops, or one too few at the edge "
            + "of a session.");
        writer.Line("/// </summary>");
        writer.Line("internal static ulong EnabledEvents;");
        CopyProviderId(writer, manifest);
        Recompute(writer, manifest);
        foreach (EventDefinition @event in manifest.Events)
        {
            writer.Summary($"Whether {@event.Name} is asked for: one load and one test. IRQL: any.");
            writer.Open($"internal static bool Is{@event.Name}Enabled");
            writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            writer.Line($"get => (EnabledEvents & (1UL << {@event.Id})) != 0;");
            writer.Close();
        }

        writer.Close();
        return writer.ToString();
    }

    private static void CopyProviderId(SourceWriter writer, EventManifest manifest)
    {
        System.Guid id = manifest.Provider.Id;
        System.ReadOnlySpan<ulong> halves = MemoryMarshal.Cast<byte, ulong>(id.ToByteArray());
        writer.Summary($"Writes the GUID of {manifest.Provider.Name}, <c>{id}</c>, as it lies in memory. IRQL: any.");
        writer.Parameter("destination", "Room for 16 bytes.");
        writer.Open("internal static void CopyProviderIdTo(Guid* destination)");
        writer.Line($"((ulong*)destination)[0] = 0x{halves[0]:X16};");
        writer.Line($"((ulong*)destination)[1] = 0x{halves[1]:X16};");
        writer.Close();
    }

    private static void Recompute(SourceWriter writer, EventManifest manifest)
    {
        writer.Line();
        writer.Line("/// <summary>");
        writer.Line(
            "/// Works out which events are asked for, from what ETW hands to the provider's enable callback: the sum of all sessions, "
            + "so that an");
        writer.Line(
            "/// event may pass here which ETW then gives to some of them only. Sources: the pages of ENABLECALLBACK (evntprov.h) and "
            + "EnableTraceEx2.");
        writer.Line(
            "/// An event passes when its level is at most the one asked for, or that is 0 (every level); and when its keyword has a "
            + "bit of match-any,");
        writer.Line(
            "/// or that is 0 (every keyword), and all bits of match-all. An event without keyword would pass whatever is asked; there "
            + "is none here.");
        writer.Line("/// </summary>");
        writer.Parameter("enabled", "Whether any session listens: EVENT_CONTROL_CODE_ENABLE_PROVIDER.");
        writer.Parameter("level", "The most verbose level asked for; 0 for all.");
        writer.Parameter("matchAny", "The bits of which an event needs one; 0 for all events.");
        writer.Parameter("matchAll", "The bits of which an event needs all.");
        writer.Open("internal static void Recompute(bool enabled, byte level, ulong matchAny, ulong matchAll)");
        writer.Line("ulong events = 0;");
        writer.Open("if (enabled)");
        foreach (EventDefinition @event in manifest.Events)
        {
            writer.Line(
                $"events |= IsWanted({manifest.LevelOf(@event)}, 0x{manifest.KeywordMask(@event):X2}, level, matchAny, matchAll) ? 1UL "
                + $"<< {@event.Id} : 0; // {@event.Name}");
        }

        writer.Close();
        writer.Line();
        writer.Line("EnabledEvents = events;");
        writer.Close();
        writer.Line();
        writer.Line("private static bool IsWanted(byte eventLevel, ulong keyword, byte level, ulong matchAny, ulong matchAll) =>");
        writer.Line("    (level == 0 || eventLevel <= level)");
        writer.Line("    && (matchAny == 0 || (keyword & matchAny) != 0)");
        writer.Line("    && (keyword & matchAll) == matchAll;");
    }
}
