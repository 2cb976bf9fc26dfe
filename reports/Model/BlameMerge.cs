namespace Tracing.Reports.Model;

/// <summary>
/// Who made whom wait over several recordings, by place. Each recording's sums add up, so theirs do: blame, hand-off and unknown together are the waits, in ticks, each
/// recording counted in those of its own clock.
/// </summary>
internal static class BlameMerge
{
    // As many as one recording lists.
    private const int MostSitePairs = 1000;

    public static BlameSummary Merge(IReadOnlyList<BlameSummary> parts)
    {
        SiteBlameRow[] sites =
        [
            .. parts.SelectMany((part, i) => part.Sites.Select(row => (Key: (row.Cause, MergedSite.Of(row.HolderSite, i), MergedSite.Of(row.WaiterSite, i)), Row: row)))
                .GroupBy(pair => pair.Key, pair => pair.Row)
                .Select(same => same.First() with { Ns = same.SaturatingSum(row => row.Ns), Parts = same.SaturatingSum(row => row.Parts) })
                .OrderByDescending(row => row.Ns).ThenByDescending(row => row.Parts).ThenBy(row => row.Cause)
                .ThenBy(row => row.HolderSite?.Short, StringComparer.Ordinal).ThenBy(row => row.WaiterSite?.Short, StringComparer.Ordinal)
                .ThenBy(row => row.HolderSite, SourceSite.Order).ThenBy(row => row.WaiterSite, SourceSite.Order),
        ];
        long blamed = parts.SaturatingSum(part => part.BlamedNs);
        return new BlameSummary
        {
            Waits = parts.SaturatingSum(part => part.Waits),
            WaitTicks = parts.SaturatingSum(part => part.WaitTicks),
            BlamedTicks = parts.SaturatingSum(part => part.BlamedTicks),
            HandOffTicks = parts.SaturatingSum(part => part.HandOffTicks),
            UnknownTicks = parts.SaturatingSum(part => part.UnknownTicks),
            WaitNs = parts.SaturatingSum(part => part.WaitNs),
            BlamedNs = blamed,
            HandOffNs = parts.SaturatingSum(part => part.HandOffNs),
            UnknownNs = parts.SaturatingSum(part => part.UnknownNs),
            Sites = [.. sites.Take(MostSitePairs)],
            OtherSitesNs = parts.Select(part => part.OtherSitesNs).Concat(sites.Skip(MostSitePairs).Select(row => row.Ns)).SaturatingSum(ns => ns),

            // A thread's number means nothing in another recording.
            OtherThreadsNs = blamed,
        };
    }
}
