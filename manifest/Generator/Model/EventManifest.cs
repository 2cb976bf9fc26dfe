using System;
using System.Collections.Generic;
using System.Linq;

namespace Tracing.Manifest.Model;

/// <summary>
/// What an instrumentation manifest of one provider says, as plain data. References between its parts are still names: the reader takes
/// what is written, <see cref="Checking.ManifestValidator"/> says whether it holds together, the emitters rely on a manifest that passed.
/// </summary>
/// <param name="Provider">The provider.</param>
/// <param name="Keywords">The keywords, in the order written.</param>
/// <param name="Tasks">The tasks, in the order written.</param>
/// <param name="Opcodes">The opcodes that are not among the standard ones, in the order written.</param>
/// <param name="Maps">The value maps and bit maps, in the order written.</param>
/// <param name="Templates">The payloads, in the order written.</param>
/// <param name="Events">The events, in the order written.</param>
/// <param name="Strings">The string table.</param>
public sealed record EventManifest(
    ProviderDefinition Provider,
    IReadOnlyList<KeywordDefinition> Keywords,
    IReadOnlyList<TaskDefinition> Tasks,
    IReadOnlyList<OpcodeDefinition> Opcodes,
    IReadOnlyList<MapDefinition> Maps,
    IReadOnlyList<TemplateDefinition> Templates,
    IReadOnlyList<EventDefinition> Events,
    IReadOnlyList<StringDefinition> Strings)
{
    /// <summary>The text of a string that exists.</summary>
    public string Text(string id) => Strings.First(text => text.Id == id).Text;

    /// <summary>The template of an event.</summary>
    public TemplateDefinition TemplateOf(EventDefinition @event) => Templates.First(template => template.Name == @event.Template);

    /// <summary>The map of a field, or null when it has none.</summary>
    public MapDefinition? MapOf(FieldDefinition field) => Maps.FirstOrDefault(map => map.Name == field.Map);

    /// <summary>The events whose payload a template is.</summary>
    public IEnumerable<EventDefinition> EventsOf(TemplateDefinition template) => Events.Where(@event => @event.Template == template.Name);

    /// <summary>The OR of the masks of an event's keywords.</summary>
    public ulong KeywordMask(EventDefinition @event) =>
        Keywords.Where(keyword => @event.Keywords.Contains(keyword.Name)).Aggregate(0UL, (mask, keyword) => mask | keyword.Mask);

    /// <summary>The number of an event's level, 1 (critical) to 5 (verbose).</summary>
    public byte LevelOf(EventDefinition @event) => (byte)StandardNames.Levels[@event.Level];

    /// <summary>The number of an event's opcode.</summary>
    public byte OpcodeOf(EventDefinition @event) =>
        (byte)(StandardNames.Opcodes.TryGetValue(@event.Opcode, out uint standard)
            ? standard
            : Opcodes.First(opcode => opcode.Name == @event.Opcode).Value);

    /// <summary>The number of an event's task.</summary>
    public ushort TaskOf(EventDefinition @event) => (ushort)Tasks.First(task => task.Name == @event.Task).Value;

    /// <summary>The name of a map's value as the generated enum and Event Viewer have it.</summary>
    public string NameOf(MapValueDefinition value) => Text(value.Message);
}

/// <summary>The provider itself.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its GUID.</param>
/// <param name="Symbol">Its C symbol.</param>
/// <param name="ResourceFileName">Where Windows finds the binary form of this manifest.</param>
/// <param name="MessageFileName">Where Windows finds the strings.</param>
/// <param name="Message">Id of its display name in the string table.</param>
/// <param name="Position">Where it is written.</param>
public sealed record ProviderDefinition(
    string Name, Guid Id, string Symbol, string ResourceFileName, string MessageFileName, string Message, SourcePosition Position);

/// <summary>A keyword: one bit that sessions select events by.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mask">Its bit.</param>
/// <param name="Symbol">Its C symbol.</param>
/// <param name="Message">Id of its display name in the string table.</param>
/// <param name="Documentation">What it stands for.</param>
/// <param name="Position">Where it is written.</param>
public sealed record KeywordDefinition(
    string Name, ulong Mask, string Symbol, string Message, string Documentation, SourcePosition Position);

