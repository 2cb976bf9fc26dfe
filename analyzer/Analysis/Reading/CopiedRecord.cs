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

/// <summary>What stands before a payload in a <see cref="RecordBatch"/>.</summary>
/// <param name="Origin">Where and by whom it was written.</param>
/// <param name="PassedTime">The latest time of all records up to this one, those of other providers included.</param>
/// <param name="PayloadLength">Bytes of the payload.</param>
/// <param name="Id">Number of the driver's event.</param>
/// <param name="Version">Version of the event's layout.</param>
/// <param name="PointerSize">Bytes of a pointer in the payload.</param>
/// <param name="Kind">What it is.</param>
internal readonly record struct CopiedHeader(
    EventOrigin Origin, long PassedTime, int PayloadLength = 0, ushort Id = 0, byte Version = 0, byte PointerSize = 0, CopiedKind Kind = CopiedKind.Driver);

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
