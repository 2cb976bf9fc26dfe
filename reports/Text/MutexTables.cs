using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Text;

/// <summary>The two tables of mutexes: who is waited for, and who holds. Each lists only what hurts and counts the rest in a line.</summary>
internal sealed class MutexTables(LockReport report, TextPage page)
{
    private readonly IReadOnlyList<MutexGroup> _groups = MutexGroup.Group(report.Mutexes, page.Style.By);

    // With one mutex per row, a column of ones says nothing.
    private bool CountsMutexes => _groups.Any(group => group.Mutexes.Count > 1);

    public void WriteWaits()
    {
        if (_groups.Count == 0)
        {
            return;
        }

        page.WriteHead("Waits");
        List<MutexGroup> waited = [.. _groups.Where(group => group.WasWaitedFor)];
        if (waited.Count > 0)
        {
            var table = new TextTable(page.Style.Width, [
                .. NameColumns(), new("acquires"), new("waited"), new("%"), new("total"), new("mean"), new("p50"), new("p99"), new("max"),
                new("", AlignRight: false)]);
            foreach (MutexGroup group in Top(waited, MutexOrder.Wait))
            {
                table.Add([
                    .. NameCells(group), HumanCount.Format(group.Acquires), HumanCount.Format(group.Contended), Percent(group),
                    .. Columns(group.Wait), CountSourceWords.Mark(group.CountedFrom)]);
            }

            page.Write(table);
            page.WriteRest(waited.Count, Rows);
        }

        WriteGivenUp();
        WriteNeverWaitedFor();
        WriteCut("waits", report.AllWaits);
        if (waited.Any(group => group.CountedFrom != CountSource.Events))
        {
            page.WriteNote(CountSourceWords.Legend);
        }
    }

    public void WriteHolds()
    {
        List<MutexGroup> held = [.. _groups.Where(group => group.WasHeld)];
        if (held.Count == 0)
        {
            return;
        }

        page.WriteHead("Holds");
        var table = new TextTable(page.Style.Width, [
            .. NameColumns(), new("holds"), new("depth"), new("% of time"), new("total"), new("mean"), new("p50"), new("p99"), new("max")]);
        foreach (MutexGroup group in Top(held, MutexOrder.Hold))
        {
            table.Add([
                .. NameCells(group), HumanCount.Format(group.Hold.Count), HumanCount.Format(group.DeepestRecursion), Share(group), .. Columns(group.Hold)]);
        }

        page.Write(table);
        page.WriteRest(held.Count, Rows);
        WriteCut("holds", report.AllHolds);
    }

    private string Rows => CountsMutexes ? "groups" : "mutexes";

    private IEnumerable<MutexGroup> Top(IEnumerable<MutexGroup> groups, MutexOrder usual) =>
        MutexRanking.Rank(groups, page.Style.Sort ?? usual).Take(page.Style.Top);

    private TextColumn[] NameColumns()
    {
        var name = new TextColumn(page.Style.By == GroupBy.Site ? "site" : "mutex", AlignRight: false, IsName: true);
        return CountsMutexes ? [name, new TextColumn("count")] : [name];
    }

    private string[] NameCells(MutexGroup group) =>
        CountsMutexes ? [SafeText.Name(group.Name), HumanCount.Format(group.Mutexes.Count)] : [SafeText.Name(group.Name)];

    // They have no column: hardly a recording has any, and the names would be the shorter for it.
    private void WriteGivenUp()
    {
        MutexGroup[] groups = [.. _groups.Where(group => group.Failed > 0).OrderByDescending(group => group.Failed)];
        if (groups.Length == 0)
        {
            return;
        }

        IEnumerable<string> named = groups.Take(page.Style.Top).Select(group =>
            $"{SafeText.Name(group.Name)} {HumanCount.Format(group.Failed)} (after at most {HumanDuration.Format(group.Mutexes.Max(mutex => mutex.FailedWait.MaxNs))})");
        string rest = groups.Length > page.Style.Top ? TextPage.Text($", and {groups.Length - page.Style.Top:N0} more") : "";
        page.WriteNote($"Acquires that gave up, not counted above: {string.Join(", ", named)}{rest}.");
    }

    private void WriteNeverWaitedFor()
    {
        List<MutexGroup> idle = [.. _groups.Where(group => !group.WasWaitedFor)];
        if (idle.Count == 0)
        {
            return;
        }

        int mutexes = idle.Sum(group => group.Mutexes.Count);
        long acquires = idle.SaturatingSum(group => group.Acquires);
        string others = mutexes == report.Mutexes.Count ? "Nobody waited" : "Nobody waited for the others";
        page.WriteNote(TextPage.Text(
            $"{others}: {mutexes:N0} {(mutexes == 1 ? "mutex" : "mutexes")}, {HumanCount.Format(acquires)} {(acquires == 1 ? "acquire" : "acquires")}."));
    }

    private void WriteCut(string what, DurationSummary all)
    {
        if (all.Censored.Count > 0)
        {
            page.WriteNote(TextPage.Text(
                $"{all.Censored.Count:N0} {what} are cut by an edge of the recording and not in the numbers above: the longest lasted at least {HumanDuration.Format(all.Censored.AtLeastMaxNs)}."));
        }

        if (all.Unknown > 0)
        {
            page.WriteNote(TextPage.Text($"{all.Unknown:N0} {what} have no known length and are not in the numbers above."));
        }
    }

    private static string[] Columns(DurationSummary duration) =>
    [
        Duration(duration.Count, duration.TotalNs), Duration(duration.Count, duration.MeanNs), Duration(duration.Sampled, duration.P50Ns),
        Duration(duration.Sampled, duration.P99Ns), Duration(duration.Count, duration.MaxNs),
    ];

    private static string Duration(long count, long nanoseconds) => count == 0 ? "-" : HumanDuration.Format(nanoseconds);

    // The share of the recording that a mutex was held; mutexes held at once may exceed it together, so a group has none.
    private string Share(MutexGroup group) => report.Trace.DurationNs == 0 || group.Mutexes.Count > 1 ? "-"
        : group.Hold.TotalNs > report.Trace.DurationNs ? ">100"
        : TextPage.Text($"{100.0 * group.Hold.TotalNs / report.Trace.DurationNs:0.0}");

    private static string Percent(MutexGroup group) =>
        group.Acquires == 0 || group.Contended > group.Acquires || group.CountedFrom == CountSource.ContendedEvents
            ? "-" : TextPage.Text($"{group.ContendedPercent:0.0}");
}
