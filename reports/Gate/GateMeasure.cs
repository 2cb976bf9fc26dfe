using Tracing.Reports.Model;

namespace Tracing.Reports.Gate;

/// <summary>A number that a rule can be about.</summary>
/// <param name="Name">How a rule names it, such as <c>p99 wait</c> or <c>leaks</c>.</param>
/// <param name="Unit">What it is counted in.</param>
/// <param name="Scope">What it is a number of.</param>
/// <param name="Read">Takes it from a report, for the mutexes given.</param>
public sealed record GateMeasure(string Name, GateUnit Unit, GateScope Scope, Func<LockReport, MutexGroup, GateReading> Read)
{
    private const string LightHolds = "the recording is light (keyword Lock off): of holds it has no percentiles";
    private const string OnlyWaits = "the recording is light and has no counters of this mutex: only acquires that waited are known";
    private const string NoUnload = "the unload of the driver is not in the recording, so that what is live may be in use or leaked";
    private const string OtherCount = "the driver counted other live mutexes when it unloaded than the recording shows";
    private const string LightOrder = "the recording is light (keyword Lock off): the order of locks is not in it";

    private static readonly (string Name, Func<DurationSummary, long> Of)[] Percentiles =
        [("p50", times => times.P50Ns), ("p90", times => times.P90Ns), ("p99", times => times.P99Ns), ("p99.9", times => times.P999Ns)];

    /// <summary>All there are, in the order in which they are explained.</summary>
    public static IReadOnlyList<GateMeasure> All { get; } =
    [
        .. Times("wait", group => group.Wait), .. Times("hold", group => group.Hold),
        Count("acquires", group => group.Acquires, group => group.CountedFrom == CountSource.ContendedEvents ? OnlyWaits : null),
        Count("contended", group => group.Contended, _ => null),
        Count("failed", group => group.Mutexes.Sum(mutex => (decimal)mutex.Failed), _ => null),
        Count("sequence-gaps", group => group.SequenceGaps, _ => null),
        new("irql-rejections", GateUnit.Count, GateScope.Mutexes, ReadRejections),
        new("misuses", GateUnit.Count, GateScope.Mutexes, ReadMisuses),
        new("leaks", GateUnit.Count, GateScope.Mutexes, (report, group) => ReadLive(report, group, LiveClass.Leaked)),
        new("live", GateUnit.Count, GateScope.Mutexes, (report, group) => ReadLive(report, group, null)),
        Whole("deadlocks", report => report.Deadlocks.Count(deadlock => deadlock.IsCertain), _ => null),
        Whole("possible-deadlocks", report => report.PossibleDeadlocks.Count(possible => possible.IsCertain), report => report.Trace.LockEventsRecorded ? null : LightOrder),
        Whole("convoys", report => report.Convoys.Count, _ => null),
        Whole("findings", report => report.Findings.Count, _ => null),
        Whole("events-lost", report => report.Trace.EventsLost, _ => null),
    ];

    private static IEnumerable<GateMeasure> Times(string what, Func<MutexGroup, DurationSummary> of)
    {
        foreach ((string name, Func<DurationSummary, long> percentile) in Percentiles)
        {
            yield return new($"{name} {what}", GateUnit.Duration, GateScope.EachClass, (_, group) =>
                new GateReading(percentile(of(group)), of(group).Sampled < of(group).Count ? LightHolds : UnknownTimes(what, group)));
        }

        yield return new($"mean {what}", GateUnit.Duration, GateScope.EachClass, (_, group) => new GateReading(of(group).MeanNs, UnknownTimes(what, group)));

        // What was cut by an edge of the recording lasted at least so long: for a sum and for the longest that is part of the truth.
        yield return new($"max {what}", GateUnit.Duration, GateScope.EachClass, (_, group) =>
            new GateReading(Math.Max(of(group).MaxNs, of(group).Censored.AtLeastMaxNs), UnknownTimes(what, group), IsAtLeast: true));
        yield return new($"total {what}", GateUnit.Duration, GateScope.EachClass, (_, group) =>
            new GateReading((decimal)of(group).TotalNs + of(group).Censored.AtLeastTotalNs, UnknownTimes(what, group), IsAtLeast: true));
    }

