using Tracing.Etl.Reading;

namespace Tracing.Etl;

/// <summary>
/// One pass over all records of a file in the order of time; for use in <c>foreach</c>, or by <see cref="MoveNext"/> and <see cref="Current"/>.
/// </summary>
/// <remarks>
/// <para>
/// Each processor wrote a stream of buffers, ordered by sequence number, whose records are in order of time. The streams are merged by a heap over their heads; of
/// equal times, the lower processor comes first. The records of header buffers come before all others. This is the order in which Windows delivers them (docs: ETL
/// format notes, section 3).
/// </para>
/// <para>
/// Assumed, and counted as <see cref="EtlOddityKind.TimeWentBackwards"/> where it does not hold: time does not run backwards within a stream. A record that breaks this
/// is delivered late, right after the one before it in its stream; nothing is sorted or dropped.
/// </para>
/// <para>
/// Memory: one buffer per stream and one compressed buffer, allocated once; nothing per record. An instance belongs to one thread; any number of passes over one file
/// may run at once.
/// </para>
/// </remarks>
public sealed class EtlTimeline
{
    private readonly StreamCursor[] _streams;
    private readonly MergeHeap _heap;
    private StreamCursor? _current;

    private readonly bool[] _isHeader;

    internal EtlTimeline(IReadOnlyList<SessionView> views, RecordFilter? filter, PassMonitor monitor)
    {
        List<StreamCursor> streams = [];
        List<bool> isHeader = [];
        foreach (SessionView view in views)
        {
            BufferLoader loader = new(view.Session, monitor);
            BufferStream[] selected = StreamSelection.Of(view, filter);
            monitor.Expect(StreamSelection.BytesOf(view.Session.Index, selected));
            streams.AddRange(selected.Select(stream => new StreamCursor(view, loader, stream, filter)));
            isHeader.AddRange(selected.Select((_, i) => i == 0));
        }

        _streams = [.. streams];
        _isHeader = [.. isHeader];
        _heap = new MergeHeap(_streams.Length);
    }

    /// <summary>The file that <see cref="Current"/> is in: of a recording of several files, one of them.</summary>
    /// <exception cref="InvalidOperationException">There is no record.</exception>
    public EtlFile CurrentFile => Reached.File;

    /// <summary>The record reached by <see cref="MoveNext"/>. Valid until the next call of it.</summary>
    /// <exception cref="InvalidOperationException">There is none: <see cref="MoveNext"/> was not called, or returned false.</exception>
    public EtlRecord Current => Reached.Current;

    /// <summary>Whether <see cref="Current"/> is in a header buffer. To be asked when there is one.</summary>
    internal bool IsInHeaderBuffer => _isHeader[_heap.Top];

    private StreamCursor Reached => _current ?? throw new InvalidOperationException("No record has been reached: call MoveNext and see that it returns true.");

    /// <summary>This pass itself, not a new one.</summary>
    public EtlTimeline GetEnumerator() => this;

    /// <summary>Goes to the next record.</summary>
    /// <returns>False if there is none left.</returns>
    /// <exception cref="OperationCanceledException">The pass was cancelled.</exception>
    /// <exception cref="IOException">The file could not be read on.</exception>
    public bool MoveNext()
    {
        if (_current is not null)
        {
            Advance(_current);
        }
        else if (!_heap.IsStarted)
        {
            Start();
        }

        StreamCursor? next = _heap.IsEmpty ? null : _streams[_heap.Top];
        if (_current != next)
        {
            // A reference is dearer to write than to compare.
            _current = next;
        }

        return next is not null;
    }

    private void Start()
    {
        for (int i = 0; i < _streams.Length; i++)
        {
            if (_streams[i].MoveNext())
            {
                _heap.Add(KeyOf(i), i);
            }
        }

        _heap.Start();
    }

    private void Advance(StreamCursor stream)
    {
        if (stream.MoveNext())
        {
            _heap.ReplaceTop(KeyOf(_heap.Top));
        }
        else
        {
            _heap.RemoveTop();
        }
    }

    // Header buffers go before all others whatever their times are.
    private long KeyOf(int stream) => _isHeader[stream] ? long.MinValue : _streams[stream].Time;
}
