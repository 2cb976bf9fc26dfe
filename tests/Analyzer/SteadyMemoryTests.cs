using Tracing.Analysis;

namespace Tracing.Analyzer.Tests;

/// <summary>What the analysis keeps follows mutexes, threads and sites, and not the number of events.</summary>
public sealed class SteadyMemoryTests
{
    private const ulong Hold = 50;
    private const int Sites = 8;

    [Theory]
    [InlineData(4)]
    [InlineData(200)]
    public void A_queue_that_never_drains_takes_no_more_memory_the_longer_it_lasts(int threads)
    {
        TraceAnalysis analysis = new(new TraceTime(1, 10_000_000, sameClock: true), 10_000_000);
        ulong turn = 0;
        Run(30_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(300_000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);

        // Each thread asks again as soon as it has released: all but the first of the waits span the holds of all others.
        void Run(int turns)
        {
            for (ulong last = turn + (ulong)turns; turn < last; turn++)
            {
                ulong acquiredAt = 1_000_000 + (turn * Hold);
                ulong requestedAt = acquiredAt - ((ulong)(threads - 1) * Hold) + 1;
                uint site = (uint)(turn % Sites) + 1;
                EventOrigin at = new((long)acquiredAt, (int)(turn % (ulong)threads) + 1, 0);
                EventOrigin after = at with { Time = (long)(acquiredAt + Hold) };
                analysis.Pass(at.Time);
                analysis.Acquired(new AcquiredEvent(1, turn + 1, 1, requestedAt, acquiredAt, true, site), at);
                analysis.Pass(after.Time);
                analysis.Released(new ReleasedEvent(1, turn + 1, 1, acquiredAt, acquiredAt + Hold, site), false, after);
                analysis.Blocked(new BlockedEvent(1, acquiredAt + Hold + 1, site), after);
            }
        }
    }

    /// <summary>A quarter of what it would take with an account, 956 bytes, which counters that contradict the events would open. The table of mutexes doubles now and then: that is part of it.</summary>
    [Fact]
    public void A_mutex_that_is_used_once_takes_little_memory()
    {
        const int Mutexes = 100_000;
        const int Most = 256;
        TraceAnalysis analysis = new(new TraceTime(1, 10_000_000, sameClock: true), 10_000_000);
        Use(1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong mutex = 2; mutex < 2 + Mutexes; mutex++)
        {
            Use(mutex);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Mutexes, 1, Most);

        void Use(ulong mutex)
        {
            ulong acquiredAt = 1_000_000 + (mutex * Hold);
            ulong releasedAt = acquiredAt + 1;
            EventOrigin at = new((long)releasedAt, 1, 0);
            analysis.Pass(at.Time);
            analysis.Allocated(new MutexDescription(mutex, 1, 0, 64, 1, acquiredAt - 1, ""), at);
            analysis.Acquired(new AcquiredEvent(mutex, 1, 1, acquiredAt, acquiredAt, false, 1), at);
            analysis.Released(new ReleasedEvent(mutex, 1, 1, acquiredAt, releasedAt, 1), false, at);
            analysis.Freed(new FreedEvent(mutex, new MutexCounters(1, 0, 0, 0, 0, 1, 1, 1)), at);
        }
    }
}
