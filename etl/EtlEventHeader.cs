namespace Tracing.Etl;

/// <summary>The fields of an EVENT_HEADER record to be written. Source: EVENT_HEADER and EVENT_DESCRIPTOR documentation.</summary>
public readonly record struct EtlEventHeader
{
    /// <summary>When it happened, in raw clock ticks.</summary>
    public required long Time { get; init; }

    /// <summary>Who wrote it.</summary>
    public required Guid ProviderId { get; init; }

    /// <summary>Event id.</summary>
    public required ushort Id { get; init; }

    /// <summary>Version of the payload's layout.</summary>
    public byte Version { get; init; }

    /// <summary>Channel.</summary>
    public byte Channel { get; init; }

    /// <summary>Severity, 1 critical to 5 verbose.</summary>
    public byte Level { get; init; }

    /// <summary>Opcode.</summary>
    public byte Opcode { get; init; }

    /// <summary>Task.</summary>
    public ushort Task { get; init; }

    /// <summary>Keywords.</summary>
    public ulong Keyword { get; init; }

    /// <summary>Thread that wrote it.</summary>
    public int ThreadId { get; init; }

    /// <summary>Process that wrote it.</summary>
    public int ProcessId { get; init; }

    /// <summary>Activity it belongs to.</summary>
    public Guid ActivityId { get; init; }

    /// <summary>Kernel-mode time of the thread so far, in timer interrupts.</summary>
    public uint KernelTime { get; init; }

    /// <summary>User-mode time of the thread so far, in timer interrupts.</summary>
    public uint UserTime { get; init; }

    /// <summary>Property bits.</summary>
    public ushort EventProperty { get; init; }

    /// <summary>Whether pointers in the payload have 4 bytes; they have 8 if it is not said.</summary>
    public bool Is32Bit { get; init; }
}
