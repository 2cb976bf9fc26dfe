namespace Tracing.Reports.Model;

/// <summary>
/// Whom those waited for most that share a call site or a thread: by place for places, by thread for threads, as who made whom wait is kept. Of a place by thread it is not
/// kept, and nothing is said. For which process a process waited most says the analysis, which knows the process of each thread.
/// </summary>
public static class TopBlame
{
    /// <summary>Says of each place that waited from which place the mutex had been held for most of that.</summary>
    /// <param name="rows">Rows by call site, of the same recording as <paramref name="blame"/>.</param>
    /// <param name="blame">Its pairs of places come the most first, so that the first of a place is its greatest, whatever was cut off behind.</param>
    public static IReadOnlyList<UsageRow> OfSites(IReadOnlyList<UsageRow> rows, BlameSummary blame)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(blame);
        ILookup<SourceSite?, SiteBlameRow> pairs = blame.Sites.Where(pair => pair.Cause == BlameCause.Hold).ToLookup(pair => pair.WaiterSite);
        return [.. rows.Select(row => pairs[row.Site].FirstOrDefault() is SiteBlameRow top ? row with { TopBlamedSite = top.HolderSite, TopBlamedNs = top.Ns } : row)];
    }

    /// <summary>Says of each thread that waited for which thread it waited most. A number that two threads had in turn tells neither.</summary>
    /// <param name="rows">Rows by thread, of the same recording as <paramref name="blame"/>.</param>
    /// <param name="blame">Its pairs of threads come the most first.</param>
    public static IReadOnlyList<UsageRow> OfThreads(IReadOnlyList<UsageRow> rows, BlameSummary blame)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(blame);
        ILookup<int?, ThreadBlameRow> pairs = blame.Threads.ToLookup(pair => (int?)pair.WaiterThreadId);
        HashSet<int?> twice = [.. rows.GroupBy(row => row.ThreadId).Where(same => same.Skip(1).Any()).Select(same => same.Key)];
        return
        [
            .. rows.Select(row => !twice.Contains(row.ThreadId) && pairs[row.ThreadId].FirstOrDefault() is ThreadBlameRow top
                ? row with { TopBlamedThreadId = top.HolderThreadId, TopBlamedNs = top.Ns }
                : row),
        ];
    }
}
