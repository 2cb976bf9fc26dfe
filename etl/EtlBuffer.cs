namespace Tracing.Etl;

/// <summary>One buffer of records, to be written by <see cref="EtlWriter.WriteBuffer"/>.</summary>
public readonly ref struct EtlBuffer
{
    /// <summary>The processor that wrote the records, 0 to 65,535.</summary>
    public required int Processor { get; init; }

    /// <summary>Number of the buffer in the session, over all processors: the first one after the header buffer is 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was flushed, in raw clock ticks.</summary>
    public long Timestamp { get; init; }

    /// <summary>Marks of flushes and losses. <see cref="EtlBufferFlags.ProcessorIndex"/>, and <see cref="EtlBufferFlags.Compressed"/> where it holds, are set by the writer.</summary>
    public EtlBufferFlags Flags { get; init; }

    /// <summary>
    /// The records, each padded to a multiple of 8 bytes as <see cref="EtlEventRecord"/> leaves them, in the order of their times; at most <see cref="EtlHeader.BufferSize"/>
    /// less the 72 bytes of the buffer's header.
    /// </summary>
    public required ReadOnlySpan<byte> Records { get; init; }
}
