using Tracing.Driver.Tests.Support;
using Tracing.Etl;
using Tracing.Host;

namespace Tracing.Driver.Tests.Runs;

/// <summary>The real kmutex.sys, unchanged, in the host.</summary>
public class WorkloadRunTests
{
    public static TheoryData<string, int, int, int, ulong> Runs => new()
    {
        { "uncontended", 1, 500, 0, 1 },
        { "uncontended", 8, 300, 20, 2 },
        { "contended", 1, 500, 0, 3 },
        { "contended", 2, 1000, 0, 4 },
        { "contended", 4, 300, 30, 5 },
        { "contended", 16, 60, 5, 6 },
        { "contended", 64, 10, 0, 7 },
        { "irql", 1, 200, 0, 8 },
        { "irql", 4, 100, 10, 9 },
        { "leak", 1, 100, 0, 10 },
        { "leak", 5, 101, 0, 11 },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_workload_succeeds_without_violations_and_its_trace_says_what_the_kernel_saw(
        string workload, int threads, int iterations, int hold, ulong seed) => RunAndCheck(workload, threads, iterations, hold, seed);

    public static TheoryData<string> Workloads => [.. WorkloadKind.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Workloads))]
    public void So_it_does_over_seeds_thread_counts_and_hold_times(string workload)
    {
        for (ulong seed = 100; seed < 106; seed++)
        {
            RunAndCheck(workload, threads: 3 + (int)(seed * 7 % 10), iterations: 6, hold: (int)(seed * 13 % 60), seed);
        }
    }

    [Fact]
    public void A_session_that_runs_while_the_driver_is_loaded_sees_the_rundowns_and_no_more()
    {
        using TemporaryFolder folder = new();
        RunOutcome outcome = WorkloadRun.Execute(
            new RunRequest
            {
                DriverPath = RealDriver.Path,
                OutputPath = folder["run.etl"],
                Workload = "leak",
                Threads = 1,
                Iterations = 20,
                Session = new SessionSettings { Span = SessionSpan.WhileLoaded },
            },
            TestContext.Current.CancellationToken);

        Assert.Empty(outcome.Violations);
        DecodedTrace trace = DecodedTrace.Read(folder["run.etl"]);
        Assert.Null(trace.LiveAtUnload);
        Assert.Equal(2, trace.Counts[Events.KMutexEventId.RundownStarted]);
        Assert.Equal(10, trace.Counts[Events.KMutexEventId.MutexState]);
    }

    [Theory]
    [InlineData(0x3Ful, 2, 2)] // everything: an event for each acquire and one for each release, and the time for each
    [InlineData(1ul << 40, 0, 0)] // a keyword that no event has
    [InlineData(0x02ul, 0, 2)] // contention: nobody waits, but how long a mutex is held is counted, since a long hold would be an event
    public void An_uncontended_pair_costs_so_many_events_and_looks_at_the_clock(ulong keywords, int events, int clockReads)
    {
        (long fewEvents, long fewReads) = Cost(keywords, iterations: 100);
        (long moreEvents, long moreReads) = Cost(keywords, iterations: 300);
        Assert.Equal((200L * events, 200L * clockReads), (moreEvents - fewEvents, moreReads - fewReads));
    }

    private static (long Events, long ClockReads) Cost(ulong keywords, int iterations)
    {
        using TemporaryFolder folder = new();
        RunOutcome outcome = WorkloadRun.Execute(
            new RunRequest
            {
                DriverPath = RealDriver.Path,
                OutputPath = folder["run.etl"],
                Workload = "uncontended",
                Threads = 1,
                Iterations = iterations,
                Schedule = 1,
                Session = new SessionSettings { Keywords = keywords, CaptureStateOnSave = false },
            },
            TestContext.Current.CancellationToken);
        return (outcome.Session.EventsAttempted, outcome.Tally.ClockReads);
    }

    [Fact]
    public void Events_lost_to_few_buffers_are_counted_exactly()
    {
        using TemporaryFolder folder = new();
        RunOutcome outcome = WorkloadRun.Execute(
            new RunRequest
            {
                DriverPath = RealDriver.Path,
                OutputPath = folder["run.etl"],
                Workload = "uncontended",
                Threads = 4,
                Iterations = 2000,
                Session = new SessionSettings { BufferSizeKilobytes = 1, MaximumBuffers = 1, CaptureStateOnSave = false },
            },
            TestContext.Current.CancellationToken);

        Assert.Empty(outcome.Violations);
        Assert.True(outcome.Session.EventsLost > 0, "One buffer of one kilobyte for several processors was enough.");
        Assert.Equal(outcome.Session.EventsAttempted, outcome.Session.EventsWritten + outcome.Session.EventsLost);
        using EtlFile file = EtlFile.Open(folder["run.etl"]);
        Assert.Equal((uint)outcome.Session.EventsLost, file.Header.EventsLost);
        Assert.Equal(outcome.Session.EventsWritten, DecodedTrace.Read(folder["run.etl"]).Events);
    }

    [Fact]
    public void Two_runs_at_once_do_not_disturb_each_other()
    {
        using TemporaryFolder folder = new();
        string driver = RealDriver.Path;
        RunOutcome[] outcomes = new RunOutcome[2];
        Thread[] runs = [.. Enumerable.Range(0, 2).Select(number => new Thread(() => outcomes[number] = WorkloadRun.Execute(new RunRequest
        {
            DriverPath = driver,
            OutputPath = folder[$"{number}.etl"],
            Threads = 2,
            Iterations = 200,
            Seed = (ulong)number,
        })))];
        Array.ForEach(runs, run => run.Start());
        Array.ForEach(runs, run => run.Join());
        for (int number = 0; number < 2; number++)
        {
            Assert.Empty(outcomes[number].Violations);
            TraceAgainstTally.Check(DecodedTrace.Read(folder[$"{number}.etl"]), outcomes[number].Tally);
        }
    }

    private static void RunAndCheck(string workload, int threads, int iterations, int hold, ulong seed)
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
                HoldMicroseconds = hold,
                Seed = seed,
            },
            TestContext.Current.CancellationToken);

        Assert.Equal((0, 0), (outcome.DriverEntryStatus, outcome.WorkloadStatus));
        Assert.Empty(outcome.Violations);
        Assert.Equal(0, outcome.Session.EventsLost);
        Assert.Equal((uint)threads, outcome.Result.Threads);
        Assert.Equal(0ul, outcome.Result.Failures);
        Assert.Equal((ulong)outcome.Tally.Acquires, outcome.Result.Acquires);
        Assert.Equal((ulong)outcome.Tally.IrqlRaisesQueried, outcome.Result.Rejections);
        Assert.Equal(workload is "irql" or "dpc" ? (ulong)(threads * iterations) : 0ul, outcome.Result.Rejections);
        Assert.Equal((ulong)Refused(workload, threads, iterations), outcome.Result.Refusals);
        Assert.Equal((long)outcome.Result.LiveMutexes, outcome.Leaks.Count);
        Assert.Equal(Leaked(workload, threads, iterations), outcome.Leaks.Count);

        DecodedTrace trace = DecodedTrace.Read(folder["run.etl"]);
        Assert.Equal(outcome.Session.EventsWritten, trace.Events);
        Assert.Equal(outcome.Result.LiveMutexes, trace.LiveAtUnload);
        Assert.Equal(outcome.Result.Rejections, (ulong)trace.RejectedIrqls.Count);
        Assert.All(trace.RejectedIrqls, irql => Assert.Equal(2, irql));
        TraceAgainstTally.Check(trace, outcome.Tally);
    }

    /// <summary>What each workload says of itself: how many calls do not do what they ask for, and are meant not to.</summary>
    private static int Refused(string workload, int threads, int iterations) => workload switch
    {
        "deadlock" or "free-with-waiters" => iterations,
        "timed-waits" => 3 * iterations * (threads - 1),
        "release-by-other" or "free-while-held" => iterations * (threads - 1),
        "double-release" or "label-in-use" or "out-of-pool" => iterations * threads,
        "use-after-free" => 2 * iterations * threads,
        _ => 0,
    };

    private static int Leaked(string workload, int threads, int iterations) => workload switch
    {
        "leak" => threads * (iterations - (iterations / 2)),
        "leak-growing" => threads * iterations,
        "leak-steady" or "leak-at-unload" => threads,
        _ => 0,
    };
}
