namespace Tracing.Reports.Model;

/// <summary>
/// Mutexes that have something in common, as one: a driver that makes a mutex per request has thousands of them, and they are one thing to fix.
/// </summary>
public sealed record MutexGroup
{
    /// <summary>What to call it: the mutex' own name for a group of one, else what its mutexes share.</summary>
    public required string Name { get; init; }

    /// <summary>Where its mutexes were allocated; null where they differ or the trace does not say.</summary>
    public SourceSite? Site { get; init; }

    /// <summary>Its mutexes, by ascending id.</summary>
    public required IReadOnlyList<MutexRow> Mutexes { get; init; }

    /// <summary>Successful acquires of all, recursive ones included.</summary>
    public long Acquires { get; init; }

    /// <summary>Acquires of all whose zero-timeout try failed.</summary>
    public long Contended { get; init; }

    /// <summary>Acquires of all that gave up.</summary>
    public long Failed { get; init; }

    /// <summary>Waits of all.</summary>
    public DurationSummary Wait { get; init; } = DurationSummary.None;

    /// <summary>Outermost holds of all.</summary>
    public DurationSummary Hold { get; init; } = DurationSummary.None;

    /// <summary>The deepest recursion among them.</summary>
    public int DeepestRecursion { get; init; }

    /// <summary>The most threads that waited for one of them at a time.</summary>
    public int DeepestQueue { get; init; }

    /// <summary>How often one of them went over to another thread.</summary>
    public long OwnerSwitches { get; init; }

    /// <summary>Time of the waits of all during which somebody held the mutex, in nanoseconds.</summary>
    public long BlamedNs { get; init; }

    /// <summary>Acquisitions of all whose events are not in the file.</summary>
    public long SequenceGaps { get; init; }

    /// <summary>Calls on any of them refused because the IRQL was too high.</summary>
    public long IrqlRejections { get; init; }

    /// <summary>Misuse of any of them that the driver saw.</summary>
    public long Misuses { get; init; }

    /// <summary>How far their numbers can be trusted: the worst grade among them.</summary>
    public TrustGrade Grade { get; init; }

    /// <summary>The least of what the counts of its mutexes come from: one that is not counted from events makes the sum so.</summary>
    public CountSource CountedFrom { get; init; }

    /// <summary>Whether anybody had to wait, a wait that was given up or has a lost or cut end included.</summary>
    public bool WasWaitedFor => Contended > 0 || Failed > 0 || Wait.Count + Wait.Censored.Count + Wait.Unknown > 0;

    /// <summary>Whether it was held at any time.</summary>
    public bool WasHeld => Hold.Count + Hold.Censored.Count + Hold.Unknown > 0;

    /// <summary>Contended acquires per hundred acquires; 0 when there were none.</summary>
    public double ContendedPercent => Acquires == 0 ? 0 : 100.0 * Contended / Acquires;

    /// <summary>Groups mutexes. The order of the groups is that of <see cref="MutexRanking"/> by total wait.</summary>
    /// <param name="mutexes">The mutexes.</param>
    /// <param name="by">What they are put together by.</param>
    public static IReadOnlyList<MutexGroup> Group(IEnumerable<MutexRow> mutexes, GroupBy by) => Group(mutexes, by, mutexes);

    /// <summary>The classes that some mutexes belong to, each whole, and called as among all classes: the others, which may be a million, cost nothing.</summary>
    /// <param name="some">The mutexes whose classes are sought.</param>
    /// <param name="mutexes">The mutexes of all classes.</param>
    public static IReadOnlyList<MutexGroup> ClassesOf(IEnumerable<MutexRow> some, IReadOnlyList<MutexRow> mutexes)
    {
        HashSet<MutexClass> classes = [.. some.Select(mutex => mutex.Class)];
        return classes.Count == 0 ? [] : Group(mutexes.Where(mutex => classes.Contains(mutex.Class)), GroupBy.Class, mutexes);
    }

