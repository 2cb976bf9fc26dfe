using Tracing.Driver.Tests.Support;
using Tracing.Host;

namespace Tracing.Driver.Tests.Runs;

/// <summary>The real registry under real threads: whatever they do to it at once, nothing that was got goes away, and nothing is left.</summary>
public class RegistryRunTests
{
    [Fact]
    public void Threads_that_register_get_lock_and_destroy_at_once_break_no_rule_and_leave_nothing()
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            using TemporaryFolder folder = new();
            RunOutcome outcome = WorkloadRun.Execute(
                new RunRequest
                {
                    DriverPath = RealDriver.Path,
                    OutputPath = folder["run.etl"],
                    Workload = "registry",
                    Threads = 2 + (int)(seed % 7),
                    Iterations = 150,
                    HoldMicroseconds = (int)(seed % 3) * 10,
                    Seed = seed,
                },
                TestContext.Current.CancellationToken);

            Assert.Empty(outcome.Violations);
            Assert.Empty(outcome.Leaks);
            Assert.Equal(0ul, outcome.Result.Failures);
            Assert.NotEqual(0ul, outcome.Result.Acquires);
            DecodedTrace trace = DecodedTrace.Read(folder["run.etl"]);
            Assert.Equal(0u, trace.LiveAtUnload);
            Assert.Equal(outcome.Result.Acquires, (ulong)trace.Mutexes.Values.Sum(mutex => mutex.Acquires.Count));
            TraceAgainstTally.Check(trace, outcome.Tally);
        }
    }
}