    private static string? UnknownTimes(string what, MutexGroup group) => what == "hold" && group.CountedFrom == CountSource.ContendedEvents ? OnlyWaits : null;

    private static GateMeasure Count(string name, Func<MutexGroup, decimal> count, Func<MutexGroup, string?> doubt) =>
        new(name, GateUnit.Count, GateScope.Mutexes, (_, group) => new GateReading(count(group), doubt(group), IsAtLeast: true));

    private static GateMeasure Whole(string name, Func<LockReport, long> count, Func<LockReport, string?> doubt) =>
        new(name, GateUnit.Count, GateScope.Recording, (report, _) => new GateReading(count(report), doubt(report), IsAtLeast: true));

    private static GateReading ReadRejections(LockReport report, MutexGroup group)
    {
        bool all = group.Mutexes.Count == report.Mutexes.Count;
        HashSet<(ulong, string)> wanted = Names(group);
        List<IrqlRejectionRow> rows = [.. report.IrqlRejections.Where(row => all || wanted.Contains((row.MutexId, row.Mutex)))];
        return new GateReading(rows.Sum(row => (decimal)row.Count), null, IsAtLeast: true, rows.FirstOrDefault()?.Site);
    }

    private static GateReading ReadMisuses(LockReport report, MutexGroup group)
    {
        bool all = group.Mutexes.Count == report.Mutexes.Count;
        HashSet<(ulong, string)> wanted = Names(group);
        List<MisuseRow> rows = [.. report.Misuses.Where(row => all || wanted.Contains((row.MutexId, row.Mutex)))];
        return new GateReading(rows.Sum(row => (decimal)row.Count), null, IsAtLeast: true, rows.FirstOrDefault()?.Site);
    }

    private static GateReading ReadLive(LockReport report, MutexGroup group, LiveClass? wantedClass)
    {
        HashSet<(ulong, string)> wanted = Names(group);
        List<LiveMutexRow> rows = [.. report.LiveMutexes.Where(mutex => wanted.Contains((mutex.Id, mutex.Name)) && Counts(mutex))];
        string? doubt = wantedClass is null
            ? report.Trace.Rundown is RundownState.Complete or RundownState.NotNeeded ? null : "without a complete rundown, mutexes that were alive before the recording are not known"
            : report.Trace.LeaksAreCertain ? null : report.Trace.LiveAtUnload is null ? NoUnload : OtherCount;
        return new GateReading(rows.Count, doubt, IsAtLeast: true, rows.FirstOrDefault()?.Site);

        // Where events are missing, what has no free may have been freed.
        bool Counts(LiveMutexRow mutex) => wantedClass is LiveClass one ? mutex.Class == one : report.Trace.Grade < TrustGrade.C || mutex.Class == LiveClass.Leaked;
    }

    // Ids begin anew each time the driver is loaded; together with the name they tell mutexes of one recording apart.
    private static HashSet<(ulong Id, string Name)> Names(MutexGroup group) => [.. group.Mutexes.Select(mutex => (mutex.Id, mutex.Name))];
}

/// <summary>What a measure is counted in.</summary>
public enum GateUnit
{
    /// <summary>Nanoseconds; a rule writes ns, us, ms or s.</summary>
    Duration,

    /// <summary>Times.</summary>
    Count,
}

/// <summary>What a measure is a number of when the rule names no mutex.</summary>
public enum GateScope
{
    /// <summary>Of each class of mutexes (label and allocation site): one beyond the limit is one too many.</summary>
    EachClass,

    /// <summary>Of all mutexes together.</summary>
    Mutexes,

    /// <summary>Of the recording; it cannot be had for one mutex.</summary>
    Recording,
}

/// <summary>A measure taken from a report.</summary>
/// <param name="Value">The number; nanoseconds for a duration.</param>
/// <param name="Doubt">Why the recording cannot tell the true number; null when it can.</param>
/// <param name="IsAtLeast">Whether the true number can only be as great or greater when something is missing.</param>
/// <param name="Site">Where in the source it belongs; null for the mutexes' own site.</param>
public sealed record GateReading(decimal Value, string? Doubt, bool IsAtLeast = false, SourceSite? Site = null);
