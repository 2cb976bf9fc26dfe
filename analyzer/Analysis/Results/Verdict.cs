using System.Globalization;
using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Analysis.Results;

/// <summary>Answers "what do I fix first" in at most three sentences: defects before costs.</summary>
internal static class Verdict
{
    private const int MostFindings = 3;

    public static IReadOnlyList<Finding> Reach(
        IReadOnlyList<MutexRow> mutexes, IReadOnlyList<IrqlRejectionRow> rejections, IReadOnlyList<MisuseRow> misuses, IReadOnlyList<LiveMutexRow> live)
    {
        IEnumerable<Finding?> found = [Misuse(misuses), Rejections(rejections), Leaks(live), Contention(mutexes)];
        return [.. found.OfType<Finding>().OrderByDescending(finding => finding.Severity).Take(MostFindings)];
    }

    private static Finding? Contention(IReadOnlyList<MutexRow> mutexes)
    {
        MutexRow? worst = mutexes.MaxBy(mutex => mutex.Wait.TotalNs);
        if (worst is null || worst.Wait.TotalNs == 0)
        {
            return null;
        }

        UInt128 all = mutexes.Aggregate(UInt128.Zero, (sum, mutex) => sum + (ulong)mutex.Wait.TotalNs);
        double share = 100.0 * worst.Wait.TotalNs / (double)all;
        return new Finding(FindingSeverity.Warning, "contention", Invariant(
            $"{worst.Name} was waited for {HumanDuration.Format(worst.Wait.TotalNs)} in total, {share:F0} % of all waiting: {Count(worst.Contended, "acquire")} of {worst.Acquires:N0} had to wait, {HumanDuration.Format(worst.Wait.MeanNs)} on average and {HumanDuration.Format(worst.Wait.MaxNs)} at worst."));
    }

    private static Finding? Misuse(IReadOnlyList<MisuseRow> misuses)
    {
        if (misuses.Count == 0)
        {
            return null;
        }

        MisuseRow worst = misuses[0];
        long all = misuses.Sum(row => row.Count);
        string place = worst.Site is null ? "" : $" at {worst.Site.Short}";
        string others = all == worst.Count ? "" : Invariant($" ({all:N0} misuses in all)");
        return new Finding(FindingSeverity.Error, "misuse", Invariant(
            $"{worst.Mutex} was misused {Count(worst.Count, "time")}{place}: {worst.Kind}, first by thread {worst.ThreadId}{others}."));
    }

    private static Finding? Rejections(IReadOnlyList<IrqlRejectionRow> rejections)
    {
        if (rejections.Count == 0)
        {
            return null;
        }

        IrqlRejectionRow worst = rejections[0];
        long all = rejections.Sum(row => row.Count);
        string place = worst.Site is null ? "" : $" at {worst.Site.Short}";
        string mutex = worst.Mutex.Length == 0 ? "" : $" on {worst.Mutex}";
        string others = all == worst.Count ? "" : Invariant($" ({all:N0} rejections in all)");
        return new Finding(FindingSeverity.Error, "irql-rejection", Invariant(
            $"{worst.Operation}{mutex} was refused {Count(worst.Count, "time")}{place}: called at {IrqlName.Of(worst.Irql)}, legal up to {IrqlName.Of(worst.MaximumIrql)}{others}."));
    }

    private static Finding? Leaks(IReadOnlyList<LiveMutexRow> live)
    {
        if (live.Count == 0)
        {
            return null;
        }

        List<LiveMutexRow> leaked = [.. live.Where(mutex => mutex.State == LiveState.Leaked)];
        List<LiveMutexRow> shown = leaked.Count > 0 ? leaked : [.. live];
        var worst = shown.GroupBy(mutex => mutex.Site?.Short ?? "an unknown site")
            .OrderByDescending(site => site.Count()).ThenBy(site => site.Key, StringComparer.Ordinal).First();
        string where = worst.Count() == shown.Count ? $"all from {worst.Key}" : Invariant($"{worst.Count():N0} of them from {worst.Key}");
        where = shown.Count == 1 ? $"from {worst.Key}" : where;
        long bytes = shown.Sum(mutex => mutex.Bytes);
        return leaked.Count > 0
            ? new Finding(FindingSeverity.Error, "leak", Invariant(
                $"{Count(leaked.Count, "mutex", "mutexes")} leaked ({bytes:N0} bytes, {where}): allocated and still not freed when the driver unloaded."))
            : new Finding(FindingSeverity.Note, "live", Invariant(
                $"{Count(live.Count, "mutex", "mutexes")} live at the end ({bytes:N0} bytes, {where}): in use or leaked, the recording cannot tell."));
    }

    private static string Count(long count, string one, string? many = null) => Invariant($"{count:N0} {(count == 1 ? one : many ?? one + "s")}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