/// <summary>A task: what part of the provider an event is about.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its number.</param>
/// <param name="Symbol">Its C symbol.</param>
/// <param name="Message">Id of its display name in the string table.</param>
/// <param name="Documentation">What it stands for.</param>
/// <param name="Position">Where it is written.</param>
public sealed record TaskDefinition(string Name, uint Value, string Symbol, string Message, string Documentation, SourcePosition Position);

/// <summary>An opcode of the provider's own: what happened within a task.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its number.</param>
/// <param name="Symbol">Its C symbol.</param>
/// <param name="Message">Id of its display name in the string table.</param>
/// <param name="Position">Where it is written.</param>
public sealed record OpcodeDefinition(string Name, uint Value, string Symbol, string Message, SourcePosition Position);

/// <summary>A map: names for the values, or for the bits, of a field.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsBitMap">Whether the values are bits that are combined.</param>
/// <param name="Symbol">Its C symbol.</param>
/// <param name="Values">The values, in the order written.</param>
/// <param name="Position">Where it is written.</param>
public sealed record MapDefinition(
    string Name, bool IsBitMap, string Symbol, IReadOnlyList<MapValueDefinition> Values, SourcePosition Position);

/// <summary>One value, or bit, of a map.</summary>
/// <param name="Value">The number.</param>
/// <param name="Symbol">Its C symbol.</param>
/// <param name="Message">Id of its name in the string table.</param>
/// <param name="Documentation">What it stands for.</param>
/// <param name="Position">Where it is written.</param>
public sealed record MapValueDefinition(uint Value, string Symbol, string Message, string Documentation, SourcePosition Position);

/// <summary>A template: the payload of one or more events.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Fields">The fields, in the order they are written to a trace: packed, without padding.</param>
/// <param name="Position">Where it is written.</param>
public sealed record TemplateDefinition(string Name, IReadOnlyList<FieldDefinition> Fields, SourcePosition Position);

/// <summary>A field of a payload.</summary>
/// <param name="Name">Its name.</param>
/// <param name="InType">Its type as written, for example <c>win:UInt64</c>.</param>
/// <param name="OutType">How it is shown, as written, or empty for the type's own way.</param>
/// <param name="Map">The name of the map its values are from, or empty.</param>
/// <param name="Documentation">What it holds, with its unit.</param>
/// <param name="Position">Where it is written.</param>
public sealed record FieldDefinition(string Name, string InType, string OutType, string Map, string Documentation, SourcePosition Position)
{
    /// <summary>The type, once the validator knows that it is one of those it understands.</summary>
    public FieldType Type => FieldType.Named(InType)
        ?? throw new InvalidOperationException($"The field {Name} has the unknown type {InType}: validate first.");
}

/// <summary>An event.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Version">Version of its payload.</param>
/// <param name="Name">Its name.</param>
/// <param name="Symbol">Its C symbol.</param>
/// <param name="Level">Name of its level.</param>
/// <param name="Keywords">Names of its keywords.</param>
/// <param name="Task">Name of its task.</param>
/// <param name="Opcode">Name of its opcode.</param>
/// <param name="Template">Name of its template.</param>
/// <param name="Message">Id of its message in the string table.</param>
/// <param name="Documentation">When it is written.</param>
/// <param name="Position">Where it is written.</param>
public sealed record EventDefinition(
    uint Id,
    uint Version,
    string Name,
    string Symbol,
    string Level,
    IReadOnlyList<string> Keywords,
    string Task,
    string Opcode,
    string Template,
    string Message,
    string Documentation,
    SourcePosition Position);

/// <summary>An entry of the string table.</summary>
/// <param name="Id">What it is referred to by.</param>
/// <param name="Text">The text, with <c>%1</c> and so on for the fields of an event.</param>
/// <param name="Position">Where it is written.</param>
public sealed record StringDefinition(string Id, string Text, SourcePosition Position);
