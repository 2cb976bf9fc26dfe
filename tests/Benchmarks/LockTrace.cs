using Tracing.Benchmarks.NetTrace;
using Tracing.Etl;

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

    /// <summary>The same with the whole life of each in the recording: allocated at one of a thousand places, acquired once, freed.</summary>
    public static LockTrace Lives { get; } = Many with { Name = "one acquisition per mutex, allocated and freed", SitesPerMutex = 16, RecordsLives = true };

    /// <summary>Whether each mutex is allocated before and freed after its one acquisition.</summary>
    public bool RecordsLives { get; init; }

    /// <summary>Writes about so many lock events into an event trace log, in rounds of one acquisition per mutex.</summary>
    /// <param name="path">The file.</param>
    /// <param name="events">How many.</param>
    /// <param name="compress">Whether buffers are compressed.</param>
    /// <returns>How many it wrote.</returns>
    public long Write(string path, long events, bool compress = false)
    {
        using FileStream output = new(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        EtlHeader header = EtlWriterOptions.DefaultHeader with { ProcessorCount = Processors, StartTime = DateTime.UnixEpoch.ToFileTimeUtc(), StartTicks = 1 };
        using EtlWriter writer = new(output, new EtlWriterOptions { Header = header, Compress = compress });
        EtlLockEvents buffers = new(writer, Processors);
        long written = Write(buffers, events);
        buffers.Flush();
        writer.Complete(new EtlClosing { EndTime = header.StartTime + 1_000_000_000 });

        // Or the disk would be busy with it while the trace is read.
        output.Flush(flushToDisk: true);
        return written;
    }

    /// <summary>Writes the same events, with the same times, threads and payloads, into a .nettrace file.</summary>
    /// <returns>How many it wrote.</returns>
    public long WriteNetTrace(string path, long events, NetTraceOrder order)
    {
        using FileStream output = new(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        using BinaryWriter writer = new(output);
        NetTraceLockEvents session = new(writer, Processors, order);
        long written = Write(session, events);
        session.Complete();
        output.Flush(flushToDisk: true);
        return written;
    }

    private long Write(ILockEventOutput output, long events)
    {
        LockTraceSession session = new(output, Processors);
        int mutexes = Math.Min(Mutexes, 64);
        for (uint site = 1; site <= mutexes * SitesPerMutex && RecordsLives; site++)
        {
            session.Defined(site);
        }

        for (long round = 0; session.Written < events; round++)
        {
            WriteRound(session, round, mutexes);
        }

        return session.Written;
    }

    private void WriteRound(LockTraceSession session, long round, int mutexes)
    {
        // A round takes as long as all its acquisitions, so that the events of its three parts follow each other in time.
        long length = ((long)mutexes * Step * 3) + (Hold * 2);
        long start = 10 + (round * length);
        for (int mutex = 0; mutex < mutexes && RecordsLives; mutex++)
        {
            session.Allocated(Use(round, mutex, mutexes), start);
        }

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

        for (int mutex = 0; mutex < mutexes && RecordsLives; mutex++)
        {
            session.Freed(Use(round, mutex, mutexes), start + length - Hold, (mutexes * Step * 2) + Hold);
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
