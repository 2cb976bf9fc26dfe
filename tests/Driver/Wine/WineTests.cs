using Tracing.Driver.Contract;
using Tracing.Driver.Tests.Support;
using Tracing.Host;

namespace Tracing.Driver.Tests.Wine;

/// <summary>
/// A second referee: another implementation of the kernel's routines, written by other people, under the same binary. Where Wine lacks a routine, a
/// helper driver lends it; what the driver counts must be what it counts in the host.
/// </summary>
public class WineTests
{
    private const int Iterations = 20;
    private const ulong Seed = 7;

    /// <summary>
    /// With one thread, and with three where no thread waits for a KMUTEX that another one holds: Wine 8 does not wake a thread that has begun to wait
    /// after the mutex was taken, when nobody had waited for it before.
    /// </summary>
    private static readonly (Workload Workload, int Threads)[] Runs =
    [
        (Workload.Uncontended, 1), (Workload.Contended, 1), (Workload.Irql, 1), (Workload.Registry, 1), (Workload.Recursion, 1),
        (Workload.Uncontended, 3), (Workload.Leak, 3), (Workload.LeakGrowing, 3), (Workload.LeakSteady, 3), (Workload.LeakAtUnload, 3),
        (Workload.DoubleRelease, 3), (Workload.ReleaseByOther, 3), (Workload.FreeWhileHeld, 3), (Workload.UseAfterFree, 3),
    ];

    [Fact]
    public void The_unchanged_driver_starts_as_a_service_counts_what_it_counts_in_the_host_and_stops()
    {
        using TemporaryFolder folder = new();
        (string output, string events) = WineRun.Execute(folder, Iterations, Seed, Runs.Select(run => ((uint)run.Workload, run.Threads)));

        Dictionary<string, ulong>[] found = WineRun.Numbers(output);
        Assert.Equal(Runs.Length, found.Length);
        ulong live = 0;
        foreach (((Workload workload, int threads), Dictionary<string, ulong> numbers) in Runs.Zip(found))
        {
            WorkloadTotals expected = InTheHost(folder, workload, threads);
            live += expected.LiveMutexes;
            Assert.Equal(
                (workload, 0ul, (ulong)expected.Threads, expected.Acquires, expected.Rejections, expected.Refusals, 0ul, live),
                ((Workload)numbers["workload"], numbers["error"], numbers["threads"], numbers["acquires"], numbers["rejections"], numbers["refusals"], numbers["failures"], numbers["live"]));
        }

        // SERVICE_STOPPED, of the driver and of the bridge.
        Assert.Equal(2, output.Split('\n').Count(line => line.Trim() == "state after stop: 1"));
        Assert.Matches("^[1-9][0-9]* events, 0 without a registration\n$", events);
    }

    private static WorkloadTotals InTheHost(TemporaryFolder folder, Workload workload, int threads)
    {
        RunOutcome outcome = WorkloadRun.Execute(
            new RunRequest
            {
                DriverPath = RealDriver.Path,
                OutputPath = folder["host.etl"],
                Workload = WorkloadKind.All.Single(kind => kind.Code == workload).Name,
                Threads = threads,
                Iterations = Iterations,
                Seed = Seed,
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(0, outcome.WorkloadStatus);
        return outcome.Result;
    }
}
