using System.Collections.Generic;
using Tracing.Manifest.Model;

namespace Tracing.Manifest.Emitting;

/// <summary>
/// Emits a parser for Microsoft's TraceEvent library: an event to subscribe to for each event of the manifest, and the data each gives. The output belongs to
/// Tracing.Parsers; payloads are read by the decoders of Tracing.Events, so that the two cannot disagree.
/// </summary>
public static class ParserEmitter
{
    private const string Namespace = "Tracing.Parsers";

    /// <summary>Emits the parser of a manifest that <see cref="Checking.ManifestValidator"/> found nothing wrong with.</summary>
    public static IEnumerable<GeneratedFile> Emit(EventManifest manifest)
    {
        string prefix = CSharpNames.Prefix(manifest);
        yield return new GeneratedFile($"{prefix}TraceEventParser.g.cs", Parser(manifest, prefix));
        foreach (TemplateDefinition template in manifest.Templates)
        {
            yield return new GeneratedFile($"{template.Name}TraceData.g.cs", TraceDataEmitter.Emit(manifest, template, prefix, Namespace));
        }
    }

    private static string Parser(EventManifest manifest, string prefix)
    {
        SourceWriter writer = new(Namespace, "System", "Microsoft.Diagnostics.Tracing", "Tracing.Events");
        string name = prefix + "TraceEventParser";
        writer.Summary($"The events of {manifest.Provider.Name}, typed, for everything that TraceEvent reads: files, live sessions and TraceLog.");
        writer.Line(
            "/// <remarks>As with every parser of TraceEvent, the data given to a subscriber is used again for the next event: clone what is to be kept. Not safe for use "
            + "from several threads.</remarks>");
        writer.Open($"public sealed class {name} : TraceEventParser");
        writer.Line("/// <summary>The provider's name.</summary>");
        writer.Line($"public const string ProviderName = {prefix}Provider.Name;");
        writer.Summary("The provider's GUID.");
        writer.Line($"public static readonly Guid ProviderGuid = {prefix}Provider.Id;");
        writer.Line();
        writer.Line("private static TraceEvent[]? s_templates;");
        writer.Summary("Subscribes to a source of events.");
        writer.Parameter("source", "Where events come from.");
        writer.Line($"public {name}(TraceEventSource source)");
        writer.Open("    : base(source)");
        writer.Close();
        Keywords(writer, manifest);
        foreach (EventDefinition @event in manifest.Events)
        {
            Event(writer, @event);
        }

        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line("protected override string GetProviderName() => ProviderName;");
        Enumerate(writer, manifest);
        foreach (EventDefinition @event in manifest.Events)
        {
            Template(writer, manifest, @event);
        }

        writer.Close();
        return writer.ToString();
    }

    private static void Keywords(SourceWriter writer, EventManifest manifest)
    {
        writer.Summary("What a session can ask for: to be given to <c>EnableProvider</c> as its number.");
        writer.Line("[Flags]");
        writer.Open("public enum Keywords : ulong");
        writer.Line("/// <summary>Nothing.</summary>");
        writer.Line("None = 0,");
        foreach (KeywordDefinition keyword in manifest.Keywords)
        {
            writer.Summary(SourceWriter.Escape(keyword.Documentation));
            writer.Line($"{keyword.Name} = 0x{keyword.Mask:X2},");
        }

        writer.Close();
    }

    private static void Event(SourceWriter writer, EventDefinition @event)
    {
        writer.Summary(SourceWriter.Escape(@event.Documentation));
        writer.Open($"public event Action<{@event.Template}TraceData> {@event.Name}");
        writer.Line($"add => source.RegisterEventTemplate({@event.Name}Template(value));");
        writer.Line($"remove => source.UnregisterEventTemplate(value, {@event.Id}, ProviderGuid);");
        writer.Close();
    }

    private static void Enumerate(SourceWriter writer, EventManifest manifest)
    {
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Open("protected override void EnumerateTemplates(Func<string, string, EventFilterResponse> eventsToObserve, Action<TraceEvent> callback)");
        writer.Line("s_templates ??=");
        writer.Line("[");
        foreach (EventDefinition @event in manifest.Events)
        {
            writer.Line($"    {@event.Name}Template(null),");
        }

        writer.Line("];");
        writer.Open("foreach (TraceEvent template in s_templates)");
        writer.Open("if (eventsToObserve is null || eventsToObserve(template.ProviderName, template.EventName) == EventFilterResponse.AcceptEvent)");
        writer.Line("callback(template);");
        writer.Close();
        writer.Close();
        writer.Close();
    }

    private static void Template(SourceWriter writer, EventManifest manifest, EventDefinition @event)
    {
        string opcode = @event.Opcode.StartsWith("win:", System.StringComparison.Ordinal) ? @event.Opcode.Substring("win:".Length) : @event.Opcode;
        string type = @event.Template + "TraceData";
        writer.Line();
        writer.Line($"private static {type} {@event.Name}Template(Action<{type}>? action) => new(");
        writer.Line(
            $"    action, {@event.Id}, {manifest.TaskOf(@event)}, {SourceWriter.Literal(@event.Task)}, {manifest.OpcodeOf(@event)}, {SourceWriter.Literal(opcode)});");
    }
}
