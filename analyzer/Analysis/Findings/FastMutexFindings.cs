using Tracing.Reports.Model;

namespace Tracing.Analysis.Findings;

/// <summary>KMutexes of which nothing was asked that a FastMutex cannot give.</summary>
internal static class FastMutexFindings
{
    // Few acquires show little of how a mutex is used, and cost nothing.
    private const int LeastAcquires = 1_000;

    public static IEnumerable<Finding> Of(LockReport report) =>
        from candidate in report.FastMutexCandidates
        where candidate.Acquires >= LeastAcquires
        select new Finding(
            FindingSeverity.Note, "fast-mutex-candidate",
            Words.Text($"{candidate.Name} could be a FastMutex: none of its {candidate.Acquires:N0} acquires was recursive, had a timeout, was alertable or failed."))
        {
            Subject = Words.Class(candidate.Class.Label, candidate.Class.Site),
            Advice = "A FastMutex is cheaper. It raises to APC_LEVEL while held: check that nothing called under the lock needs PASSIVE_LEVEL.",
            Numbers = [new("acquires", candidate.Acquires)],
            Site = candidate.Class.Site,
        };
}
