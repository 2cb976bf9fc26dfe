using Tracing.Driver.Tests.Runs;
using Tracing.Driver.Tests.Support;
using Tracing.Host;

namespace Tracing.Driver.Tests.Injection;

/// <summary>
/// Every call of every workload that may fail is made to fail, each in a run of its own: the driver gives back what it took, breaks no rule,
/// and says what happened.
/// </summary>
public class FaultSweepTests
{
    private const int Success = 0;
    private const int InsufficientResources = unchecked((int)0xC000009A);
    private const int ObjectNameCollision = unchecked((int)0xC0000035);

    /// <summary>More calls of one kind than this are the same call again.</summary>
    private const long MostCalls = 40;

    public static TheoryData<string> Workloads => [.. WorkloadKind.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Each_failure_of_each_call_leaves_nothing_behind_and_gives_the_right_status(string workload)
    {
        using TemporaryFolder folder = new();
        RunOutcome counted = Run(folder, workload, new FaultPlan());
        Assert.Equal((Success, Success), (counted.DriverEntryStatus, counted.WorkloadStatus));
        Assert.All(counted.Fallible, calls => Assert.Equal(0, calls.Injected));

        HashSet<string> struck = [];
        foreach (FallibleCalls calls in counted.Fallible)
        {
            for (long call = 1; call <= Math.Min(calls.Calls, MostCalls); call++)
            {
                InjectedFault fault = new(calls.Import, calls.Failure, call);
                CheckOne(folder, workload, fault);
                struck.Add(calls.Import);
            }
        }

        string[] fallible =
        [
            "ExAllocatePool2", "EtwRegister", "EtwWrite", "IoCreateDevice", "IoCreateSymbolicLink", "KeWaitForSingleObject", "PsCreateSystemThread",
        ];
        Assert.Empty(fallible.Except(struck));
    }

    private static void CheckOne(TemporaryFolder folder, string workload, InjectedFault fault)
    {
        RunOutcome outcome = Run(folder, workload, new FaultPlan { Faults = [fault] });
        string where = $"{workload}, {fault}";
        Assert.True(outcome.Fallible.Sum(calls => calls.Injected) == 1, $"{where}: did not come to pass");
        Assert.True(outcome.Violations.Count == 0, $"{where}: {string.Join(' ', outcome.Violations)}");
        (int entry, int status) = Expected(workload, fault, outcome);
        Assert.True((entry, status) == (outcome.DriverEntryStatus, outcome.WorkloadStatus), $"{where}: 0x{outcome.WorkloadStatus:X8}");
        long forgotten = status == Success ? outcome.Result.LiveMutexes : 0;
        Assert.True(forgotten == outcome.Leaks.Count, $"{where}: {string.Join(' ', outcome.Leaks)}");
        Assert.True(workload.StartsWith("leak", StringComparison.Ordinal) || forgotten == 0, where);
        Assert.True(fault.Import == "ExAllocatePool2" || outcome.Result.Failures == 0, $"{where}: {outcome.Result.Failures} failures");

        DecodedTrace trace = DecodedTrace.Read(folder["run.etl"]);
        Assert.Equal(outcome.Session.EventsWritten, trace.Events);
        Assert.Equal(fault.Import == "EtwWrite" ? 1 : 0, outcome.Session.EventsLost);
        if (fault.Import == "EtwRegister")
        {
            Assert.Equal(0, trace.Events);
        }
        else if (fault.Import != "EtwWrite")
        {
            TraceAgainstTally.Check(trace, outcome.Tally);
        }
    }

    private static (int Entry, int Workload) Expected(string workload, InjectedFault fault, RunOutcome outcome) => (fault.Import, fault.Failure) switch
    {
        ("IoCreateDevice" or "IoCreateSymbolicLink", "STATUS_OBJECT_NAME_COLLISION") => (ObjectNameCollision, ObjectNameCollision),
        ("IoCreateDevice" or "IoCreateSymbolicLink", _) => (InsufficientResources, InsufficientResources),
        ("PsCreateSystemThread", _) => (Success, InsufficientResources),

        // An allocation that fails in one of the workload's threads is counted there, and the others go on.
        // The workload that asks for too much does not mind, once it has begun.
        ("ExAllocatePool2", _) when workload == "out-of-pool" => (Success, fault.Call > 1 ? Success : InsufficientResources),
        ("ExAllocatePool2", _) => (Success, outcome.Result.Failures > 0 ? Success : InsufficientResources),
        _ => (Success, Success),
    };

    private static RunOutcome Run(TemporaryFolder folder, string workload, FaultPlan plan) => WorkloadRun.Execute(
        new RunRequest
        {
            DriverPath = RealDriver.Path,
            OutputPath = folder["run.etl"],
            Workload = workload,
            Threads = 3,
            Iterations = 2,

            // One order of threads: what could fail when it was counted fails when it is made to.
            Schedule = 1,
            Faults = plan,
        },
        TestContext.Current.CancellationToken);
}
