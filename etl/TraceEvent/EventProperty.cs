using System.Buffers.Binary;

namespace Tracing.Etl.TraceEvent;

/// <summary>
/// One property of a TRACE_EVENT_INFO. The members of structures stand behind the properties of the event itself; what stands before an array or binary data in the payload,
/// its length, is a property of its own.
/// </summary>
/// <remarks>Source: EVENT_PROPERTY_INFO documentation.</remarks>
internal readonly record struct EventProperty
{
    /// <summary>Bytes of one.</summary>
    public const int Length = 24;

    private const byte UInt16Type = 6;

    public required string Name { get; init; }

    private PropertyFlags Flags { get; init; }

    /// <summary>The input type, or the index of a structure's first member.</summary>
    private ushort TypeOrStart { get; init; }

    /// <summary>The output type, or how many members.</summary>
    private ushort OutTypeOrMembers { get; init; }

    /// <summary>How many elements, or the index of the property that tells it.</summary>
    private ushort Count { get; init; }

    /// <summary>The index of the property that tells the size.</summary>
    private ushort Size { get; init; }

    [Flags]
    private enum PropertyFlags
    {
        None = 0,
        Structure = 1,
        SizeIsProperty = 2,
        CountIsProperty = 4,
        CountIsFixed = 0x20,
    }

    /// <summary>The properties that fields make.</summary>
    /// <param name="fields">The fields of an event.</param>
    /// <param name="topLevel">How many of the properties are not members of structures.</param>
    public static List<EventProperty> Flatten(IReadOnlyList<TraceLoggingSchema.Field> fields, out int topLevel)
    {
        List<EventProperty> properties = [];
        Queue<(int At, IReadOnlyList<TraceLoggingSchema.Field> Members)> structures = [];
        Add(fields, properties, structures);
        topLevel = properties.Count;
        while (structures.TryDequeue(out (int At, IReadOnlyList<TraceLoggingSchema.Field> Members) next))
        {
            int start = properties.Count;
            Add(next.Members, properties, structures);
            properties[next.At] = properties[next.At] with { TypeOrStart = (ushort)start, OutTypeOrMembers = (ushort)(properties.Count - start) };
        }

        return properties;
    }

    /// <summary>Writes it.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="nameAt">Where its name is, from the start of the TRACE_EVENT_INFO.</param>
    public void Write(Span<byte> destination, int nameAt)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, (int)Flags);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], nameAt);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[8..], TypeOrStart);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[10..], OutTypeOrMembers);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[16..], Count);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[18..], Size);
    }

    private static void Add(
        IReadOnlyList<TraceLoggingSchema.Field> fields, List<EventProperty> properties, Queue<(int, IReadOnlyList<TraceLoggingSchema.Field>)> structures)
    {
        foreach (TraceLoggingSchema.Field field in fields)
        {
            bool isBinary = field.InType == TraceLoggingSchema.Binary;
            if (field.Count is null || isBinary)
            {
                properties.Add(new EventProperty { Name = field.Name + (isBinary ? ".Length" : ".Count"), TypeOrStart = UInt16Type, Count = 1 });
            }

            ushort lengthAt = (ushort)(properties.Count - 1);
            PropertyFlags count = field.Count switch
            {
                null => PropertyFlags.CountIsProperty,
                1 => PropertyFlags.None,
                _ => PropertyFlags.CountIsFixed,
            };
            if (field.Members is not null)
            {
                structures.Enqueue((properties.Count, field.Members));
            }

            properties.Add(new EventProperty
            {
                Name = field.Name,
                Flags = count | (field.Members is null ? PropertyFlags.None : PropertyFlags.Structure) | (isBinary ? PropertyFlags.SizeIsProperty : PropertyFlags.None),
                TypeOrStart = field.InType,
                OutTypeOrMembers = field.OutType,
                Count = field.Count ?? lengthAt,
                Size = isBinary ? lengthAt : (ushort)0,
            });
        }
    }
}
