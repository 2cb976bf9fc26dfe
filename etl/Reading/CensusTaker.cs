using System.Runtime.ExceptionServices;

namespace Tracing.Etl.Reading;

/// <summary>
/// Counts records by provider and event. Buffers are independent of each other here, so they are dealt out to all processors in runs; each worker counts into a table
/// of its own, and the tables are added up at the end. A time range makes records depend on the one before them, where they have no time of their own: then streams are
/// dealt out whole.
/// </summary>
internal sealed class CensusTaker(RecordFilter? filter, PassMonitor monitor, CancellationToken cancellation)
{
    /// <summary>Buffers a worker takes at once: enough that handing them out costs nothing, few enough that the last worker does not keep the others waiting.</summary>
    private const int BuffersPerRun = 16;

    /// <summary>Counts the records of all sessions.</summary>
    /// <param name="views">The sessions.</param>
    /// <param name="maximumEvents">How many events to tell apart.</param>
    /// <param name="startTicks">What to give as first and last time if there is no record.</param>
    public EtlCensus Run(IReadOnlyList<SessionView> views, int maximumEvents, long startTicks)
    {
        BufferStream[][] streams = [.. views.Select(view => StreamSelection.Of(view, filter))];
        for (int i = 0; i < streams.Length; i++)
        {
            monitor.Expect(StreamSelection.BytesOf(views[i].Session.Index, streams[i]));
        }

        Total total = new(maximumEvents);
        for (int i = 0; i < streams.Length; i++)
        {
            Count(views[i], filter is { HasRange: true } ? streams[i] : [.. streams[i].SelectMany(Split)], total);
        }

        return total.ToCensus(startTicks);
    }

    private void Count(SessionView view, BufferStream[] runs, Total total)
    {
        try
        {
            _ = Parallel.For(
                0,
                runs.Length,
                new ParallelOptions { CancellationToken = cancellation },
                () => new Worker(view, filter, monitor, total.MaximumEvents),
                (run, _, worker) => worker.Count(runs[run]),
                total.Add);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerException ?? e);
        }
    }

    private static IEnumerable<BufferStream> Split(BufferStream stream)
    {
        for (int start = stream.Start; start < stream.End; start += BuffersPerRun)
        {
            yield return stream with { Start = start, End = Math.Min(start + BuffersPerRun, stream.End) };
        }
    }

    private sealed class Total(int maximumEvents)
    {
        private readonly EventTally _tally = new(maximumEvents);
        private readonly Lock _lock = new();
        private long _firstTime = long.MaxValue;
        private long _lastTime = long.MinValue;

        public int MaximumEvents => maximumEvents;

        public void Add(Worker worker)
        {
            lock (_lock)
            {
                _tally.Add(worker.Tally);
                _firstTime = Math.Min(_firstTime, worker.FirstTime);
                _lastTime = Math.Max(_lastTime, worker.LastTime);
            }
        }

        public EtlCensus ToCensus(long startTicks)
        {
            bool hasTimes = _firstTime <= _lastTime;
            return new EtlCensus(
                _tally.Total, _tally.ToProviders(), hasTimes ? _firstTime : startTicks, hasTimes ? _lastTime : startTicks, _tally.Unnamed);
        }
    }

    private sealed class Worker(SessionView view, RecordFilter? filter, PassMonitor monitor, int maximumEvents)
    {
        private readonly BufferIndex _index = view.Session.Index;
        private readonly BufferLoader _loader = new(view.Session, monitor);
        private byte[] _records = [];

        public EventTally Tally { get; } = new(maximumEvents);

        public long FirstTime { get; private set; } = long.MaxValue;

        public long LastTime { get; private set; } = long.MinValue;

        public Worker Count(BufferStream run)
        {
            RecordCursor cursor = new() { Time = run.TimeBefore };
            for (int i = run.Start; i < run.End; i++)
            {
                Count(_index.Order[i], ref cursor);
            }

            return this;
        }

        private void Count(int entry, ref RecordCursor cursor)
        {
            int length = _loader.Load(entry, ref _records);
            cursor.Reset(_records, length);
            bool isHeaderBuffer = entry == 0;
            long first = FirstTime;
            long last = LastTime;
            while (cursor.MoveNext())
            {
                if (cursor.HasMalformedExtras)
                {
                    _loader.Note(entry, cursor);
                }

                long time = view.TimeOf(cursor.Time);
                if (filter is not null && !filter.Accepts(cursor.ToRecord(_index.Entries[entry], time)))
                {
                    continue;
                }

                Tally.Count(cursor.Kind, cursor.Bytes);
                if (cursor.HasOwnTime && !isHeaderBuffer)
                {
                    first = Math.Min(first, time);
                    last = Math.Max(last, time);
                }
            }

            FirstTime = first;
            LastTime = last;
            _loader.Note(entry, cursor);
        }
    }
}
