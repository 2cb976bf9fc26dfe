namespace Tracing.Events;

/// <summary>The type of a field in an event's payload.</summary>
public enum EventFieldType
{
    /// <summary>An unsigned byte.</summary>
    UInt8,

    /// <summary>Two bytes, unsigned, little endian.</summary>
    UInt16,

    /// <summary>Four bytes, unsigned, little endian.</summary>
    UInt32,

    /// <summary>Eight bytes, unsigned, little endian.</summary>
    UInt64,

    /// <summary>An address: four or eight bytes, as wide as the pointers of the machine the trace is from.</summary>
    Pointer,

    /// <summary>Sixteen bytes, as a GUID lies in memory on Windows.</summary>
    Guid,

    /// <summary>UTF-16 characters up to a zero character.</summary>
    UnicodeString,
}
