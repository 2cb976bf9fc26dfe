using Tracing.Driver.Tests.Support;
using Tracing.Etl;
using Tracing.Events;
using Tracing.Host;

namespace Tracing.Driver.Tests.Contract;

/// <summary>Rundowns one after the other while threads allocate, lock and free: what lives throughout a rundown is in it, once.</summary>
public class RundownUnderLoadTests
{
    [Theory]
    [InlineData("registry", 4, 40)]
    [InlineData("leak", 4, 20)]
    [InlineData("leak-growing", 4, 10)]
    [InlineData("leak-steady", 6, 20)]
    public void A_mutex_that_lives_throughout_is_in_each_rundown_once(string workload, int threads, int iterations)
    {
        int livedThroughout = Enumerable.Range(1, 8).Sum(seed => CountLivingThroughout(workload, threads, iterations, (ulong)seed));
        Assert.True(livedThroughout > 0, "In no run was there a mutex that lived throughout a rundown.");
    }

    /// <summary>Makes a run, and checks the rundowns in it.</summary>
    private static int CountLivingThroughout(string workload, int threads, int iterations, ulong seed)
    {
        using TemporaryFolder folder = new();
        RunOutcome outcome = WorkloadRun.Execute(
            new RunRequest
            {
                DriverPath = RealDriver.Path,
                OutputPath = folder["run.etl"],
                Workload = workload,
                Threads = threads,
                Iterations = iterations,
                Rundowns = 400,
                Seed = seed,
                Schedule = seed,
            },
            TestContext.Current.CancellationToken);
        Assert.Empty(outcome.Violations);
        Assert.Equal(0, outcome.Session.EventsLost);

        List<Rundown> rundowns = Read(folder["run.etl"], out Dictionary<ulong, int> bornBefore);
        Assert.All(rundowns, rundown => Assert.Distinct(rundown.Mutexes));
        Assert.All(rundowns, rundown => Assert.Equal((uint)rundown.Mutexes.Count, rundown.Written));

        // Announced before the end of the rundown before, and still there in the one after: alive for the whole of this one.
        int livedThroughout = 0;
        for (int i = 1; i < rundowns.Count - 1; i++)
        {
            List<ulong> throughout = [.. rundowns[i + 1].Mutexes.Where(id => bornBefore[id] < i)];
            Assert.Empty(throughout.Except(rundowns[i].Mutexes));
            livedThroughout += throughout.Count;
        }

        return livedThroughout;
    }

    /// <summary>The rundowns that ended, in order, and of each mutex during or after which of them it was announced.</summary>
    private static List<Rundown> Read(string path, out Dictionary<ulong, int> bornBefore)
    {
        List<Rundown> rundowns = [];
        bornBefore = [];
        Rundown? current = null;
        using EtlFile file = EtlFile.Open(path);
        foreach (EtlRecord record in file.ReadInTimeOrder())
        {
            switch (record.Kind == EtlRecordKind.Event ? (KMutexEventId)record.Id : default)
            {
                case KMutexEventId.MutexAllocated:
                    Assert.True(MutexAllocatedPayload.TryRead(record.Payload, 8, 0, out MutexAllocatedPayload allocated));
                    bornBefore.Add(allocated.MutexId, rundowns.Count);
                    break;

                case KMutexEventId.RundownStarted:
                    current = new Rundown();
                    break;

                case KMutexEventId.MutexState:
                    Assert.True(MutexStatePayload.TryRead(record.Payload, 8, 0, out MutexStatePayload state));
                    current!.Mutexes.Add(state.MutexId);
                    break;

                case KMutexEventId.RundownEnded:
                    Assert.True(RundownEndedPayload.TryRead(record.Payload, 8, 0, out RundownEndedPayload ended));
                    current!.Written = ended.Written;
                    rundowns.Add(current);
                    break;
            }
        }

        return rundowns;
    }

    private sealed class Rundown
    {
        internal List<ulong> Mutexes { get; } = [];

        internal uint Written { get; set; }
    }
}
