using System.Buffers.Binary;
using Tracing.Etl;
using Tracing.Events;

namespace Tracing.Benchmarks;

/// <summary>
/// A trace of acquires and releases as large as wanted: 64 mutexes, 256 threads, 4 processors, one acquire in eight contended. Its payloads are laid out by hand, so
/// that the generated code is measured against bytes it did not write.
/// </summary>
internal static class SyntheticTrace
{
    private const int Processors = 4;
    private const int Mutexes = 64;
    private const int Threads = 256;
    private const int AcquiredLength = 39;
    private const int ReleasedLength = 42;
    private const int TicksPerEvent = 7;

    /// <summary>Writes the file.</summary>
    /// <param name="path">Replaced if it exists.</param>
    /// <param name="events">How many events, acquires and releases together.</param>
    /// <param name="compress">Whether buffers are compressed.</param>
    public static void Write(string path, long events, bool compress)
    {
        using FileStream output = new(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        EtlHeader header = EtlWriterOptions.DefaultHeader with { ProcessorCount = Processors, StartTime = DateTime.UnixEpoch.ToFileTimeUtc(), StartTicks = 1 };
        using EtlWriter writer = new(output, new EtlWriterOptions { Header = header, Compress = compress });
        Session session = new(writer);
        for (long i = 0; i < events; i += 2)
        {
            session.WritePair(i);
        }

        session.Flush();
        writer.Complete(new EtlClosing { EndTime = header.StartTime + (events * TicksPerEvent) });
    }

    private sealed class Session(EtlWriter writer)
    {
        private readonly byte[][] _buffers = [.. Enumerable.Range(0, Processors).Select(_ => new byte[writer.MaximumRecordBytes])];
        private readonly int[] _used = new int[Processors];
        private readonly ulong[] _acquires = new ulong[Mutexes];
        private readonly byte[] _payload = new byte[ReleasedLength];
        private long _flushed;

        public void WritePair(long index)
        {
            int mutex = (int)(index / 2 % Mutexes);
            int thread = (int)(index / 2 % Threads);
            bool isContended = index / 2 % 8 == 0;
            ulong sequence = ++_acquires[mutex];
            long acquiredAt = 2 + (index * TicksPerEvent);
            long releasedAt = acquiredAt + TicksPerEvent;

            _payload.AsSpan().Clear();
            BinaryPrimitives.WriteUInt64LittleEndian(_payload, (ulong)mutex + 1);
            BinaryPrimitives.WriteUInt64LittleEndian(_payload.AsSpan(8), sequence);
            BinaryPrimitives.WriteUInt16LittleEndian(_payload.AsSpan(16), 1);
            BinaryPrimitives.WriteInt64LittleEndian(_payload.AsSpan(19), isContended ? acquiredAt - 1 : acquiredAt);
            BinaryPrimitives.WriteInt64LittleEndian(_payload.AsSpan(27), acquiredAt);
            BinaryPrimitives.WriteUInt32LittleEndian(_payload.AsSpan(35), 1);
            Write(isContended ? KMutexEventId.MutexAcquiredContended : KMutexEventId.MutexAcquired, thread, acquiredAt, _payload.AsSpan(0, AcquiredLength));

            BinaryPrimitives.WriteInt64LittleEndian(_payload.AsSpan(18), acquiredAt);
            BinaryPrimitives.WriteInt64LittleEndian(_payload.AsSpan(26), releasedAt);
            BinaryPrimitives.WriteUInt32LittleEndian(_payload.AsSpan(34), 0);
            BinaryPrimitives.WriteUInt32LittleEndian(_payload.AsSpan(38), 1);
            Write(KMutexEventId.MutexReleased, thread, releasedAt, _payload);
        }

        public void Flush()
        {
            for (int processor = 0; processor < Processors; processor++)
            {
                Flush(processor);
            }
        }

        private void Write(KMutexEventId id, int thread, long time, ReadOnlySpan<byte> payload)
        {
            int processor = thread % Processors;
            EtlEventHeader header = new()
            {
                ProviderId = KMutexProvider.Id,
                Id = (ushort)id,
                Level = 4,
                Keyword = (ulong)KMutexKeywords.Lock,
                ThreadId = 4 * (thread + 1),
                ProcessId = 4,
                Time = time,
            };
            int length;
            while (!EtlEventRecord.TryWrite(_buffers[processor].AsSpan(_used[processor]), header, payload, out length))
            {
                Flush(processor);
            }

            _used[processor] += length;
        }

        private void Flush(int processor)
        {
            writer.WriteBuffer(new EtlBuffer { Processor = processor, Sequence = ++_flushed, Timestamp = 1, Records = _buffers[processor].AsSpan(0, _used[processor]) });
            _used[processor] = 0;
        }
    }
}
