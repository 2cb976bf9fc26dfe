using Tracing.Reports.Model;

namespace Tracing.Analysis.Findings;

/// <summary>KMutexes of which nothing was asked that a FastMutex cannot give.</summary>
internal static class FastMutexFindings
{
    // Few acquires show little of how a mutex is used, and cost nothing.
    private const int LeastAcquires = 1_000;

    public static IEnumerable<Finding> Of(LockReport report) =>
        from rows in MutexGroup.ClassesWith(report.Mutexes, mutex => mutex.CouldBeFastMutex)
        where rows.Acquires >= LeastAcquires && rows.Mutexes.All(mutex => mutex.CouldBeFastMutex)
        select new Finding(
            FindingSeverity.Note, "fast-mutex-candidate",
            Words.Text($"{rows.Name} could be a FastMutex: none of its {rows.Acquires:N0} acquires was recursive, had a timeout, was alertable or failed."))
        {
            Subject = Words.Class(rows.Mutexes[0].Label, rows.Mutexes[0].Site),
            Advice = "A FastMutex is cheaper. It raises to APC_LEVEL while held: check that nothing called under the lock needs PASSIVE_LEVEL.",
            Numbers = [new("acquires", rows.Acquires)],
            Site = rows.Site,
        };
}
