namespace Tracing.Etl.Reading;

/// <summary>Why the records of a buffer ended.</summary>
internal enum RecordStop
{
    /// <summary>They have not.</summary>
    None,

    /// <summary>At the buffer's end or at its padding.</summary>
    End,

    /// <summary>At a record whose size is impossible.</summary>
    Overrun,

    /// <summary>At a header that is not known.</summary>
    UnknownHeader,
}
