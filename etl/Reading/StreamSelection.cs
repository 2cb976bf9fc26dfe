namespace Tracing.Etl.Reading;

/// <summary>
/// Narrows the streams of a session to the buffers that may hold records of a filter's time range. Times in a stream do not run backwards, so that the ends are found
/// by halving, each step of which reads one buffer as far as its first time.
/// </summary>
internal sealed class StreamSelection
{
    private readonly SessionView _view;
    private readonly RecordFilter _filter;
    private readonly BufferLoader _loader;
    private byte[] _records = [];

    private StreamSelection(SessionView view, RecordFilter filter)
    {
        _view = view;
        _filter = filter;
        _loader = new BufferLoader(view.Session, monitor: null);
    }

    /// <summary>The streams to read: all of them where there is no range.</summary>
    public static BufferStream[] Of(SessionView view, RecordFilter? filter)
    {
        BufferStream[] streams = view.Session.Index.Streams;
        if (filter is not { HasRange: true })
        {
            return streams;
        }

        StreamSelection selection = new(view, filter);
        return [.. streams.Select(selection.Narrow)];
    }

    /// <summary>Bytes of the file that reading these streams takes.</summary>
    public static long BytesOf(BufferIndex index, BufferStream[] streams)
    {
        long bytes = 0;
        foreach (BufferStream stream in streams)
        {
            foreach (int entry in index.Order.AsSpan()[stream.Start..stream.End])
            {
                bytes += index.Entries[entry].FileLength;
            }
        }

        return bytes;
    }

    private BufferStream Narrow(BufferStream stream)
    {
        // The last buffer that begins before the range may reach into it. One without any time of its own tells nothing and is kept.
        int low = stream.Start + 1;
        int high = stream.End;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (TryGetFirstTime(middle, out long time, out _) && _view.TimeOf(time) < _filter.From)
            {
                stream = stream with { Start = middle, TimeBefore = time };
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        // Records without a time of their own have that of the record before them: a buffer that begins with such a one may reach back into the range.
        low = stream.Start + 1;
        high = stream.End;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (TryGetFirstTime(middle, out long time, out bool isOfFirstRecord) && isOfFirstRecord && _view.TimeOf(time) >= _filter.Until)
            {
                stream = stream with { End = middle };
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return stream;
    }

    private bool TryGetFirstTime(int position, out long time, out bool isOfFirstRecord)
    {
        RecordCursor cursor = default;
        cursor.Reset(_records, 0);
        int length = _loader.Load(_view.Session.Index.Order[position], ref _records);
        cursor.Reset(_records, length);
        while (cursor.MoveNext())
        {
            if (cursor.HasOwnTime)
            {
                time = cursor.Time;
                isOfFirstRecord = cursor.Position == 0;
                return true;
            }
        }

        time = 0;
        isOfFirstRecord = false;
        return false;
    }
}
