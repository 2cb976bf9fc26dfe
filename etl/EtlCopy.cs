namespace Tracing.Etl;

/// <summary>Copies chosen records of a file into a new, compressed one.</summary>
/// <remarks>
/// <para>
/// The copy has the source's header: session, clock, processors, losses. Each record keeps its processor and its bytes; its time is written on the source's clock, also where
/// it comes from a session that was appended. The latest record is always copied, so that the copy ends when the source does. Header buffers are not copied: the copy has
/// its own.
/// </para>
/// <para>
/// A copy must not look more whole than its source: of a source that was not closed, is damaged or lacks buffers, the copy is not closed either.
/// </para>
/// </remarks>
public static class EtlCopy
{
    /// <summary>Says whether a record is to be copied.</summary>
    public delegate bool Choice(in EtlRecord record);

    /// <summary>Copies records.</summary>
    /// <param name="source">The file to copy from; it stays open.</param>
    /// <param name="destination">Where to, from its current position on; a stream that can seek.</param>
    /// <param name="choice">Which records.</param>
    /// <param name="cancellation">Stops the copying.</param>
    /// <returns>How many records were copied.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="IOException">The source could not be read on, or the copy not be written.</exception>
    public static long Write(EtlFile source, Stream destination, Choice choice, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(choice);
        EtlHeader header = source.Header with { BufferSize = EtlGatherer.BufferSize };
        using EtlWriter writer = new(destination, new EtlWriterOptions { Header = header, Compress = true });
        EtlGatherer gatherer = new(writer);
        LatestRecord latest = new();
        long copied = 0;
        EtlTimeline timeline = source.ReadInTimeOrder(filter: null, cancellation: cancellation);
        while (timeline.MoveNext())
        {
            if (timeline.IsInHeaderBuffer)
            {
                continue;
            }

            EtlRecord record = timeline.Current;
            if (choice(record))
            {
                gatherer.Add(record);
                latest.Pass(record.Time);
                copied++;
            }
            else
            {
                latest.Keep(record);
            }
        }

        if (latest.IsMissing)
        {
            gatherer.Add(latest.Bytes, latest.Kind, latest.Processor, latest.Time);
            copied++;
        }

        gatherer.Flush();
        bool isWhole = source.Header.EndTime != 0 && !source.Oddities.Any(oddity => oddity.MayLoseRecords || oddity.Kind == EtlOddityKind.SequenceGap);
        if (isWhole)
        {
            writer.Complete(new EtlClosing(source.Header.EndTime, source.Header.EventsLost, source.Header.BuffersLost));
        }

        return copied;
    }

    /// <summary>The latest record of those that were not chosen, if it is later than all that were.</summary>
    private sealed class LatestRecord
    {
        private byte[] _bytes = [];
        private int _length;
        private long _copiedUntil = long.MinValue;

        public bool IsMissing => _length > 0 && Time > _copiedUntil;

        public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

        public EtlRecordKind Kind { get; private set; }

        public int Processor { get; private set; }

        public long Time { get; private set; } = long.MinValue;

        public void Pass(long time) => _copiedUntil = Math.Max(_copiedUntil, time);

        public void Keep(in EtlRecord record)
        {
            if (record.Time < Time || record.Time <= _copiedUntil || record.Kind == EtlRecordKind.Message)
            {
                return;
            }

            _length = record.Bytes.Length;
            _bytes = _bytes.Length < _length ? new byte[_length] : _bytes;
            record.Bytes.CopyTo(_bytes);
            (Kind, Processor, Time) = (record.Kind, record.Processor, record.Time);
        }
    }
}
