using System.Globalization;
using Tracing.Analysis.Reading;
using Tracing.Etl;
using Tracing.Host;
using Tracing.Reports.Model;

namespace Tracing.Cli.Tests;

/// <summary>Each workload makes one thing go wrong, or none: the report on its trace says that, as often as it happened, and nothing else.</summary>
public sealed class WorkloadFindingTests
{
    private const int Threads = 4;
    private const int Iterations = 6;

    private static readonly Dictionary<string, string[]> Expected = new()
    {
        ["uncontended"] = [],
        ["contended"] = [],
        ["convoy"] = [],
        ["slow-holder"] = [],
        ["recursion"] = [],
        ["timed-waits"] = [],
        ["registry"] = [],
        ["use-after-free"] = [],

        // The two orders of a deadlock are in the trace as well, and would be there if it had not come to pass.
        ["opposite-orders"] = [Times(1, "possible-deadlock")],
        ["deadlock"] = [Times(Iterations, "deadlock"), Times(1, "possible-deadlock")],
        ["irql"] = [Times(Threads * Iterations, "irql-rejection Lock IrqlCounter")],
        ["dpc"] =
        [
            Times(Threads * Iterations / 2, "irql-rejection Lock DpcCounter"),
            Times(Threads * Iterations / 2, "irql-rejection TryLock DpcCounter"),
        ],
        ["out-of-pool"] = [Times(Threads * Iterations, "allocation-failed")],
        ["leak"] = [Times(Threads * Iterations / 2, "leak Forgotten")],
        ["leak-growing"] = [Times(Threads * Iterations, "leak Session")],
        ["leak-steady"] = [Times(Threads, "leak Lease")],
        ["leak-at-unload"] = [Times(Threads, "leak DeviceState")],
        ["double-release"] = [Times(Threads * Iterations, "misuse DoubleRelease")],
        ["release-by-other"] = [Times((Threads - 1) * Iterations, "misuse ReleaseByOtherThread")],
        ["free-while-held"] = [Times((Threads - 1) * Iterations, "misuse FreeWhileHeld")],
        ["free-with-waiters"] = [Times(Iterations, "misuse FreeWithWaiters")],
        ["label-in-use"] = [Times(Threads * Iterations, "misuse LabelInUse")],
    };

    /// <summary>
    /// What may be found beside that, or not: threads of the registry's workload replace a label that another thread may have got just then, which is refused as it should be.
    /// How often they meet is a matter of the schedule, so no number is expected.
    /// </summary>
    private static readonly Dictionary<string, string> ByChance = new() { ["registry"] = "misuse LabelInUse" };

    public static TheoryData<string> Workloads => [.. WorkloadKind.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Workloads))]
    public void The_report_finds_what_the_workload_is_for_and_nothing_else(string workload)
    {
        LockReport report = RunAndRead(workload, seed: 1);

        string? byChance = ByChance.GetValueOrDefault(workload);
        Assert.Equal(
            Expected[workload].Order(StringComparer.Ordinal),
            Defects(report).Where(defect => byChance is null || !defect.EndsWith(byChance, StringComparison.Ordinal)));
        Assert.Equal(TrustGrade.A, report.Trace.Grade);
        IEnumerable<string> kinds = Expected[workload].Select(defect => defect.Split(' ')[1]);
        Assert.Empty(report.Findings
            .Where(finding => finding.Severity == FindingSeverity.Error)
            .Select(finding => finding.Kind)
            .Except(kinds)
            .Except(byChance is null ? [] : [byChance.Split(' ')[0]]));

        // A deadlock that came to pass says all that its orders would.
        Assert.Empty(kinds.Where(kind => workload != "deadlock" || kind != "possible-deadlock").Except(report.Findings.Select(finding => finding.Kind)));
    }

    [Theory]
    [InlineData("contended", "contention")]
    [InlineData("convoy", "convoy")]
    [InlineData("slow-holder", "slow-hold")]
    [InlineData("leak-growing", "growing")]
    public void What_a_workload_costs_is_a_finding(string workload, string kind) =>
        Assert.Contains(RunAndRead(workload, seed: 1, schedule: 1, iterations: 40).Findings, finding => finding.Kind == kind);

    [Theory]
    [MemberData(nameof(Workloads))]
    public void The_same_seed_and_schedule_give_the_same_findings_word_for_word(string workload)
    {
        LockReport first = RunAndRead(workload, seed: 5, schedule: 9);
        LockReport second = RunAndRead(workload, seed: 5, schedule: 9);
        Assert.Equal(first.Findings.Select(finding => finding.Sentence), second.Findings.Select(finding => finding.Sentence));
        Assert.Equal(Defects(first), Defects(second));
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Of_a_run_that_was_recorded_whole_every_wait_is_divided(string workload)
    {
        LockReport report = RunAndRead(workload, seed: 5, schedule: 9);
        Assert.Equal(0, report.Blame.UnknownTicks);
        Assert.All(report.Mutexes, mutex => Assert.Equal(TrustGrade.A, mutex.Grade));
    }

    private static IEnumerable<string> Defects(LockReport report)
    {
        IEnumerable<(string What, long Count)> defects =
        [
            .. report.Deadlocks.Select(deadlock => ("deadlock", deadlock.Count)),
            .. report.PossibleDeadlocks.Select(_ => ("possible-deadlock", 1L)),
            .. report.Abandonments.Select(_ => ("abandoned", 1L)),
            .. report.IrqlRejections.Select(row => ($"irql-rejection {row.Operation} {row.MutexLabel}", row.Count)),
            .. report.Misuses.Select(row => ($"misuse {row.Kind}", row.Count)),
            .. report.AllocationFailures.Select(row => ("allocation-failed", row.Count)),
            .. report.LiveMutexes.Select(row => ($"leak {row.Label}", 1L)),
            .. report.Oddities.Select(oddity => (oddity.Kind, oddity.Count)),
        ];
        return defects
            .GroupBy(defect => defect.What)
            .Select(group => Times(group.Sum(defect => defect.Count), group.Key))
            .Order(StringComparer.Ordinal);
    }

    private static string Times(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}");

    private static LockReport RunAndRead(string workload, ulong seed, ulong? schedule = null, int iterations = Iterations)
    {
        using var folder = new TestFolder();
        string path = folder.PathOf("run.etl");
        RunOutcome outcome = WorkloadRun.Execute(
            new RunRequest
            {
                DriverPath = BuiltDriver.Path,
                OutputPath = path,
                Workload = workload,
                Threads = Threads,
                Iterations = iterations,
                HoldMicroseconds = 20,
                Seed = seed,
                Schedule = schedule,
            },
            TestContext.Current.CancellationToken);
        Assert.Empty(outcome.Violations);
        Assert.Equal(0ul, outcome.Result.Failures);
        using EtlFile file = EtlFile.Open(path);
        return TraceReader.Read(file, TestContext.Current.CancellationToken);
    }
}
