using Tracing.Analysis.Reading;
using Tracing.Etl;
using Tracing.Host;
using Tracing.Reports.Model;

namespace Tracing.Cli.Tests;

/// <summary>
/// Recordings that do not see everything: without the keyword Lock counts are still exact, from the counters that the driver keeps in each mutex.
/// </summary>
public sealed class PartialRecordingTests : IDisposable
{
    private const ulong EverythingButLock = 0x3B;
    private const ulong LifetimeAndRundown = 0x21;

    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData("uncontended", EverythingButLock)]
    [InlineData("contended", EverythingButLock)]
    [InlineData("contended", LifetimeAndRundown)]
    [InlineData("irql", EverythingButLock)]
    [InlineData("leak", EverythingButLock)]
    public void Counts_equal_the_tally_without_an_event_per_acquire(string workload, ulong keywords)
    {
        (RunOutcome run, LockReport report) = Record(workload, keywords);

        Assert.False(report.Trace.LockEventsRecorded);
        Assert.DoesNotContain(report.Trace.Identities, identity => identity.Result == IdentityResult.Violated);
        Assert.Equal(run.Tally.Mutexes.Count, report.Mutexes.Count);
        foreach (MutexRow row in report.Mutexes.Where(row => row.CountedFrom != CountSource.ContendedEvents))
        {
            MutexTally truth = run.Tally.Mutexes.Where(mutex => mutex.Address == row.Address)
                .ElementAt(report.Mutexes.Where(other => other.Address == row.Address && other.Id < row.Id).Count());
            Assert.Equal(truth.Acquires, row.Acquires);
            Assert.Equal(truth.Contended, row.Contended);
        }

        Assert.Contains(report.Mutexes, row => row.CountedFrom == CountSource.Counters);
    }

    [Fact]
    public void A_recording_that_ends_before_the_unload_shows_what_is_live_and_calls_nothing_a_leak()
    {
        (RunOutcome run, LockReport report) = Record("leak", new SessionSettings { Span = SessionSpan.WhileLoaded });

        Assert.Equal(run.Tally.PoolBlocks, report.LiveMutexes.Count);
        Assert.All(report.LiveMutexes, mutex => Assert.NotEqual(LiveClass.Leaked, mutex.Class));
        Assert.Equal(RundownState.Complete, report.Trace.Rundown);
        Assert.Contains(report.Findings, finding => finding.Kind is "live" or "growing");
        Assert.DoesNotContain(report.Findings, finding => finding.Severity == FindingSeverity.Error);
        Assert.Empty(report.Oddities);
    }

    public void Dispose() => _folder.Dispose();

    private (RunOutcome Run, LockReport Report) Record(string workload, ulong keywords) =>
        Record(workload, new SessionSettings { Level = 4, Keywords = keywords });

    private (RunOutcome Run, LockReport Report) Record(string workload, SessionSettings session)
    {
        string path = _folder.PathOf("light.etl");
        RunOutcome run = WorkloadRun.Execute(
            new RunRequest
            {
                DriverPath = BuiltDriver.Path,
                OutputPath = path,
                Workload = workload,
                Threads = 4,
                Iterations = 200,
                HoldMicroseconds = 10,
                Session = session,
            },
            TestContext.Current.CancellationToken);
        using EtlFile file = EtlFile.Open(path);
        return (run, TraceReader.Read(file, TestContext.Current.CancellationToken));
    }
}
