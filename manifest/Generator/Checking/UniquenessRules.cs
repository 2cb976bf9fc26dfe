using System;
using System.Collections.Generic;
using System.Linq;
using Tracing.Manifest.Model;
using Tracing.Manifest.Reading;

namespace Tracing.Manifest.Checking;

/// <summary>What must be there only once.</summary>
internal static class UniquenessRules
{
    internal static IEnumerable<ManifestProblem> Check(EventManifest manifest) =>
    [
        .. Once("event number", manifest.Events.Select(@event => ($"{@event.Id}", @event.Position))),
        .. Once("event name", manifest.Events.Select(@event => (@event.Name, @event.Position))),
        .. Once("name that tools give an event, task/opcode,", manifest.Events.Select(@event => ($"{@event.Task}/{@event.Opcode}", @event.Position))),
        .. Once("keyword name", manifest.Keywords.Select(keyword => (keyword.Name, keyword.Position))),
        .. Once("keyword mask", manifest.Keywords.Select(keyword => ($"0x{keyword.Mask:X}", keyword.Position))),
        .. Once("task name", manifest.Tasks.Select(task => (task.Name, task.Position))),
        .. Once("task value", manifest.Tasks.Select(task => ($"{task.Value}", task.Position))),
        .. Once("opcode name", manifest.Opcodes.Select(opcode => (opcode.Name, opcode.Position))),
        .. Once("opcode value", manifest.Opcodes.Select(opcode => ($"{opcode.Value}", opcode.Position))),
        .. Once("map name", manifest.Maps.Select(map => (map.Name, map.Position))),
        .. Once("template name", manifest.Templates.Select(template => (template.Name, template.Position))),
        .. Once("string id", manifest.Strings.Select(text => (text.Id, text.Position))),
        .. Once("symbol", Declaration.Of(manifest)
            .Where(declaration => declaration.Symbol is not null)
            .Select(declaration => (declaration.Symbol!, declaration.Position))),
        .. manifest.Maps.SelectMany(InMap),
        .. manifest.Templates.SelectMany(InTemplate),
    ];

    private static IEnumerable<ManifestProblem> InMap(MapDefinition map) =>
        Once($"value of map {map.Name}", map.Values.Select(value => ($"{value.Value}", value.Position)))
            .Concat(Once($"value name of map {map.Name}", map.Values.Select(value => (value.Message, value.Position))));

    private static IEnumerable<ManifestProblem> InTemplate(TemplateDefinition template) =>
        Once($"field name of template {template.Name}", template.Fields.Select(field => (field.Name, field.Position)));

    private static IEnumerable<ManifestProblem> Once(string what, IEnumerable<(string Key, SourcePosition Position)> items) =>
        items.GroupBy(item => item.Key, StringComparer.Ordinal).SelectMany(group => group.Skip(1).Select(again =>
            new ManifestProblem(again.Position, $"The {what} '{group.Key}' is there already, on line {group.First().Position.Line}.")));
}
