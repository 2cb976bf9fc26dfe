using System.Runtime.ExceptionServices;

namespace Tracing.Etl.Reading;

/// <summary>
/// Counts records by provider and event. Buffers are independent of each other here, so they are dealt out to all processors in runs; each worker counts into a table
/// of its own, and the tables are added up at the end.
/// </summary>
internal static class CensusTaker
{
    /// <summary>Buffers a worker takes at once: enough that handing them out costs nothing, few enough that the last worker does not keep the others waiting.</summary>
    private const int BuffersPerRun = 16;

    public static EtlCensus Run(EtlSource source, BufferIndex index, EtlLimits limits, long startTicks, CancellationToken cancellation)
    {
        int runs = (index.Order.Length + BuffersPerRun - 1) / BuffersPerRun;
        Worker total = new(source, index, limits);
        try
        {
            _ = Parallel.For(
                0,
                runs,
                new ParallelOptions { CancellationToken = cancellation },
                () => new Worker(source, index, limits),
                (run, _, worker) => worker.Count(run * BuffersPerRun, Math.Min((run + 1) * BuffersPerRun, index.Order.Length)),
                worker =>
                {
                    lock (total)
                    {
                        total.Add(worker);
                    }
                });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerException ?? e);
        }

        return total.ToCensus(startTicks);
    }

    private sealed class Worker(EtlSource source, BufferIndex index, EtlLimits limits)
    {
        private readonly BufferLoader _loader = new(source, index);
        private readonly EventTally _tally = new(limits.MaximumDistinctEvents);
        private byte[] _records = [];
        private long _firstTime = long.MaxValue;
        private long _lastTime = long.MinValue;

        public Worker Count(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                Count(index.Order[i]);
            }

            return this;
        }

        public void Add(Worker other)
        {
            _tally.Add(other._tally);
            _firstTime = Math.Min(_firstTime, other._firstTime);
            _lastTime = Math.Max(_lastTime, other._lastTime);
        }

        public EtlCensus ToCensus(long startTicks)
        {
            bool hasTimes = _firstTime <= _lastTime;
            return new EtlCensus(
                _tally.Total, _tally.ToProviders(), hasTimes ? _firstTime : startTicks, hasTimes ? _lastTime : startTicks, _tally.Unnamed);
        }

        private void Count(int entry)
        {
            int length = _loader.Load(entry, ref _records);
            RecordCursor cursor = default;
            cursor.Reset(_records, length);
            bool isHeaderBuffer = entry == 0;
            while (cursor.MoveNext())
            {
                _tally.Count(cursor.Kind, cursor.Bytes);
                if (cursor.HasOwnTime && !isHeaderBuffer)
                {
                    _firstTime = Math.Min(_firstTime, cursor.Time);
                    _lastTime = Math.Max(_lastTime, cursor.Time);
                }

                if (cursor.HasMalformedExtras)
                {
                    _loader.Note(entry, cursor);
                }
            }

            _loader.Note(entry, cursor);
        }
    }
}
