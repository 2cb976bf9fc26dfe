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
}
