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
        .. Once("event number", manifest.Events, @event => @event.Id, @event => @event.Position),
        .. Once("event name", manifest.Events, @event => @event.Name, @event => @event.Position),
        .. Once("pair of task and opcode, by which tools name an event,", manifest.Events, @event => $"{@event.Task}/{@event.Opcode}", @event => @event.Position),
        .. Once("keyword name", manifest.Keywords, keyword => keyword.Name, keyword => keyword.Position),
        .. Once("keyword mask", manifest.Keywords, keyword => $"0x{keyword.Mask:X}", keyword => keyword.Position),
        .. Once("task name", manifest.Tasks, task => task.Name, task => task.Position),
        .. Once("task value", manifest.Tasks, task => task.Value, task => task.Position),
        .. Once("opcode name", manifest.Opcodes, opcode => opcode.Name, opcode => opcode.Position),
        .. Once("opcode value", manifest.Opcodes, opcode => opcode.Value, opcode => opcode.Position),
        .. Once("map name", manifest.Maps, map => map.Name, map => map.Position),
        .. Once("template name", manifest.Templates, template => template.Name, template => template.Position),
        .. Once("string id", manifest.Strings, text => text.Id, text => text.Position),
        .. manifest.Maps.SelectMany(map => Once($"value of map {map.Name}", map.Values, value => value.Value, value => value.Position)),
        .. manifest.Maps.SelectMany(map => Once($"value name of map {map.Name}", map.Values, value => value.Message, value => value.Position)),
        .. manifest.Templates.SelectMany(template => Once($"field name of template {template.Name}", template.Fields, field => field.Name, field => field.Position)),
        .. Once("symbol", Symbols(manifest), symbol => symbol.Symbol, symbol => symbol.Position),
    ];

    /// <summary>Every C symbol: the message compiler puts them all into one header.</summary>
    private static IEnumerable<(string Symbol, SourcePosition Position)> Symbols(EventManifest manifest) =>
        new[] { (manifest.Provider.Symbol, manifest.Provider.Position) }
            .Concat(manifest.Keywords.Select(keyword => (keyword.Symbol, keyword.Position)))
            .Concat(manifest.Tasks.Select(task => (task.Symbol, task.Position)))
            .Concat(manifest.Opcodes.Select(opcode => (opcode.Symbol, opcode.Position)))
            .Concat(manifest.Maps.Select(map => (map.Symbol, map.Position)))
            .Concat(manifest.Maps.SelectMany(map => map.Values).Select(value => (value.Symbol, value.Position)))
            .Concat(manifest.Events.Select(@event => (@event.Symbol, @event.Position)));

    private static IEnumerable<ManifestProblem> Once<T, TKey>(string what, IEnumerable<T> items, Func<T, TKey> key, Func<T, SourcePosition> position) =>
        items.GroupBy(key).SelectMany(group => group.Skip(1).Select(again =>
            new ManifestProblem(position(again), $"The {what} '{group.Key}' is there already, on line {position(group.First()).Line}.")));
}
