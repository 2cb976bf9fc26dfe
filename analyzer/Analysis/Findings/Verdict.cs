using Tracing.Reports.Model;

namespace Tracing.Analysis.Findings;

/// <summary>Answers "what do I fix first": all findings of a report, defects before costs, and among equals the kinds in the order given here.</summary>
/// <remarks>Findings say what the report says, in words. A report that has nothing to fix has none.</remarks>
public static class Verdict
{
    // Far beyond what a person reads. A forged recording can have a misuse at each of a million sites.
    private const int MostFindings = 1_000;

    /// <summary>The kinds of findings, the most pressing first among those of one severity. docs/reference/findings has a page for each.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        "deadlock", "misuse", "abandoned", "irql-rejection", "leak", "possible-deadlock", "stuck", "growing", "contention", "slow-hold", "convoy", "hand-off",
        "allocation-failed", "low-trust", "fast-mutex-candidate", "live",
    ];

    /// <summary>The findings of a report that is complete but for them.</summary>
    public static IReadOnlyList<Finding> Reach(LockReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Reach(report, report.Mutexes);
    }

    /// <summary>The same where it is known of which mutexes some were waited for, and of the others none: those may be a million.</summary>
    internal static IReadOnlyList<Finding> Reach(LockReport report, IEnumerable<MutexRow> used)
    {
        MutexRow[] waitedFor = [.. used.Where(mutex => mutex.Wait.TotalNs > 0)];
        IEnumerable<Finding> found =
        [
            .. DeadlockFindings.Of(report), .. DefectFindings.Of(report), .. LifetimeFindings.Of(report), .. WaitFindings.Of(report, waitedFor), .. TrustFindings.Of(report),
            .. FastMutexFindings.Of(report),
        ];
        return [.. found.OrderByDescending(finding => finding.Severity).ThenBy(finding => Kinds.ToList().IndexOf(finding.Kind)).Take(MostFindings)];
    }
}
