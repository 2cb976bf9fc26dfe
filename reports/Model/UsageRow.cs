namespace Tracing.Reports.Model;

/// <summary>The use of locks by all that share a call site, a thread or a process.</summary>
public sealed record UsageRow
{
    /// <summary>What they share, in words: <c>Queue.cs:118</c>, <c>thread 4711</c>, <c>process 4</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The call site, for rows by site; null otherwise, or where the trace does not say.</summary>
    public SourceSite? Site { get; init; }

    /// <summary>The thread, for rows by thread; null otherwise.</summary>
    public int? ThreadId { get; init; }

    /// <summary>The process, for rows by process and by thread; null otherwise.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Successful acquires, recursive ones included.</summary>
    public long Acquires { get; init; }

    /// <summary>Those of them that waited.</summary>
    public long Contended { get; init; }

    /// <summary>Acquires that gave up.</summary>
    public long Failed { get; init; }

    /// <summary>Waits of contended acquires.</summary>
    public DurationSummary Wait { get; init; } = DurationSummary.None;

    /// <summary>Outermost holds.</summary>
    public DurationSummary Hold { get; init; } = DurationSummary.None;

    /// <summary>
    /// For rows by thread: time held, cut holds included, per hundred of the recording. A thread that holds two mutexes at once counts both, so that it may be above 100. Null
    /// otherwise, and where holds were not recorded.
    /// </summary>
    public double? HeldPercent { get; init; }

    /// <summary>Time that others waited while it was held from here, in nanoseconds.</summary>
    public long BlamedNs { get; init; }

    /// <summary>For rows by site: from which place the mutex had been held for most of the waiting here; null otherwise, or where nothing is known of it.</summary>
    public SourceSite? TopBlamedSite { get; init; }

    /// <summary>For rows by thread: for which thread it waited most; null otherwise, or for none.</summary>
    public int? TopBlamedThreadId { get; init; }

    /// <summary>For rows by process: for which process it waited most, itself included; null otherwise, or for none.</summary>
    public int? TopBlamedProcessId { get; init; }

    /// <summary>For how long these waited for that place, thread or process, in nanoseconds.</summary>
    public long TopBlamedNs { get; init; }

    /// <summary>The greatest depth of an acquire; 1 where no mutex was acquired again by its owner, 0 for no acquire.</summary>
    public int DeepestRecursion { get; init; }

    /// <summary>Calls refused because the IRQL was too high.</summary>
    public long IrqlRejections { get; init; }

    /// <summary>Misuse that the driver saw in calls from here, or by these threads.</summary>
    public long Misuses { get; init; }

    /// <summary>Contended acquires per hundred acquires; 0 when there were none.</summary>
    public double ContendedPercent => Acquires == 0 ? 0 : 100.0 * Contended / Acquires;

    /// <summary>The rows, those first that waited longest; of rows equal in all, by name, process and place.</summary>
    public static IReadOnlyList<UsageRow> Rank(IEnumerable<UsageRow> rows) =>
    [
        .. rows.OrderByDescending(row => row.Wait.TotalNs).ThenByDescending(row => row.BlamedNs).ThenByDescending(row => row.Hold.TotalNs)
            .ThenByDescending(row => row.Acquires).ThenBy(row => row.Name, StringComparer.Ordinal).ThenBy(row => row.ProcessId).ThenBy(row => row.Site, SourceSite.Order),
    ];

    /// <summary>Rows of one call site, of several recordings, as one.</summary>
    /// <param name="rows">The rows, one at least.</param>
    internal static UsageRow Combine(IReadOnlyList<UsageRow> rows) => rows[0] with
    {
        Acquires = rows.SaturatingSum(row => row.Acquires),
        Contended = rows.SaturatingSum(row => row.Contended),
        Failed = rows.SaturatingSum(row => row.Failed),
        Wait = DurationSummary.Combine(rows.Select(row => row.Wait)),
        Hold = DurationSummary.Combine(rows.Select(row => row.Hold)),
        BlamedNs = rows.SaturatingSum(row => row.BlamedNs),
        TopBlamedSite = null,
        TopBlamedNs = 0,
        DeepestRecursion = rows.Max(row => row.DeepestRecursion),
        IrqlRejections = rows.SaturatingSum(row => row.IrqlRejections),
        Misuses = rows.SaturatingSum(row => row.Misuses),
    };
}
