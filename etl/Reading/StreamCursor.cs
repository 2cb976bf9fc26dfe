namespace Tracing.Etl.Reading;

/// <summary>Walks the records of one stream that a filter lets pass, buffer by buffer, holding one buffer at a time.</summary>
internal sealed class StreamCursor
{
    private readonly SessionView _view;
    private readonly BufferIndex _index;
    private readonly BufferLoader _loader;
    private readonly BufferStream _stream;
    private readonly RecordFilter? _filter;
    private byte[] _records = [];
    private int _nextBuffer;
    private int _entry;
    private BufferEntry _buffer;
    private RecordCursor _cursor;
    private bool _hasRecord;

    public StreamCursor(SessionView view, BufferLoader loader, BufferStream stream, RecordFilter? filter)
    {
        _view = view;
        _index = view.Session.Index;
        _loader = loader;
        _stream = stream;
        _filter = filter;
        _nextBuffer = stream.Start;
        _cursor.Time = stream.TimeBefore;
    }

    /// <summary>The file the records are of.</summary>
    public EtlFile File => _view.Session.File;

    /// <summary>Time of the record, in ticks of the clock that all streams share.</summary>
    public long Time { get; private set; }

    /// <summary>The record.</summary>
    public EtlRecord Current => _cursor.ToRecord(_buffer, Time);

    /// <summary>Goes to the stream's next record that passes.</summary>
    public bool MoveNext()
    {
        while (Advance())
        {
            if (_filter is null || _filter.Accepts(Current))
            {
                return true;
            }
        }

        return false;
    }

    private bool Advance()
    {
        long before = _cursor.Time;
        bool isFirst = _nextBuffer == _stream.Start;
        while (isFirst || !_cursor.MoveNext())
        {
            if (!isFirst)
            {
                _loader.Note(_entry, _cursor);
            }

            isFirst = false;
            if (_nextBuffer == _stream.End)
            {
                _records = [];
                return false;
            }

            _entry = _index.Order[_nextBuffer++];
            _buffer = _index.Entries[_entry];
            _cursor.Reset(_records, 0);
            int length = _loader.Load(_entry, ref _records, _stream.LargestContent);
            _cursor.Reset(_records, length);
        }

        Time = _view.TimeOf(_cursor.Time);
        if (_cursor.HasMalformedExtras)
        {
            _loader.Note(_entry, _cursor);
        }

        if (_cursor.Time < before && _hasRecord)
        {
            _index.Count(_entry, EtlOddityKind.TimeWentBackwards, Current.Offset, 0);
        }

        _hasRecord = true;
        return true;
    }
}
