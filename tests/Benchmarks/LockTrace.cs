using System.Buffers.Binary;
using Tracing.Etl;
using Tracing.Events;

namespace Tracing.Benchmarks;

/// <summary>What a trace of lock events looks like.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="Mutexes">Mutexes, used in turn.</param>
/// <param name="ThreadsPerMutex">Threads that take turns on each mutex.</param>
/// <param name="SitesPerMutex">Call sites that acquire each mutex, in turn.</param>
/// <param name="ContendedEvery">One acquire in so many has waited. 1 for a convoy: each thread asks again as soon as it has released, so a wait spans the holds of all others.</param>
internal sealed record LockTrace(string Name, int Mutexes, int ThreadsPerMutex, int SitesPerMutex, int ContendedEvery)
{
    private const int Processors = 4;
    private const int Hold = 50;
    private const int Step = 3;

    /// <summary>64 mutexes, 256 threads, about 1,000 call sites.</summary>
    public static LockTrace Usual { get; } = new("64 mutexes, 256 threads", 64, 4, 16, 8);

    /// <summary>One mutex that 10,000 threads queue for.</summary>
    public static LockTrace Convoy { get; } = new("1 mutex, 10,000 threads", 1, 10_000, 16, 1);

    /// <summary>As many mutexes as acquisitions.</summary>
    public static LockTrace Many { get; } = new("one acquisition per mutex", int.MaxValue, 1, 1, int.MaxValue);

    /// <summary>Writes about so many lock events, in rounds of one acquisition per mutex.</summary>
    /// <param name="path">The file.</param>
    /// <param name="events">How many.</param>
    /// <param name="compress">Whether buffers are compressed.</param>
    /// <returns>How many it wrote.</returns>
    public long Write(string path, long events, bool compress = false)
    {
        using FileStream output = new(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        EtlHeader header = EtlWriterOptions.DefaultHeader with { ProcessorCount = Processors, StartTime = DateTime.UnixEpoch.ToFileTimeUtc(), StartTicks = 1 };
        using EtlWriter writer = new(output, new EtlWriterOptions { Header = header, Compress = compress });
        var session = new LockTraceSession(writer, Processors);
        int mutexes = Math.Min(Mutexes, 64);
        long round = 0;
        for (; session.Written < events; round++)
        {
            WriteRound(session, round, mutexes);
        }

        session.Flush();
        writer.Complete(new EtlClosing { EndTime = header.StartTime + 1_000_000_000 });

        // Or the disk would be busy with it while the trace is read.
        output.Flush(flushToDisk: true);
        return session.Written;
    }

    private void WriteRound(LockTraceSession session, long round, int mutexes)
    {
        // A round takes as long as all its acquisitions, so that the events of its three parts follow each other in time.
        long length = ((long)mutexes * Step * 3) + (Hold * 2);
        long start = 10 + (round * length);
        for (int mutex = 0; mutex < mutexes; mutex++)
        {
            long acquiredAt = start + (mutex * Step);
            session.Acquired(Use(round, mutex, mutexes), RequestedAt(round, acquiredAt, length), acquiredAt);
        }

        for (int mutex = 0; mutex < mutexes; mutex++)
        {
            long asks = ContendedEvery == 1 ? round + ThreadsPerMutex - 1 : round + 1;
            if (IsContended(asks) && asks > round)
            {
                session.Blocked(Use(asks, mutex, mutexes), start + (mutexes * Step) + (mutex * Step));
            }
        }

        for (int mutex = 0; mutex < mutexes; mutex++)
        {
            session.Released(Use(round, mutex, mutexes), start + (mutex * Step), start + (mutexes * Step * 2) + (mutex * Step) + Hold);
        }
    }

    private bool IsContended(long round) => round % ContendedEvery == 0 && round >= (ContendedEvery == 1 ? ThreadsPerMutex : 1);

    /// <summary>When the thread of a round had asked: in the round in which its AcquireBlocked stands.</summary>
    private long RequestedAt(long round, long acquiredAt, long length)
    {
        long rounds = ContendedEvery == 1 ? ThreadsPerMutex - 1 : 1;
        int mutexes = (int)((length - (Hold * 2)) / (Step * 3));
        return IsContended(round) ? acquiredAt - (rounds * length) + (mutexes * Step) : acquiredAt;
    }

    private LockUse Use(long round, int mutex, int mutexes) => new(
        (ulong)(Mutexes == int.MaxValue ? (round * mutexes) + mutex : mutex) + 1,
        Mutexes == int.MaxValue ? 1 : (ulong)round + 1,
        4 * (int)(((mutex % 64L) * ThreadsPerMutex) + (round % ThreadsPerMutex) + 1),
        (uint)(((mutex % 64) * SitesPerMutex) + (round % SitesPerMutex) + 1));
}

/// <summary>One acquisition.</summary>
internal readonly record struct LockUse(ulong Mutex, ulong Sequence, int Thread, uint Site);

/// <summary>Writes lock events, laid out by hand, to the buffers of several processors.</summary>
internal sealed class LockTraceSession(EtlWriter writer, int processors)
{
    private readonly byte[][] _buffers = [.. Enumerable.Range(0, processors).Select(_ => new byte[writer.MaximumRecordBytes])];
    private readonly int[] _used = new int[processors];
    private readonly byte[] _payload = new byte[64];
    private long _flushed;

