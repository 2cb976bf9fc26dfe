namespace Tracing.Analysis.Reading;

/// <summary>
/// What the analysis reads of a record, apart from the file that it came from: a view of a <see cref="RecordBatch"/>, valid until that is filled again.
/// </summary>
internal readonly ref struct CopiedRecord(ref readonly CopiedHeader header, ReadOnlySpan<byte> payload)
{
    /// <summary>What it is, and where and by whom it was written.</summary>
    public readonly ref readonly CopiedHeader Header = ref header;

    /// <summary>What it tells, by its kind.</summary>
    public readonly ReadOnlySpan<byte> Payload = payload;
}

/// <summary>What stands before a payload in a <see cref="RecordBatch"/>. Filled where it lies: to copy it there from elsewhere took as long as all the rest.</summary>
internal struct CopiedHeader
{
    /// <summary>Where and by whom it was written.</summary>
    public EventOrigin Origin;

    /// <summary>The latest time of all records up to this one, those of other providers included.</summary>
    public long PassedTime;

    /// <summary>Bytes of the payload: of a record they are fewer than its size field can say.</summary>
    public ushort PayloadLength;

    /// <summary>Number of the driver's event.</summary>
    public ushort Id;

    /// <summary>Version of the event's layout.</summary>
    public byte Version;

    /// <summary>Bytes of a pointer in the payload.</summary>
    public byte PointerSize;

    /// <summary>What it is.</summary>
    public CopiedKind Kind;
}

/// <summary>What a <see cref="CopiedRecord"/> is.</summary>
internal enum CopiedKind : byte
{
    /// <summary>An event of the driver, with its payload as it was written.</summary>
    Driver,

    /// <summary>An acquire; the payload is an <see cref="AcquiredEvent"/>.</summary>
    Acquired,

    /// <summary>A release; the payload is a <see cref="ReleasedEvent"/>.</summary>
    Released,

    /// <summary>The kernel's word that the thread of <see cref="CopiedHeader.Origin"/> has ended.</summary>
    ThreadEnd,

    /// <summary>The kernel's word of what a thread does; the payload is a <see cref="Scheduling.SchedulingEvent"/>.</summary>
    Scheduling,
}
