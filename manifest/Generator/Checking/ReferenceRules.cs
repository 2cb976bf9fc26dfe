using System.Collections.Generic;
using System.Linq;
using Tracing.Manifest.Model;
using Tracing.Manifest.Reading;

namespace Tracing.Manifest.Checking;

/// <summary>Each name that is referred to exists, and nothing is declared in vain.</summary>
internal static class ReferenceRules
{
    internal static IEnumerable<ManifestProblem> Check(EventManifest manifest) => Dangling(manifest).Concat(Unused(manifest));

    private static IEnumerable<ManifestProblem> Dangling(EventManifest manifest)
    {
        HashSet<string> keywords = [.. manifest.Keywords.Select(keyword => keyword.Name)];
        HashSet<string> tasks = [.. manifest.Tasks.Select(task => task.Name)];
        HashSet<string> opcodes = [.. manifest.Opcodes.Select(opcode => opcode.Name), .. StandardNames.Opcodes.Keys];
        HashSet<string> templates = [.. manifest.Templates.Select(template => template.Name)];
        HashSet<string> maps = [.. manifest.Maps.Select(map => map.Name)];
        HashSet<string> strings = [.. manifest.Strings.Select(text => text.Id)];

        foreach (EventDefinition @event in manifest.Events)
        {
            foreach (string keyword in @event.Keywords.Where(keyword => !keywords.Contains(keyword)))
            {
                yield return Missing(@event.Position, $"event {@event.Name}", "keyword", keyword);
            }

            if (!tasks.Contains(@event.Task))
            {
                yield return Missing(@event.Position, $"event {@event.Name}", "task", @event.Task);
            }

            if (!opcodes.Contains(@event.Opcode))
            {
                yield return Missing(@event.Position, $"event {@event.Name}", "opcode", @event.Opcode);
            }

            if (!templates.Contains(@event.Template))
            {
                yield return Missing(@event.Position, $"event {@event.Name}", "template", @event.Template);
            }

            if (!StandardNames.Levels.ContainsKey(@event.Level))
            {
                yield return Missing(@event.Position, $"event {@event.Name}", "level", @event.Level);
            }
        }

        foreach (FieldDefinition field in manifest.Templates.SelectMany(template => template.Fields).Where(field => field.Map.Length > 0 && !maps.Contains(field.Map)))
        {
            yield return Missing(field.Position, $"field {field.Name}", "map", field.Map);
        }

        foreach ((string what, string id, SourcePosition position) in StringUses(manifest).Where(use => !strings.Contains(use.Id)))
        {
            yield return Missing(position, what, "string", id);
        }
    }

    private static IEnumerable<ManifestProblem> Unused(EventManifest manifest)
    {
        HashSet<string> strings = [.. StringUses(manifest).Select(use => use.Id)];
        HashSet<string> maps = [.. manifest.Templates.SelectMany(template => template.Fields).Select(field => field.Map)];
        return manifest.Strings.Where(text => !strings.Contains(text.Id)).Select(text => Useless(text.Position, "string", text.Id))
            .Concat(manifest.Maps.Where(map => !maps.Contains(map.Name)).Select(map => Useless(map.Position, "map", map.Name)))
            .Concat(manifest.Keywords.Where(keyword => !manifest.Events.Any(@event => @event.Keywords.Contains(keyword.Name))).Select(keyword => Useless(keyword.Position, "keyword", keyword.Name)))
            .Concat(manifest.Tasks.Where(task => !manifest.Events.Any(@event => @event.Task == task.Name)).Select(task => Useless(task.Position, "task", task.Name)))
            .Concat(manifest.Opcodes.Where(opcode => !manifest.Events.Any(@event => @event.Opcode == opcode.Name)).Select(opcode => Useless(opcode.Position, "opcode", opcode.Name)))
            .Concat(manifest.Templates.Where(template => !manifest.EventsOf(template).Any()).Select(template => Useless(template.Position, "template", template.Name)));
    }

    /// <summary>Every place that refers to the string table.</summary>
    private static IEnumerable<(string What, string Id, SourcePosition Position)> StringUses(EventManifest manifest) =>
        new[] { ($"provider {manifest.Provider.Name}", manifest.Provider.Message, manifest.Provider.Position) }
            .Concat(manifest.Keywords.Select(keyword => ($"keyword {keyword.Name}", keyword.Message, keyword.Position)))
            .Concat(manifest.Tasks.Select(task => ($"task {task.Name}", task.Message, task.Position)))
            .Concat(manifest.Opcodes.Select(opcode => ($"opcode {opcode.Name}", opcode.Message, opcode.Position)))
            .Concat(manifest.Maps.SelectMany(map => map.Values.Select(value => ($"value {value.Value} of map {map.Name}", value.Message, value.Position))))
            .Concat(manifest.Events.Select(@event => ($"event {@event.Name}", @event.Message, @event.Position)));

    private static ManifestProblem Missing(SourcePosition position, string what, string kind, string name) =>
        new(position, $"The {what} refers to the {kind} '{name}', which does not exist.");

    private static ManifestProblem Useless(SourcePosition position, string kind, string name) =>
        new(position, $"The {kind} '{name}' is used nowhere.");
}
