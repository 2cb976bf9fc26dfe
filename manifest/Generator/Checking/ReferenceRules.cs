using System.Collections.Generic;
using System.Linq;
using Tracing.Manifest.Model;
using Tracing.Manifest.Reading;

namespace Tracing.Manifest.Checking;

/// <summary>Each name that is referred to exists, and nothing is declared in vain.</summary>
internal static class ReferenceRules
{
    internal static IEnumerable<ManifestProblem> Check(EventManifest manifest)
    {
        List<Reference> references = [.. References(manifest)];
        List<Target> targets = [.. Targets(manifest)];
        HashSet<(string Kind, string Name)> declared = [.. targets.Select(target => (target.Kind, target.Name))];
        HashSet<(string Kind, string Name)> used = [.. references.Select(reference => (reference.Kind, reference.Name))];
        return references
            .Where(reference => !declared.Contains((reference.Kind, reference.Name)) && !IsStandard(reference))
            .Select(reference => new ManifestProblem(
                reference.Position, $"The {reference.From} refers to the {reference.Kind} '{reference.Name}', which does not exist."))
            .Concat(targets
                .Where(target => !used.Contains((target.Kind, target.Name)))
                .Select(target => new ManifestProblem(target.Position, $"The {target.Kind} '{target.Name}' is used nowhere.")));
    }

    private static IEnumerable<Reference> References(EventManifest manifest) =>
        manifest.Events.SelectMany(FromEvent)
            .Concat(manifest.Templates.SelectMany(template => template.Fields)
                .Where(field => field.Map.Length > 0)
                .Select(field => new Reference($"field {field.Name}", "map", field.Map, field.Position)))
            .Concat(Declaration.Of(manifest)
                .Where(declaration => declaration.Message is not null)
                .Select(declaration => new Reference(declaration.Title, "string", declaration.Message!, declaration.Position)));

    private static IEnumerable<Reference> FromEvent(EventDefinition @event)
    {
        Reference To(string kind, string name) => new($"event {@event.Name}", kind, name, @event.Position);
        return
        [
            .. @event.Keywords.Select(keyword => To("keyword", keyword)),
            To("level", @event.Level),
            To("task", @event.Task),
            To("opcode", @event.Opcode),
            To("template", @event.Template),
        ];
    }

    private static IEnumerable<Target> Targets(EventManifest manifest) =>
    [
        .. manifest.Keywords.Select(keyword => new Target("keyword", keyword.Name, keyword.Position)),
        .. manifest.Tasks.Select(task => new Target("task", task.Name, task.Position)),
        .. manifest.Opcodes.Select(opcode => new Target("opcode", opcode.Name, opcode.Position)),
        .. manifest.Maps.Select(map => new Target("map", map.Name, map.Position)),
        .. manifest.Templates.Select(template => new Target("template", template.Name, template.Position)),
        .. manifest.Strings.Select(text => new Target("string", text.Id, text.Position)),
    ];

    private static bool IsStandard(Reference reference) => reference.Kind switch
    {
        "level" => StandardNames.Levels.ContainsKey(reference.Name),
        "opcode" => StandardNames.Opcodes.ContainsKey(reference.Name),
        _ => false,
    };

    /// <summary>Something that refers by name to something of a kind.</summary>
    private sealed record Reference(string From, string Kind, string Name, SourcePosition Position);

    /// <summary>Something of a kind that can be referred to by name.</summary>
    private sealed record Target(string Kind, string Name, SourcePosition Position);
}
