using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Analysis.Findings;

/// <summary>Wrong uses, and allocations that failed: one finding per cause and place, whatever the number of mutexes and threads.</summary>
internal static class DefectFindings
{
    public static IEnumerable<Finding> Of(LockReport report) =>
    [
        .. report.Misuses.GroupBy(row => (row.Kind, row.Site)).Select(rows => Misuse([.. rows], report.Names)).OrderByDescending(CountOf),
        .. report.Abandonments.GroupBy(row => row.Site).Select(rows => Abandoned([.. rows], report.Names)).OrderByDescending(CountOf),
        .. report.IrqlRejections.GroupBy(row => (row.Operation, row.Site)).Select(rows => Rejected([.. rows])).OrderByDescending(CountOf),
        .. report.AllocationFailures.Select(AllocationFailed),
    ];

    private static Finding Misuse(MisuseRow[] rows, ThreadNames names)
    {
        MisuseRow first = rows.MinBy(row => row.FirstNs)!;
        return new Finding(
            FindingSeverity.Error, "misuse",
            $"{OnOthers(first.Mutex, rows.Length)} misused {Words.Count(rows.Sum(row => row.Count), "time")}{Words.At(first.Site)}: {first.Kind}, first by thread {names.OfThread(first.ThreadId)}.")
        {
            Subject = Subject(first.Kind, first.Site),
            Advice = first.Kind switch
            {
                "DoubleRelease" => "Keep one guard per acquire, and let its scope release it.",
                "ReleaseByOtherThread" => "Release on the thread that acquired; hand on the data and not the lock.",
                "FreeWhileHeld" or "FreeWithWaiters" => "Free only when no thread uses the mutex any more: wait for the threads first.",
                "UseAfterFree" => "Keep the mutex alive as long as anybody can reach it, for instance in the registry.",
                "LabelInUse" => "Give back the mutex that has the label first, or choose another label.",
                _ => "Look at the place named.",
            },
            Numbers = [new("count", rows.Sum(row => row.Count)), new("mutexes", rows.Length)],
            Site = first.Site,
        };
    }

    private static Finding Abandoned(AbandonmentRow[] rows, ThreadNames names)
    {
        AbandonmentRow first = rows.MinBy(row => row.FirstNs)!;
        string who = first.ThreadId is int thread ? $"thread {names.OfThread(thread)}" : "its owner";
        return new Finding(
            FindingSeverity.Error, "abandoned",
            $"{OnOthers(first.Mutex, rows.Length)} abandoned {Words.Count(rows.Sum(row => row.Count), "time")}: {who} ended while it held the mutex acquired{(first.Site is null ? " at an unknown place" : Words.At(first.Site))}.")
        {
            Subject = Subject("", first.Site),
            Advice = "Release on every way out of that code. What the mutex guards may be half changed: check it before going on.",
            Numbers = [new("count", rows.Sum(row => row.Count)), new("mutexes", rows.Length)],
            Site = first.Site,
        };
    }

    private static Finding Rejected(IrqlRejectionRow[] rows)
    {
        IrqlRejectionRow worst = rows.MaxBy(row => row.Count)!;
        string mutex = worst.Mutex.Length == 0 ? "" : $" on {worst.Mutex}{(rows.Select(row => row.MutexId).Distinct().Count() > 1 ? " and others" : "")}";
        long? retried = rows.Any(row => row.RetriedWithSuccess is null) ? null : rows.Sum(row => row.RetriedWithSuccess);
        string again = retried > 0 ? $"; {retried:N0} of them the same thread followed by an acquire" : "";
        FindingNumber[] numbers = retried is long known ? [new("retriedWithSuccess", known)] : [];
        return new Finding(
            FindingSeverity.Error, "irql-rejection",
            Words.Text($"{worst.Operation}{mutex} was refused {Words.Count(rows.Sum(row => row.Count), "time")}{Words.At(worst.Site)}: called at {IrqlName.Of(worst.Irql)}, legal up to {IrqlName.Of(worst.MaximumIrql)}{again}."))
        {
            Subject = Subject(worst.Operation, worst.Site),
            Advice = "Take the mutex before the IRQL is raised, or move the work to a thread: a work item from a DPC, the place before the spin lock otherwise.",
            Numbers = [new("count", rows.Sum(row => row.Count)), new("irql", worst.Irql), new("maximumIrql", worst.MaximumIrql), .. numbers],
            Site = worst.Site,
        };
    }

    private static Finding AllocationFailed(AllocationFailureRow row) => new(
        FindingSeverity.Warning, "allocation-failed",
        Words.Text($"{Words.Count(row.Count, "allocation")} of a {row.Kind} failed{Words.At(row.Site)} for lack of pool memory, of {row.Bytes:N0} bytes at most."))
    {
        Subject = Subject(row.Kind, row.Site),
        Advice = "Check that the caller goes on without the mutex it did not get. If nothing else exhausts the pool, look for a leak.",
        Numbers = [new("count", row.Count), new("bytes", row.Bytes, "bytes")],
        Site = row.Site,
    };

    private static string OnOthers(string mutex, int mutexes) => mutexes == 1 ? $"{mutex} was" : Words.Text($"{mutex} and {Words.Count(mutexes - 1, "other mutex", "other mutexes")} were");

    private static string Subject(string what, SourceSite? site) => $"{what} {site?.Short}".Trim();

    private static double CountOf(Finding finding) => finding.Numbers[0].Value;
}