    // Groups are called so that they differ among all of those that the mutexes are a selection of.
    private static IReadOnlyList<MutexGroup> Group(IEnumerable<MutexRow> mutexes, GroupBy by, IEnumerable<MutexRow> among)
    {
        ArgumentNullException.ThrowIfNull(mutexes);
        IEnumerable<IGrouping<object, MutexRow>> groups = by switch
        {
            GroupBy.Class => mutexes.GroupBy(mutex => (object)mutex.Class),
            GroupBy.Mutex => mutexes.Select((mutex, i) => (mutex, i)).GroupBy(pair => (object)pair.i, pair => pair.mutex),
            GroupBy.Label => mutexes.GroupBy(mutex => (object)mutex.Label),
            GroupBy.Site => mutexes.GroupBy(mutex => (object?)mutex.Site ?? ""),
            _ => throw new ArgumentOutOfRangeException(nameof(by), by, "No such grouping."),
        };
        bool tellsBuilds = by == GroupBy.Class && among.Select(mutex => mutex.Build).Distinct().Skip(1).Any();
        return [.. MutexRanking.Rank(groups.Select(group => Make([.. group], by)).Select(group => tellsBuilds ? group with { Name = group.Mutexes[0].Class.WithBuild(group.Name) } : group), MutexOrder.Wait)];
    }

    private static MutexGroup Make(MutexRow[] mutexes, GroupBy by)
    {
        Array.Sort(mutexes, (a, b) => a.Id.CompareTo(b.Id));
        MutexRow first = mutexes[0];
        string shared = by switch
        {
            GroupBy.Label => first.Label.Length == 0 ? "(no label)" : first.Label,
            GroupBy.Site => first.Site?.Short ?? "(no site)",
            _ => first.Class.Name,
        };
        return Of(mutexes.Length == 1 && by != GroupBy.Site && shared != "(no label)" ? first.Name : shared, mutexes);
    }

    /// <summary>Any mutexes as one; there may be none.</summary>
    /// <param name="name">What to call them.</param>
    /// <param name="mutexes">The mutexes, by ascending id.</param>
    public static MutexGroup Of(string name, IReadOnlyList<MutexRow> mutexes)
    {
        ArgumentNullException.ThrowIfNull(mutexes);
        SourceSite? site = mutexes.Count == 0 ? null : mutexes[0].Site;
        (Int128 acquires, Int128 contended, Int128 failed, Int128 switches, Int128 blamed, Int128 gaps, Int128 rejections, Int128 misuses) =
            default((Int128, Int128, Int128, Int128, Int128, Int128, Int128, Int128));
        (int recursion, int queue, TrustGrade grade, CountSource source) = default((int, int, TrustGrade, CountSource));
        var waits = new DurationSummary[mutexes.Count];
        var holds = new DurationSummary[mutexes.Count];
        for (int i = 0; i < mutexes.Count; i++)
        {
            MutexRow mutex = mutexes[i];
            site = mutex.Site == site ? site : null;
            acquires += mutex.Acquires;
            contended += mutex.Contended;
            failed += mutex.Failed;
            switches += mutex.OwnerSwitches;
            blamed += mutex.BlamedNs;
            gaps += mutex.SequenceGaps;
            rejections += mutex.IrqlRejections;
            misuses += mutex.Misuses;
            recursion = Math.Max(recursion, mutex.DeepestRecursion);
            queue = Math.Max(queue, mutex.DeepestQueue);
            grade = mutex.Grade > grade ? mutex.Grade : grade;
            source = mutex.CountedFrom > source ? mutex.CountedFrom : source;
            (waits[i], holds[i]) = (mutex.Wait, mutex.Hold);
        }

        return new MutexGroup
        {
            Name = name,
            Site = site,
            Mutexes = mutexes,
            Acquires = SaturatingSums.Saturate(acquires),
            Contended = SaturatingSums.Saturate(contended),
            Failed = SaturatingSums.Saturate(failed),
            Wait = DurationSummary.Combine(waits),
            Hold = DurationSummary.Combine(holds),
            DeepestRecursion = recursion,
            DeepestQueue = queue,
            OwnerSwitches = SaturatingSums.Saturate(switches),
            BlamedNs = SaturatingSums.Saturate(blamed),
            SequenceGaps = SaturatingSums.Saturate(gaps),
            IrqlRejections = SaturatingSums.Saturate(rejections),
            Misuses = SaturatingSums.Saturate(misuses),
            Grade = grade,
            CountedFrom = source,
        };
    }
}

/// <summary>What mutexes are put together by.</summary>
public enum GroupBy
{
    /// <summary>Label, allocation site and build: mutexes that the driver's source does not tell apart.</summary>
    Class,

    /// <summary>Nothing: each by itself.</summary>
    Mutex,

    /// <summary>Label.</summary>
    Label,

    /// <summary>Allocation site.</summary>
    Site,
}
