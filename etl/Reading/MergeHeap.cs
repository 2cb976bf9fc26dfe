namespace Tracing.Etl.Reading;

/// <summary>
/// A binary heap of streams by the time of their next record, then by stream number. While one stream stays the earliest, replacing the top costs two comparisons.
/// </summary>
internal sealed class MergeHeap(int capacity)
{
    private readonly Entry[] _entries = new Entry[capacity];
    private int _count;

    /// <summary>Whether <see cref="Start"/> was called.</summary>
    public bool IsStarted { get; private set; }

    public bool IsEmpty => _count == 0;

    /// <summary>The stream whose record is next.</summary>
    public int Top => _entries[0].Stream;

    /// <summary>Adds a stream before <see cref="Start"/>.</summary>
    public void Add(long time, int stream) => _entries[_count++] = new Entry(time, stream);

    /// <summary>Orders the streams added.</summary>
    public void Start()
    {
        IsStarted = true;
        for (int i = (_count / 2) - 1; i >= 0; i--)
        {
            SiftDown(i, _entries[i]);
        }
    }

    /// <summary>Gives the top stream the time of its following record.</summary>
    public void ReplaceTop(long time) => SiftDown(0, new Entry(time, Top));

    /// <summary>Takes the top stream out.</summary>
    public void RemoveTop()
    {
        _count--;
        if (_count > 0)
        {
            SiftDown(0, _entries[_count]);
        }
    }

    private void SiftDown(int hole, Entry entry)
    {
        Span<Entry> entries = _entries.AsSpan(0, _count);
        while (true)
        {
            int child = (2 * hole) + 1;
            if (child >= entries.Length)
            {
                break;
            }

            if (child + 1 < entries.Length && entries[child + 1].IsBefore(entries[child]))
            {
                child++;
            }

            if (!entries[child].IsBefore(entry))
            {
                break;
            }

            entries[hole] = entries[child];
            hole = child;
        }

        entries[hole] = entry;
    }

    private readonly record struct Entry(long Time, int Stream)
    {
        public bool IsBefore(in Entry other) => Time < other.Time || (Time == other.Time && Stream < other.Stream);
    }
}
