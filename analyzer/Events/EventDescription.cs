namespace Tracing.Events;

/// <summary>What the manifest says about one event. Immutable: safe from any thread.</summary>
/// <param name="Name">The event's name.</param>
/// <param name="Id">Its number.</param>
/// <param name="Version">The version of its payload that <paramref name="Fields"/> describes.</param>
/// <param name="Level">Its level: 2 error, 4 informational, 5 verbose.</param>
/// <param name="Opcode">Its opcode.</param>
/// <param name="Task">Its task.</param>
/// <param name="Keyword">The bits of its keywords.</param>
/// <param name="Template">The name of its payload, which other events may share.</param>
/// <param name="Fields">The fields of its payload in the order they lie there, packed.</param>
public sealed record EventDescription(
    string Name,
    ushort Id,
    byte Version,
    byte Level,
    byte Opcode,
    ushort Task,
    ulong Keyword,
    string Template,
    IReadOnlyList<EventField> Fields)
{
    /// <summary>An array in which each event stands at its number.</summary>
    internal static EventDescription?[] IndexById(IReadOnlyList<EventDescription> events)
    {
        EventDescription?[] byId = new EventDescription?[events.Max(description => description.Id) + 1];
        foreach (EventDescription description in events)
        {
            byId[description.Id] = description;
        }

        return byId;
    }
}

/// <summary>A field of a payload.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsHexadecimal">Whether its value is shown in hexadecimal.</param>
/// <param name="Map">Names of its values or bits, or null.</param>
public sealed record EventField(string Name, EventFieldType Type, bool IsHexadecimal, FieldMap? Map);

/// <summary>Names of the values, or of the bits, of a field.</summary>
/// <param name="Name">The map's name.</param>
/// <param name="IsBitMap">Whether the values are bits that are combined.</param>
/// <param name="Values">The values that have names. A trace may hold others.</param>
public sealed record FieldMap(string Name, bool IsBitMap, IReadOnlyList<NamedValue> Values);

/// <summary>A value, or a bit, with its name.</summary>
/// <param name="Value">The value.</param>
/// <param name="Name">The name.</param>
public readonly record struct NamedValue(ulong Value, string Name);
