using System.Collections.Generic;
using System.Linq;
using System.Text;
using Tracing.Manifest.Model;

namespace Tracing.Manifest.Emitting;

/// <summary>Emits the reference of all events as Markdown: what a reader of traces looks up.</summary>
public static class ReferenceTableEmitter
{
    /// <summary>Emits the reference of a manifest that <see cref="Checking.ManifestValidator"/> found nothing wrong with.</summary>
    public static string Emit(EventManifest manifest)
    {
        StringBuilder text = new();
        Line(text, $"# Events of {manifest.Provider.Name}");
        Line(text);
        Line(text, "Generated from `manifest/KMutex.man`: change it there, and run `./build.sh docs`.");
        Line(text);
        Line(text, $"Provider `{manifest.Provider.Name}`, GUID `{manifest.Provider.Id}`. Payloads are packed in the order of the tables, little endian;");
        Line(text, "strings are UTF-16 and end with a zero character. A field called …At, …Since, Wait… or Hold… counts QPC ticks.");
        Line(text, "A later version of an event may add fields at its end.");
        Section(text, "Keywords", ["Keyword", "Mask", "Events about"], manifest.Keywords.Select(keyword =>
            new[] { keyword.Name, $"`0x{keyword.Mask:X2}`", keyword.Documentation }));
        Section(text, "Overview", ["Id", "Event", "Level", "Keywords", "Task", "Opcode", "When"], manifest.Events.Select(@event => new[]
        {
            $"{@event.Id}", $"[{@event.Name}](#{Anchor(@event)})", $"{ShortName(@event.Level)} ({manifest.LevelOf(@event)})",
            manifest.Keywords.All(keyword => @event.Keywords.Contains(keyword.Name)) ? "all" : string.Join(", ", @event.Keywords),
            $"{@event.Task} ({manifest.TaskOf(@event)})", $"{ShortName(@event.Opcode)} ({manifest.OpcodeOf(@event)})", @event.Documentation,
        }));
        foreach (EventDefinition @event in manifest.Events)
        {
            Event(text, manifest, @event);
        }

        foreach (MapDefinition map in manifest.Maps)
        {
            Section(text, map.Name, [map.IsBitMap ? "Bit" : "Value", "Name", "Meaning"], map.Values.Select(value => new[]
            {
                map.IsBitMap ? $"`0x{value.Value:X2}`" : $"{value.Value}", manifest.NameOf(value), value.Documentation,
            }));
        }

        return text.ToString();
    }

    private static void Event(StringBuilder text, EventManifest manifest, EventDefinition @event)
    {
        PayloadLayout layout = new(manifest.TemplateOf(@event));
        List<string> size = [$"{layout.FixedBytes} bytes"];
        if (layout.Pointers > 0)
        {
            size.Add($"{layout.Pointers} pointer");
        }

        if (layout.Strings.Count > 0)
        {
            size.Add(layout.Strings.Count == 1 ? "a string" : $"{layout.Strings.Count} strings");
        }

        Section(text, $"{@event.Name} ({@event.Id})", ["Field", "Type", "Meaning"], manifest.TemplateOf(@event).Fields.Select(field => new[]
        {
            field.Name,
            ShortName(field.InType) + (field.Map.Length > 0 ? $", [{field.Map}](#{field.Map.ToLowerInvariant()})" : ""),
            field.Documentation,
        }), $"{@event.Documentation} Version {@event.Version}, {string.Join(" + ", size)}.");
    }

    private static void Section(StringBuilder text, string title, string[] header, IEnumerable<string[]> rows, string? introduction = null)
    {
        Line(text);
        Line(text, $"## {title}");
        Line(text);
        if (introduction is not null)
        {
            Line(text, introduction);
            Line(text);
        }

        Line(text, $"| {string.Join(" | ", header)} |");
        Line(text, $"|{string.Concat(header.Select(_ => "---|"))}");
        foreach (string[] row in rows)
        {
            Line(text, $"| {string.Join(" | ", row.Select(cell => cell.Replace("|", "\\|")))} |");
        }
    }

    /// <summary>The anchor that Markdown renderers give the heading of an event.</summary>
    private static string Anchor(EventDefinition @event) => $"{@event.Name.ToLowerInvariant()}-{@event.Id}";

    private static string ShortName(string name) =>
        name.StartsWith("win:", System.StringComparison.Ordinal) ? name.Substring("win:".Length) : name;

    private static void Line(StringBuilder text, string line = "") => text.Append(line).Append('\n');
}
