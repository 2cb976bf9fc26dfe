namespace Tracing.Analysis.Reading;

/// <summary>
/// What the analysis reads of a record, apart from the file that it came from: a view of a <see cref="RecordBatch"/>, valid until that is filled again.
/// </summary>
internal readonly ref struct CopiedRecord(scoped in CopiedHeader header, ReadOnlySpan<byte> payload)
{
    /// <summary>The event's number.</summary>
    public ushort Id { get; } = header.Id;

    /// <summary>Who wrote it, and of what it tells.</summary>
    public CopiedKind Kind { get; } = header.Kind;

    /// <summary>Version of the event's layout.</summary>
    public byte Version { get; } = header.Version;

    /// <summary>Bytes of a pointer in the payload.</summary>
    public int PointerSize { get; } = header.PointerSize;

    /// <summary>Where and by whom it was written.</summary>
    public EventOrigin Origin { get; } = new(header.Time, header.ThreadId, header.Offset, header.ProcessId);

    /// <summary>The latest time of all records up to this one, those of other providers included.</summary>
    public long PassedTime { get; } = header.PassedTime;

    /// <summary>What follows the header and the extended items.</summary>
    public ReadOnlySpan<byte> Payload { get; } = payload;
}

/// <summary>What stands before a payload in a <see cref="RecordBatch"/>. The meaning of each field is that of <see cref="CopiedRecord"/>.</summary>
internal readonly record struct CopiedHeader(
    long Time, long PassedTime, long Offset, int ThreadId, int ProcessId, ushort Id, byte Version, byte PointerSize, int PayloadLength,
    CopiedKind Kind);

/// <summary>What a <see cref="CopiedRecord"/> is.</summary>
internal enum CopiedKind : byte
{
    /// <summary>An event of the driver.</summary>
    Driver,

    /// <summary>The kernel's word that the thread of <see cref="CopiedRecord.Origin"/> has ended.</summary>
    ThreadEnd,

    /// <summary>The kernel's word of what a thread does; the payload is a <see cref="Scheduling.SchedulingEvent"/>.</summary>
    Scheduling,
}
