namespace Tracing.Etl.Reading;

/// <summary>Walks the records of one stream, buffer by buffer, holding one buffer at a time.</summary>
internal sealed class StreamCursor(BufferIndex index, BufferLoader loader, BufferStream stream)
{
    private byte[] _records = [];
    private int _nextBuffer = stream.Start;
    private int _entry;
    private RecordCursor _cursor;
    private bool _hasRecord;

    /// <summary>Time of the record, in raw ticks.</summary>
    public long Time => _cursor.Time;

    /// <summary>The record.</summary>
    public EtlRecord Current => _cursor.ToRecord(index.Entries[_entry]);

    /// <summary>Goes to the stream's next record.</summary>
    public bool MoveNext()
    {
        long before = _cursor.Time;
        bool isFirst = _nextBuffer == stream.Start;
        while (isFirst || !_cursor.MoveNext())
        {
            if (!isFirst)
            {
                loader.Note(_entry, _cursor);
            }

            isFirst = false;
            if (_nextBuffer == stream.End)
            {
                _records = [];
                return false;
            }

            _entry = index.Order[_nextBuffer++];
            _cursor.Reset(_records, 0);
            int length = loader.Load(_entry, ref _records, stream.LargestContent);
            _cursor.Reset(_records, length);
        }

        if (_cursor.HasMalformedExtras)
        {
            loader.Note(_entry, _cursor);
        }

        if (_cursor.Time < before && _hasRecord)
        {
            index.Count(_entry, EtlOddityKind.TimeWentBackwards, Current.Offset, 0);
        }

        _hasRecord = true;
        return true;
    }
}