    public long Written { get; private set; }

    public void Blocked(LockUse use, long requestedAt)
    {
        _payload.AsSpan().Clear();
        Put(0, use.Mutex);
        Put(8, (ulong)requestedAt);
        BinaryPrimitives.WriteUInt32LittleEndian(_payload.AsSpan(33), use.Site);
        Write(KMutexEventId.AcquireBlocked, use.Thread, requestedAt, 37);
    }

    public void Acquired(LockUse use, long requestedAt, long acquiredAt)
    {
        _payload.AsSpan().Clear();
        Put(0, use.Mutex);
        Put(8, use.Sequence);
        _payload[16] = 1;
        Put(19, (ulong)requestedAt);
        Put(27, (ulong)acquiredAt);
        BinaryPrimitives.WriteUInt32LittleEndian(_payload.AsSpan(35), use.Site);
        Write(requestedAt < acquiredAt ? KMutexEventId.MutexAcquiredContended : KMutexEventId.MutexAcquired, use.Thread, acquiredAt, 39);
    }

    public void Released(LockUse use, long acquiredAt, long releasedAt)
    {
        _payload.AsSpan().Clear();
        Put(0, use.Mutex);
        Put(8, use.Sequence);
        _payload[16] = 1;
        Put(18, (ulong)acquiredAt);
        Put(26, (ulong)releasedAt);
        BinaryPrimitives.WriteUInt32LittleEndian(_payload.AsSpan(38), use.Site);
        Write(KMutexEventId.MutexReleased, use.Thread, releasedAt, 42);
    }

    public void Flush()
    {
        for (int processor = 0; processor < processors; processor++)
        {
            Flush(processor);
        }
    }

    private void Put(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(_payload.AsSpan(at), value);

    private void Write(KMutexEventId id, int thread, long time, int length)
    {
        Written++;
        int processor = thread / 4 % processors;
        EtlEventHeader header = new()
        {
            ProviderId = KMutexProvider.Id,
            Id = (ushort)id,
            Level = 4,
            Keyword = (ulong)KMutexKeywords.Lock,
            ThreadId = thread,
            ProcessId = 4,
            Time = time,
        };
        int written;
        while (!EtlEventRecord.TryWrite(_buffers[processor].AsSpan(_used[processor]), header, _payload.AsSpan(0, length), out written))
        {
            Flush(processor);
        }

        _used[processor] += written;
    }

    private void Flush(int processor)
    {
        writer.WriteBuffer(new EtlBuffer { Processor = processor, Sequence = ++_flushed, Timestamp = 1, Records = _buffers[processor].AsSpan(0, _used[processor]) });
        _used[processor] = 0;
    }
}
