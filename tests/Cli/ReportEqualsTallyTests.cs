using Tracing.Analysis.Reading;
using Tracing.Etl;
using Tracing.Host;
using Tracing.Reports.Model;

namespace Tracing.Cli.Tests;

/// <summary>
/// The report against the truth. The real driver runs in the host; the host's kernel counts what it does, from inside its own routines; the report is made from the
/// trace alone. Counts must be equal, and every total and maximum must lie between the kernel's inner and outer bound.
/// </summary>
public sealed class ReportEqualsTallyTests
{
    private const long NanosecondsPerTick = 100; // the host's clock has 10 MHz

    public static TheoryData<string, int, int, int, ulong> Runs()
    {
        TheoryData<string, int, int, int, ulong> runs = [];
        foreach (WorkloadKind workload in WorkloadKind.All)
        {
            foreach ((int threads, int iterations, int hold) in new[] { (1, 50, 0), (2, 200, 5), (4, 100, 30), (9, 40, 60) })
            {
                // Some sleep in each iteration, or let waits run out.
                bool isSlow = workload.Name is "deadlock" or "slow-holder" or "timed-waits" or "free-with-waiters" or "leak-growing";
                for (ulong seed = 1; seed <= 3 && threads >= workload.LeastThreads; seed++)
                {
                    runs.Add(workload.Name, threads, isSlow ? 5 : iterations, hold, seed);
                }
            }
        }

        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Counts_are_equal_and_times_lie_within_the_kernels_bounds(string workload, int threads, int iterations, int hold, ulong seed)
    {
        (RunOutcome run, LockReport report) = RunAndRead(
            new SessionSettings(), workload, threads, iterations, hold, seed);

        Assert.Equal(0, run.Session.EventsLost);
        Assert.DoesNotContain(report.Oddities, oddity => workload != "out-of-pool" || oddity.Kind != "allocation-failed");
        Assert.Equal(run.Session.EventsWritten, report.Trace.DriverEventsRead);
        Assert.DoesNotContain(report.Trace.Identities, identity => identity.Result == IdentityResult.Violated);

        Dictionary<(ulong Address, int Generation, bool IsFast), MutexRow> rows = ByGeneration(report);
        Assert.Equal(run.Tally.Mutexes.Select(mutex => (mutex.Address, mutex.Generation, mutex.IsFast)).Order(), rows.Keys.Order());
        foreach (MutexTally truth in run.Tally.Mutexes)
        {
            MutexRow row = rows[(truth.Address, truth.Generation, truth.IsFast)];
            Assert.Equal(truth.Acquires, row.Acquires);
            Assert.Equal(truth.Contended, row.Contended);
            Assert.Equal(truth.HeldAtEnd ? 1 : 0, row.Hold.Censored.Count);
            Bounded(truth.Waits, row.Wait);
            Bounded(truth.Holds, row.Hold);
        }

        // All was recorded. Nothing says that a thread waits before it has written that it does: kept from that for more acquisitions than are kept, it has asked before
        // what is known. Which thread is kept from what is the system's doing here; where a seed decides it, WorkloadFindingTests asks for nothing unknown.
        Assert.All(report.Mutexes, mutex => Assert.Equal(mutex.UnknownBlameNs > 0 ? TrustGrade.B : TrustGrade.A, mutex.Grade));

        long rejections = report.IrqlRejections.Sum(rejection => rejection.Count);
        Assert.Equal((long)run.Result.Rejections, rejections);
        Assert.Equal(workload is "irql" or "dpc" ? (long)threads * iterations : 0, rejections);
        Assert.Equal((ulong)run.Tally.Acquires, run.Result.Acquires);
        Assert.Equal(run.Tally.PoolBlocks, report.LiveMutexes.Count);
        Assert.Equal(run.Tally.PoolBytes, report.LiveMutexes.Sum(mutex => mutex.Bytes));
        Assert.Equal(workload.StartsWith("leak", StringComparison.Ordinal), run.Tally.PoolBlocks > 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Where_events_were_lost_the_report_says_so_and_never_more_than_happened(ulong seed)
    {
        SessionSettings scarce = new() { BufferSizeKilobytes = 1, MaximumBuffers = 2 };
        (RunOutcome run, LockReport report) = RunAndRead(scarce, "contended", threads: 6, iterations: 3_000, hold: 0, seed);
        Assert.SkipWhen(run.Session.EventsLost == 0, "the writer kept up with two buffers of 1 KB: nothing was lost in this run");

        Assert.Equal(run.Session.EventsLost, report.Trace.EventsLost);
        Assert.True(report.Trace.Grade > TrustGrade.A, "a trace with losses must not get the best grade");
        foreach (MutexTally truth in run.Tally.Mutexes)
        {
            MutexRow? row = report.Mutexes.SingleOrDefault(candidate => candidate.Address == truth.Address);
            if (row is { CountedFrom: CountSource.Events })
            {
                Assert.InRange(row.Acquires, 0, truth.Acquires);
                Assert.InRange(row.Contended, 0, truth.Contended);
                Assert.InRange(row.SequenceGaps, 0, truth.Acquires - row.Acquires);
                Assert.InRange(row.Wait.TotalNs, 0, truth.Waits.Sum(wait => wait.Outer) * NanosecondsPerTick);
                Assert.InRange(row.Hold.TotalNs, 0, truth.Holds.Sum(held => held.Outer) * NanosecondsPerTick);
            }
        }
    }

    private static (RunOutcome Run, LockReport Report) RunAndRead(
        SessionSettings session, string workload, int threads, int iterations, int hold, ulong seed)
    {
        string path = Path.Combine(Path.GetTempPath(), $"kmutex-tally-{Guid.NewGuid():N}.etl");
        try
        {
            RunOutcome run = WorkloadRun.Execute(
                new RunRequest
                {
                    DriverPath = BuiltDriver.Path,
                    OutputPath = path,
                    Workload = workload,
                    Threads = threads,
                    Iterations = iterations,
                    HoldMicroseconds = hold,
                    Seed = seed,
                    Session = session,
                },
                TestContext.Current.CancellationToken);
            Assert.Equal(0, run.DriverEntryStatus);
            Assert.Equal(0, run.WorkloadStatus);
            Assert.Empty(run.Violations);
            using EtlFile file = EtlFile.Open(path);
            return (run, TraceReader.Read(file, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>
    /// Pool is used again: of the mutexes of one kind and address, the n-th by number is the n-th the kernel saw there. It sees a fast mutex when it is first asked for.
    /// </summary>
    private static Dictionary<(ulong Address, int Generation, bool IsFast), MutexRow> ByGeneration(LockReport report) => report.Mutexes
        .Where(row => row.Kind != "FastMutex" || row.Acquires > 0)
        .GroupBy(row => (row.Address, IsFast: row.Kind == "FastMutex"))
        .SelectMany(group => group.OrderBy(row => row.Id).Select((row, generation) => (Key: (group.Key.Address, generation, group.Key.IsFast), Row: row)))
        .ToDictionary(pair => pair.Key, pair => pair.Row);

    private static void Bounded(IReadOnlyList<TallyInterval> truth, DurationSummary reported)
    {
        Assert.Equal(truth.Count, reported.Count);
        Assert.InRange(
            reported.TotalNs, truth.Sum(interval => interval.Inner) * NanosecondsPerTick, truth.Sum(interval => interval.Outer) * NanosecondsPerTick);
        if (truth.Count > 0)
        {
            Assert.InRange(
                reported.MaxNs, truth.Max(interval => interval.Inner) * NanosecondsPerTick, truth.Max(interval => interval.Outer) * NanosecondsPerTick);
        }
    }
}
