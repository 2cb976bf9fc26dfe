namespace Tracing.Reports.Model;

/// <summary>Which mutexes of a report to look at. The recording, its trust and its verdict stay those of the whole.</summary>
/// <param name="Mutex">Part of a name or label, in any case, or <c>#</c> and an id; null for any.</param>
/// <param name="Site">Part of a file, a member, or <c>Queue.cs:118</c>, in any case; null for any.</param>
public sealed record ReportFilter(string? Mutex, string? Site)
{
    /// <summary>Whether anything is left out.</summary>
    public bool IsActive => Mutex is not null || Site is not null;

    /// <summary>The report with what passes: its mutexes, their sums, the calls refused on them and those of them that are live.</summary>
    public LockReport Apply(LockReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (!IsActive)
        {
            return report;
        }

        MutexRow[] mutexes = [.. report.Mutexes.Where(mutex => Passes(mutex.Id, mutex.Name, mutex.Label, mutex.Site))];
        return report with
        {
            Mutexes = mutexes,
            AllWaits = DurationSummary.Combine(mutexes.Select(mutex => mutex.Wait)),
            AllHolds = DurationSummary.Combine(mutexes.Select(mutex => mutex.Hold)),
            IrqlRejections = [.. report.IrqlRejections.Where(row => Passes(row.MutexId, row.Mutex, row.MutexLabel, row.Site))],
            LiveMutexes = [.. report.LiveMutexes.Where(mutex => Passes(mutex.Id, mutex.Name, mutex.Label, mutex.Site))],
            Stacks = [.. report.Stacks.Where(row => mutexes.Any(mutex => mutex.Id == row.MutexId && mutex.Name == row.Mutex))],
            Timeline = report.Timeline is null ? null : report.Timeline with
            {
                Mutexes = [.. report.Timeline.Mutexes.Where(lane => mutexes.Any(mutex => mutex.Id == lane.Id && mutex.Name == lane.Name))],
            },
        };
    }

    private bool Passes(ulong id, string name, string label, SourceSite? site) => PassesMutex(id, name, label) && PassesSite(site);

    private bool PassesMutex(ulong id, string name, string label) =>
        Mutex is null
        || (Mutex.StartsWith('#') && ulong.TryParse(Mutex.AsSpan(1), out ulong wanted)
            ? wanted == id
            : name.Contains(Mutex, StringComparison.OrdinalIgnoreCase) || label.Contains(Mutex, StringComparison.OrdinalIgnoreCase));

    private bool PassesSite(SourceSite? site) =>
        Site is null
        || (site is not null && (site.Short.Contains(Site, StringComparison.OrdinalIgnoreCase)
            || site.File.Contains(Site, StringComparison.OrdinalIgnoreCase) || site.Member.Contains(Site, StringComparison.OrdinalIgnoreCase)));
}
