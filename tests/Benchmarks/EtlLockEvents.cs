using Tracing.Etl;
using Tracing.Events;

namespace Tracing.Benchmarks;

/// <summary>Lock events on their way into an event trace log: a buffer for each processor.</summary>
internal sealed class EtlLockEvents(EtlWriter writer, int processors) : ILockEventOutput
{
    private readonly byte[][] _buffers = [.. Enumerable.Range(0, processors).Select(_ => new byte[writer.MaximumRecordBytes])];
    private readonly int[] _used = new int[processors];
    private long _flushed;

    public void Write(KMutexEventId id, int processor, int thread, long time, ReadOnlySpan<byte> payload)
    {
        EventDescription description = KMutexEventTable.Find((ushort)id)!;
        EtlEventHeader header = new()
        {
            ProviderId = KMutexProvider.Id,
            Id = (ushort)id,
            Level = description.Level,
            Keyword = description.Keyword,
            ThreadId = thread,
            ProcessId = 4,
            Time = time,
        };
        int written;
        while (!EtlEventRecord.TryWrite(_buffers[processor].AsSpan(_used[processor]), header, payload, out written))
        {
            Flush(processor);
        }

        _used[processor] += written;
    }

    public void Flush()
    {
        for (int processor = 0; processor < processors; processor++)
        {
            Flush(processor);
        }
    }

    private void Flush(int processor)
    {
        writer.WriteBuffer(new EtlBuffer { Processor = processor, Sequence = ++_flushed, Timestamp = 1, Records = _buffers[processor].AsSpan(0, _used[processor]) });
        _used[processor] = 0;
    }
}
