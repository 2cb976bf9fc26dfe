using Tracing.Etl.Format;

namespace Tracing.Etl.Reading;

/// <summary>What the index keeps of a buffer.</summary>
/// <param name="Offset">Where it is in the file, in bytes.</param>
/// <param name="Sequence">Its sequence number in the session.</param>
/// <param name="StoredLength">Bytes after its header that hold records as stored.</param>
/// <param name="ContentLength">Bytes of records once decompressed.</param>
/// <param name="Processor">Whose records it holds.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="IsHeader">Whether a session begins with it.</param>
internal readonly record struct BufferEntry(
    long Offset, long Sequence, int StoredLength, int ContentLength, ushort Processor, EtlBufferFlags Flags, bool IsHeader)
{
    public bool IsCompressed => (Flags & EtlBufferFlags.Compressed) != 0;

    /// <summary>Bytes to be read for it, its header included.</summary>
    public long FileLength => BufferHeader.Length + (long)StoredLength;

    /// <summary>The entry of a buffer of which the file holds <paramref name="available"/> bytes, header included.</summary>
    public static BufferEntry Of(long offset, in BufferHeader header, int available)
    {
        int content = (int)header.SavedOffset - BufferHeader.Length;
        int stored = available - BufferHeader.Length;
        bool compressed = (header.Flags & EtlBufferFlags.Compressed) != 0;
        if (!compressed)
        {
            content = Math.Min(content, stored);
            stored = content;
        }

        return new BufferEntry(offset, header.Sequence, stored, content, header.Processor, header.Flags, header.Type == BufferType.Header);
    }
}
