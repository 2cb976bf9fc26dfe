using Tracing.Analysis.Reading;
using Tracing.Etl;
using Tracing.Host;
using Tracing.Reports.Model;

namespace Tracing.Cli.Tests;

/// <summary>A recording without the keyword Lock still has exact counts, from the counters that the driver keeps in each mutex.</summary>
public sealed class LightTraceTests : IDisposable
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

    public void Dispose() => _folder.Dispose();

    private (RunOutcome Run, LockReport Report) Record(string workload, ulong keywords)
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
                Session = new SessionSettings { Level = 4, Keywords = keywords },
            },
            TestContext.Current.CancellationToken);
        using EtlFile file = EtlFile.Open(path);
        return (run, TraceReader.Read(file, TestContext.Current.CancellationToken));
    }
}
