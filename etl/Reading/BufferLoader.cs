using Tracing.Etl.Format;

namespace Tracing.Etl.Reading;

/// <summary>
/// Brings the records of one buffer after another into memory, reusing its arrays. One per thread; it holds one buffer, and its compressed form if there is any.
/// </summary>
internal sealed class BufferLoader(Session session, PassMonitor? monitor)
{
    private readonly EtlSource _source = session.Source;
    private readonly BufferIndex _index = session.Index;
    private readonly Decompressor _decompressor = new(session.Index.Compression);
    private byte[] _stored = [];

    /// <summary>Loads a buffer's records.</summary>
    /// <param name="entry">Position of the buffer in the file.</param>
    /// <param name="records">Where to; grown if it is too small.</param>
    /// <param name="capacity">What to grow it to, if more than this buffer needs.</param>
    /// <returns>How many bytes of records there are; 0 for one that cannot be read, which has been counted.</returns>
    public int Load(int entry, ref byte[] records, int capacity = 0)
    {
        BufferEntry buffer = _index.Entries[entry];
        monitor?.Advance(buffer.FileLength);
        Grow(ref records, Math.Max(buffer.ContentLength, capacity));
        if (!buffer.IsCompressed)
        {
            int count = _source.Read(buffer.Offset + BufferHeader.Length, records.AsSpan(0, buffer.ContentLength));
            if (count < buffer.ContentLength)
            {
                _index.Count(entry, EtlOddityKind.TruncatedBuffer, buffer.Offset, buffer.ContentLength - count);
                _index.Silence(entry, EtlOddityKind.RecordOverrun);
            }

            return count;
        }

        if (!_decompressor.IsSupported)
        {
            _index.Count(entry, EtlOddityKind.UnsupportedCompression, buffer.Offset, buffer.StoredLength);
            return 0;
        }

        Grow(ref _stored, buffer.StoredLength);
        Span<byte> stored = _stored.AsSpan(0, buffer.StoredLength);
        if (_source.Read(buffer.Offset + BufferHeader.Length, stored) == stored.Length
            && _decompressor.TryDecompress(stored, records.AsSpan(0, buffer.ContentLength)))
        {
            return buffer.ContentLength;
        }

        _index.Count(entry, EtlOddityKind.DecompressionFailed, buffer.Offset, buffer.StoredLength);
        return 0;
    }

    /// <summary>Counts what is odd about the record or end that a cursor has reached.</summary>
    public void Note(int entry, in RecordCursor cursor)
    {
        long offset = _index.Entries[entry].Offset + BufferHeader.Length + cursor.Position;
        switch (cursor.Stop)
        {
            case RecordStop.Overrun:
                _index.Count(entry, EtlOddityKind.RecordOverrun, offset, cursor.Remaining);
                break;
            case RecordStop.UnknownHeader:
                _index.Count(entry, EtlOddityKind.UnknownRecordHeader, offset, cursor.Remaining);
                break;
            case RecordStop.None when cursor.HasMalformedExtras:
                _index.Count(entry, EtlOddityKind.MalformedExtras, offset, 0);
                break;
        }
    }

    private static void Grow(ref byte[] array, int length)
    {
        if (array.Length < length)
        {
            array = GC.AllocateUninitializedArray<byte>(length);
        }
    }
}
