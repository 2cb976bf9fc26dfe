namespace Tracing.Etl;

/// <summary>One kind of oddity in a file and how often it was met. Immutable.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Count">How often it was met. Kinds found inside of a buffer are counted once per buffer.</param>
/// <param name="FirstOffset">File offset of the first one, in bytes: of the record where a record is concerned, else of the buffer.</param>
/// <param name="Bytes">Bytes of the file that could not be read because of it, 0 where nothing was lost.</param>
public sealed record EtlOddity(EtlOddityKind Kind, long Count, long FirstOffset, long Bytes)
{
    /// <summary>Whether it is worth knowing but no damage.</summary>
    public bool IsNote => Kind is EtlOddityKind.UnusedTail or EtlOddityKind.SequenceGap or EtlOddityKind.AppendedSession or EtlOddityKind.EventsLostMark or EtlOddityKind.BuffersLostMark;

    /// <summary>Whether records may be missing because of it. Order and numbering problems lose nothing.</summary>
    public bool MayLoseRecords =>
        !IsNote && Kind is not (EtlOddityKind.TimeWentBackwards or EtlOddityKind.DuplicateSequence or EtlOddityKind.SecondHeaderBuffer);

    /// <summary>The oddity as a sentence for people, without the file's name.</summary>
    public string Sentence
    {
        get
        {
            string lost = Bytes > 0 ? $", {Bytes:N0} bytes not read" : "";
            return $"{What} ({Count:N0} times, first at offset 0x{FirstOffset:X}{lost}).";
        }
    }

    private string What => Kind switch
    {
        EtlOddityKind.TruncatedBuffer => "The file ends inside a buffer: it was cut, or is still being written",
        EtlOddityKind.BadBufferHeader => "No valid buffer header where one should stand: that part of the file is damaged",
        EtlOddityKind.UnusedTail => "The end of the file was never written",
        EtlOddityKind.DecompressionFailed => "A compressed buffer does not decompress to the size it names: it is damaged",
        EtlOddityKind.UnsupportedCompression => "A buffer is compressed by a method other than XPRESS, XPRESS with Huffman and LZNT1",
        EtlOddityKind.RecordOverrun => "A record's size does not fit its header or its buffer: the rest of that buffer is damaged",
        EtlOddityKind.UnknownRecordHeader => "A record has an unknown header type: the rest of that buffer cannot be read",
        EtlOddityKind.MalformedExtras => "A record's extended items do not fit the record: its payload was left out",
        EtlOddityKind.TimeWentBackwards => "A record is older than the one before it on its processor",
        EtlOddityKind.SequenceGap => "Buffer sequence numbers are missing: buffers were lost or overwritten",
        EtlOddityKind.DuplicateSequence => "Two buffers carry one sequence number",
        EtlOddityKind.SecondHeaderBuffer => "A further header buffer whose header cannot be read",
        EtlOddityKind.AppendedSession => "A further session was appended to the file",
        EtlOddityKind.EventsLostMark => "A buffer says that events were lost before it",
        EtlOddityKind.BuffersLostMark => "A buffer says that buffers were lost before it",
        EtlOddityKind.LimitReached => "Buffers were set aside because a limit of EtlLimits was reached",
        _ => Kind.ToString(),
    };
}
