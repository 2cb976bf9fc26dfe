using System.Runtime.InteropServices;

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
    public static IReadOnlyList<MutexGroup> Group(IReadOnlyList<MutexRow> mutexes, GroupBy by) => Group(mutexes, by, null);

    /// <summary>The classes that some mutexes belong to, each whole, and called as among all classes. Of the others nothing is added up.</summary>
    /// <param name="some">The mutexes whose classes are sought.</param>
    /// <param name="mutexes">The mutexes of all classes.</param>
    public static IReadOnlyList<MutexGroup> ClassesOf(IEnumerable<MutexRow> some, IReadOnlyList<MutexRow> mutexes)
    {
        HashSet<MutexClass> classes = [.. some.Select(mutex => mutex.Class)];
        return classes.Count == 0 ? [] : Group(mutexes, GroupBy.Class, classes);
    }

    // Groups are called so that they differ among all of those that the sought ones are a selection of.
    private static IReadOnlyList<MutexGroup> Group(IReadOnlyList<MutexRow> mutexes, GroupBy by, HashSet<MutexClass>? sought)
    {
        ArgumentNullException.ThrowIfNull(mutexes);
        Dictionary<object, MutexSum> sums = [];
        HashSet<string> builds = [];
        int place = 0;
        foreach (MutexRow mutex in mutexes)
        {
            _ = builds.Add(mutex.Build);
            if (sought is null || sought.Contains(mutex.Class))
            {
                object key = by switch
                {
                    GroupBy.Class => mutex.Class,
                    GroupBy.Mutex => place,
                    GroupBy.Label => mutex.Label,
                    GroupBy.Site => (object?)mutex.Site ?? "",
                    _ => throw new ArgumentOutOfRangeException(nameof(by), by, "No such grouping."),
                };
                ref MutexSum? sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);
                sum ??= new MutexSum();
                sum.Add(mutex, place);
            }

            place++;
        }

        bool tellsBuilds = by == GroupBy.Class && builds.Count > 1;
        return [.. MutexRanking.Rank(sums.Values.Select(sum => sum.ToGroup(NameOf(sum, by, tellsBuilds), mutexes)), MutexOrder.Wait)];
    }

    private static string NameOf(MutexSum sum, GroupBy by, bool tellsBuilds)
    {
        MutexRow first = sum.First!;
        string name = by switch
        {
            GroupBy.Label when first.Label.Length == 0 => "(no label)",
            GroupBy.Site => first.Site?.Short ?? "(no site)",
            _ when sum.Count == 1 => first.Name,
            GroupBy.Label => first.Label,
            _ => first.Class.Name,
        };
        return tellsBuilds ? first.Class.WithBuild(name) : name;
    }

    /// <summary>Any mutexes as one; there may be none.</summary>
    /// <param name="name">What to call them.</param>
    /// <param name="mutexes">The mutexes.</param>
    public static MutexGroup Of(string name, IReadOnlyList<MutexRow> mutexes)
    {
        ArgumentNullException.ThrowIfNull(mutexes);
        var sum = new MutexSum();
        foreach ((int place, MutexRow mutex) in mutexes.Index())
        {
            sum.Add(mutex, place);
        }

        return sum.ToGroup(name, mutexes);
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
