using System.Collections.Generic;
using System.Linq;
using Tracing.Manifest.Model;

namespace Tracing.Manifest.Checking;

/// <summary>Anything that a manifest declares, as far as the rules that hold for all declarations look at it.</summary>
/// <param name="Title">What it is called in messages, for example <c>keyword Lock</c>.</param>
/// <param name="Position">Where it is written.</param>
internal sealed record Declaration(string Title, SourcePosition Position)
{
    /// <summary>The name it gets in C#, or null when it gets none.</summary>
    internal string? PublicName { get; init; }

    /// <summary>Its C symbol, or null when it has none.</summary>
    internal string? Symbol { get; init; }

    /// <summary>The id of its string, or null when it has none.</summary>
    internal string? Message { get; init; }

    /// <summary>The text inside its element, or null when it needs none.</summary>
    internal string? Documentation { get; init; }

    /// <summary>All declarations of a manifest but strings.</summary>
    internal static IEnumerable<Declaration> Of(EventManifest manifest) =>
    [
        new($"provider {manifest.Provider.Name}", manifest.Provider.Position)
        {
            Symbol = manifest.Provider.Symbol,
            Message = manifest.Provider.Message,
        },
        .. manifest.Keywords.Select(keyword => new Declaration($"keyword {keyword.Name}", keyword.Position)
        {
            PublicName = keyword.Name,
            Symbol = keyword.Symbol,
            Message = keyword.Message,
            Documentation = keyword.Documentation,
        }),
        .. manifest.Tasks.Select(task => new Declaration($"task {task.Name}", task.Position)
        {
            Symbol = task.Symbol,
            Message = task.Message,
            Documentation = task.Documentation,
        }),
        .. manifest.Opcodes.Select(opcode => new Declaration($"opcode {opcode.Name}", opcode.Position)
        {
            Symbol = opcode.Symbol,
            Message = opcode.Message,
        }),
        .. manifest.Maps.SelectMany(map => OfMap(manifest, map)),
        .. manifest.Templates.SelectMany(OfTemplate),
        .. manifest.Events.Select(@event => new Declaration($"event {@event.Name}", @event.Position)
        {
            PublicName = @event.Name,
            Symbol = @event.Symbol,
            Message = @event.Message,
            Documentation = @event.Documentation,
        }),
    ];

    private static IEnumerable<Declaration> OfMap(EventManifest manifest, MapDefinition map) =>
    [
        new($"map {map.Name}", map.Position) { PublicName = map.Name, Symbol = map.Symbol },
        .. map.Values.Select(value => new Declaration($"value {value.Value} of map {map.Name}", value.Position)
        {
            PublicName = manifest.Strings.FirstOrDefault(text => text.Id == value.Message)?.Text,
            Symbol = value.Symbol,
            Message = value.Message,
            Documentation = value.Documentation,
        }),
    ];

    private static IEnumerable<Declaration> OfTemplate(TemplateDefinition template) =>
    [
        new($"template {template.Name}", template.Position) { PublicName = template.Name },
        .. template.Fields.Select(field => new Declaration($"field {field.Name}", field.Position)
        {
            PublicName = field.Name,
            Documentation = field.Documentation,
        }),
    ];
}
