namespace Tracing.Host.Session;

/// <summary>A buffer on its way: filled by one processor under that processor's lock, then written by the flusher.</summary>
internal sealed class SessionBuffer(int recordBytes)
{
    internal byte[] Bytes { get; } = new byte[recordBytes];

    internal int Used { get; set; }

    internal int Events { get; set; }

    internal int Processor { get; set; }

    internal long Sequence { get; set; }

    internal long FlushedAt { get; set; }

    /// <summary>Whether the processor lost events just before this buffer.</summary>
    internal bool AfterLoss { get; set; }

    /// <summary>Whether it was flushed by the session's end, not because it was full.</summary>
    internal bool Last { get; set; }
}
