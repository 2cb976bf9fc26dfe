using Tracing.Driver.Tests.Runs;
using Tracing.Driver.Tests.Support;
using Tracing.Etl;
using Tracing.Host;

namespace Tracing.Driver.Tests.Scheduling;

/// <summary>The real driver under orders of threads that chance would hardly give.</summary>
public class ScheduledRunTests
{
    /// <summary>How many; the build's verb "soak" asks for many more.</summary>
    private static readonly int Schedules = int.TryParse(Environment.GetEnvironmentVariable("KMUTEX_SCHEDULES"), out int asked) ? asked : 300;

    [Fact]
    public void Registry_churn_with_rundowns_until_the_unload_breaks_no_rule_under_any_seed()
    {
        for (ulong seed = 1; seed <= (ulong)Schedules; seed++)
        {
            using TemporaryFolder folder = new();
            RunOutcome outcome = Run(folder, RealDriver.Path, seed);

            string where = $"Seed {seed}: ";
            Assert.True(outcome.Violations.Count == 0, where + string.Join('\n', outcome.Violations));
            Assert.True(outcome.Leaks.Count == 0, where + string.Join('\n', outcome.Leaks));
            Assert.True((outcome.WorkloadStatus, outcome.Result.Failures) == (0, 0ul), where + outcome.Result);
            DecodedTrace trace = DecodedTrace.Read(folder["run.etl"]);
            Assert.Equal(Span(seed) == SessionSpan.WholeLife ? 0u : null, trace.LiveAtUnload);
            TraceAgainstTally.Check(trace, outcome.Tally);
        }

        TestContext.Current.SendDiagnosticMessage("{0} schedules, no violation", Schedules);
    }

    [Fact]
    public void One_seed_gives_one_run_to_the_tick()
    {
        Assert.Equal(Record(5), Record(5));
        Assert.NotEqual(Record(5), Record(6));

        static List<(int Thread, int Event, long Time)> Record(ulong seed)
        {
            using TemporaryFolder folder = new();
            Run(folder, RealDriver.Path, seed);
            using EtlFile file = EtlFile.Open(folder["run.etl"]);
            List<(int Thread, int Event, long Time)> events = [];
            foreach (EtlRecord record in file.ReadInTimeOrder())
            {
                events.Add((record.ThreadId, record.Id, record.Time));
            }

            return events;
        }
    }

    [Fact]
    public void A_driver_whose_spin_locks_do_not_lock_is_found_out()
    {
        // xor eax,eax; ret: at PASSIVE_LEVEL before, and nothing acquired.
        (byte[] driver, _) = PatchedDriver.Replace(File.ReadAllBytes(RealDriver.Path), "KeAcquireSpinLockRaiseToDpc", 0x31, 0xC0, 0xC3);
        (driver, _) = PatchedDriver.Replace(driver, "KeReleaseSpinLock", 0xC3);
        using TemporaryFolder folder = new();
        string path = folder.Write("kmutex.sys", driver);

        ulong[] found = [.. Enumerable.Range(1, 40).Select(seed => (ulong)seed).Where(seed => IsFound(folder, path, seed))];
        TestContext.Current.SendDiagnosticMessage("Found under seeds {0}", string.Join(", ", found));
        Assert.NotEmpty(found);
    }

    private static bool IsFound(TemporaryFolder folder, string driver, ulong seed)
    {
        try
        {
            RunOutcome outcome = Run(folder, driver, seed);
            return outcome.Violations.Count + outcome.Leaks.Count > 0 || outcome.Result.Failures > 0;
        }
        catch (DriverStoppedException)
        {
            return true;
        }
    }

    /// <summary>Every other session goes before the driver does.</summary>
    private static SessionSpan Span(ulong seed) => seed % 2 == 0 ? SessionSpan.WholeLife : SessionSpan.WhileLoaded;

    private static RunOutcome Run(TemporaryFolder folder, string driver, ulong seed) => WorkloadRun.Execute(
        new RunRequest
        {
            DriverPath = driver,
            OutputPath = folder["run.etl"],
            Workload = "registry",
            Threads = 2 + (int)(seed % 3),
            Iterations = 6 + (int)(seed % 7),
            Seed = seed,
            Schedule = seed,
            Rundowns = 1000,
            Session = new SessionSettings { Span = Span(seed) },
        },
        TestContext.Current.CancellationToken);
}
