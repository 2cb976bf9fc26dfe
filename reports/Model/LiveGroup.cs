namespace Tracing.Reports.Model;

/// <summary>Live mutexes of one label, allocation site and class: a leak in a loop is one line and not a thousand.</summary>
public sealed record LiveGroup
{
    /// <summary>What to call them: the mutex' own name when there is one, else what they share.</summary>
    public required string Name { get; init; }

    /// <summary>Where they were allocated; null where the trace does not say.</summary>
    public SourceSite? Site { get; init; }

    /// <summary>What is known about them.</summary>
    public LiveClass Class { get; init; }

    /// <summary>How many.</summary>
    public int Count { get; init; }

    /// <summary>Their pool memory together.</summary>
    public long Bytes { get; init; }

    /// <summary>How many of them were born in the recording.</summary>
    public int BornInTrace { get; init; }

    /// <summary>Age of the oldest; null where the trace does not say.</summary>
    public long? OldestNs { get; init; }

    /// <summary>How many were held when the recording ended.</summary>
    public int Held { get; init; }

    /// <summary>Time since any of them was last acquired, at the end; null when the recording knows of none.</summary>
    public long? LastUsedNs { get; init; }

    /// <summary>The thread that acquired one of them last; null when the recording knows of none.</summary>
    public int? LastThreadId { get; init; }

    /// <summary>Groups them, the worst class first, then the most bytes first.</summary>
    public static IReadOnlyList<LiveGroup> Group(IEnumerable<LiveMutexRow> mutexes) =>
    [
        .. mutexes.GroupBy(mutex => (mutex.Label, mutex.Site, mutex.Class)).Select(Make)
            .OrderByDescending(group => group.Class).ThenByDescending(group => group.Bytes).ThenByDescending(group => group.Count)
            .ThenBy(group => group.Name, StringComparer.Ordinal).ThenBy(group => group.Site?.File, StringComparer.Ordinal).ThenBy(group => group.Site?.Line),
    ];

    private static LiveGroup Make(IGrouping<(string Label, SourceSite? Site, LiveClass Class), LiveMutexRow> group)
    {
        LiveMutexRow[] mutexes = [.. group];
        string shared = group.Key.Label.Length > 0 ? group.Key.Label : group.Key.Site?.Short ?? "(no label)";
        UInt128 bytes = mutexes.Aggregate(UInt128.Zero, (sum, mutex) => sum + (ulong)mutex.Bytes);
        LiveMutexRow last = mutexes.MinBy(mutex => mutex.LastUsedNs ?? long.MaxValue)!;
        return new LiveGroup
        {
            Name = mutexes.Length == 1 ? mutexes[0].Name : shared,
            Site = group.Key.Site,
            Class = group.Key.Class,
            Count = mutexes.Length,
            Bytes = bytes > (UInt128)long.MaxValue ? long.MaxValue : (long)bytes,
            BornInTrace = mutexes.Count(mutex => mutex.BornInTrace),
            OldestNs = mutexes.Max(mutex => mutex.AgeNs),
            Held = mutexes.Count(mutex => mutex.OwnerThreadId is not null),
            LastUsedNs = last.LastUsedNs,
            LastThreadId = last.LastThreadId,
        };
    }
}
