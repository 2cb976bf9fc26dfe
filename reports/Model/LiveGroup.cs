namespace Tracing.Reports.Model;

/// <summary>Live mutexes of one label, allocation site and state: a leak in a loop is one line and not a thousand.</summary>
/// <param name="Name">What to call them: the mutex' own name when there is one, else what they share.</param>
/// <param name="Site">Where they were allocated; null where the trace does not say.</param>
/// <param name="State">What is known about them.</param>
/// <param name="Count">How many.</param>
/// <param name="Bytes">Their pool memory together.</param>
/// <param name="OldestNs">Age of the oldest; null where the trace does not say.</param>
/// <param name="Held">How many were held when the recording ended.</param>
public sealed record LiveGroup(string Name, SourceSite? Site, LiveState State, int Count, long Bytes, long? OldestNs, int Held)
{
    /// <summary>Groups them, leaks before the rest, then the most bytes first.</summary>
    public static IReadOnlyList<LiveGroup> Group(IEnumerable<LiveMutexRow> mutexes) =>
    [
        .. mutexes.GroupBy(mutex => (mutex.Label, mutex.Site, mutex.State)).Select(Make)
            .OrderByDescending(group => group.State).ThenByDescending(group => group.Bytes).ThenByDescending(group => group.Count)
            .ThenBy(group => group.Name, StringComparer.Ordinal).ThenBy(group => group.Site?.File, StringComparer.Ordinal).ThenBy(group => group.Site?.Line),
    ];

    private static LiveGroup Make(IGrouping<(string Label, SourceSite? Site, LiveState State), LiveMutexRow> group)
    {
        LiveMutexRow[] mutexes = [.. group];
        string shared = group.Key.Label.Length > 0 ? group.Key.Label : group.Key.Site?.Short ?? "(no label)";
        UInt128 bytes = mutexes.Aggregate(UInt128.Zero, (sum, mutex) => sum + (ulong)mutex.Bytes);
        return new LiveGroup(
            mutexes.Length == 1 ? mutexes[0].Name : shared, group.Key.Site, group.Key.State, mutexes.Length,
            bytes > (UInt128)long.MaxValue ? long.MaxValue : (long)bytes, mutexes.Max(mutex => mutex.AgeNs), mutexes.Count(mutex => mutex.OwnerThreadId is not null));
    }
}
