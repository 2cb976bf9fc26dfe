namespace Tracing.Etl;

/// <summary>What can be wrong, or worth knowing, in a file that can be read. <see cref="EtlOddity.IsNote"/> tells which are no damage.</summary>
public enum EtlOddityKind
{
    /// <summary>The file ends inside a buffer. Its whole records are still delivered if it is not compressed.</summary>
    TruncatedBuffer,

    /// <summary>No buffer header where one should stand. The walk went on at the next one found.</summary>
    BadBufferHeader,

    /// <summary>The end of the file was never written: preallocated by the session. A note.</summary>
    UnusedTail,

    /// <summary>A compressed buffer that does not decompress to the size it names. Its records are lost.</summary>
    DecompressionFailed,

    /// <summary>A buffer in a compression other than XPRESS, XPRESS with Huffman and LZNT1. Its records are lost.</summary>
    UnsupportedCompression,

    /// <summary>A record shorter than its own header or longer than what is left of its buffer. The rest of the buffer is lost.</summary>
    RecordOverrun,

    /// <summary>A record whose header type is not known, so that its size is not either. The rest of the buffer is lost.</summary>
    UnknownRecordHeader,

    /// <summary>Extended items or counters that do not fit their record. It is delivered with an empty payload.</summary>
    MalformedExtras,

    /// <summary>A record older than the one before it in its processor's stream. Found by reading in time order only.</summary>
    TimeWentBackwards,

    /// <summary>Buffer sequence numbers are missing: buffers were lost, or overwritten in a circular file. A note.</summary>
    SequenceGap,

    /// <summary>Two buffers with one sequence number.</summary>
    DuplicateSequence,

    /// <summary>A further header buffer whose header cannot be read. The buffers after it are taken for the session's before it.</summary>
    SecondHeaderBuffer,

    /// <summary>A further session in the file, appended to it. Its times are given on the first one's clock. A note.</summary>
    AppendedSession,

    /// <summary>A buffer that says events were lost before it. A note: the number is in the header.</summary>
    EventsLostMark,

    /// <summary>A buffer that says buffers were lost before it. A note: the number is in the header.</summary>
    BuffersLostMark,

    /// <summary>Buffers set aside because a limit of <see cref="EtlLimits"/> was reached.</summary>
    LimitReached,
}
