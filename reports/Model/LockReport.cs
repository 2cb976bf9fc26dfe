namespace Tracing.Reports.Model;

/// <summary>
/// What one analysis found: plain data, complete before anything is shown. Every renderer (text, HTML, JSON, plots) reads this and nothing else,
/// so two outputs of one report cannot disagree.
/// </summary>
/// <remarks>
/// Immutable and safe to share between threads. All durations are nanoseconds, all sizes bytes. Strings that came out of a trace (labels, files,
/// members, provider names) are kept exactly as found and are not to be trusted: each renderer escapes them for its own medium.
/// </remarks>
public sealed record LockReport
{
    /// <summary>The version of this shape that the code at hand writes: raised when a field changes its meaning or goes away.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>The version of the shape this report was made in.</summary>
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>What the report rests on: the files, the clock, the losses, the checks and the grade.</summary>
    public required TraceSummary Trace { get; init; }

    /// <summary>The reports that this one was merged from; empty for a report on one recording.</summary>
    public IReadOnlyList<LockReport> Recordings { get; init; } = [];

    /// <summary>What to fix first, worst first.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>
    /// One row per mutex that the trace knows of, by ascending id within each load of the driver. That of a mutex which was used once is made whenever it is looked at: who
    /// goes over them again and again makes a list of them.
    /// </summary>
    public IReadOnlyList<MutexRow> Mutexes { get; init; } = [];

    /// <summary>Waits of all mutexes together.</summary>
    public DurationSummary AllWaits { get; init; } = DurationSummary.None;

    /// <summary>Outermost holds of all mutexes together.</summary>
    public DurationSummary AllHolds { get; init; } = DurationSummary.None;

    /// <summary>Calls refused because the IRQL was too high, the most frequent first.</summary>
    public IReadOnlyList<IrqlRejectionRow> IrqlRejections { get; init; } = [];

    /// <summary>Mutexes allocated and not freed when the trace ended, the oldest first.</summary>
    public IReadOnlyList<LiveMutexRow> LiveMutexes { get; init; } = [];

    /// <summary>Who made whom wait.</summary>
    public BlameSummary Blame { get; init; } = BlameSummary.None;

    /// <summary>One row per call site that acquired, the most waited at first.</summary>
    public IReadOnlyList<UsageRow> BySite { get; init; } = [];

    /// <summary>One row per thread, the one that waited longest first.</summary>
    public IReadOnlyList<UsageRow> ByThread { get; init; } = [];

    /// <summary>One row per process, the one that waited longest first.</summary>
    public IReadOnlyList<UsageRow> ByProcess { get; init; } = [];

    /// <summary>Deadlocks that formed in the recording, by the time when they did; at most 64 different ones per load of the driver.</summary>
    public IReadOnlyList<Deadlock> Deadlocks { get; init; } = [];

    /// <summary>Deadlocks beyond those listed.</summary>
    public long DeadlocksNotKept { get; init; }

    /// <summary>Mutexes whose owner ended while it held them, the most frequent first.</summary>
    public IReadOnlyList<AbandonmentRow> Abandonments { get; init; } = [];

    /// <summary>Contradicting lock orders, the nearest to a deadlock first: at most 64.</summary>
    public IReadOnlyList<PossibleDeadlock> PossibleDeadlocks { get; init; } = [];

    /// <summary>True when the lock order graph was too large to search it all: there may be more contradictions than are listed.</summary>
    public bool PossibleDeadlocksIncomplete { get; init; }

    /// <summary>The lock order graph, the most frequent order first.</summary>
    public IReadOnlyList<LockOrder> LockOrders { get; init; } = [];

    /// <summary>Occurrences of orders beyond the number that is kept; 0 in all but enormous recordings.</summary>
    public long LockOrdersNotKept { get; init; }

    /// <summary>Call stacks of the slowest waits and holds, of those that were recorded with one.</summary>
    public IReadOnlyList<StackRow> Stacks { get; init; } = [];

    /// <summary>What threads did while they held, by the place of the acquire, the longest held first; empty for a recording without scheduling events.</summary>
    public IReadOnlyList<HoldBreakdown> HoldBreakdowns { get; init; } = [];

    /// <summary>Mutexes that passed from waiter to waiter for long, the costliest first.</summary>
    public IReadOnlyList<Convoy> Convoys { get; init; } = [];

    /// <summary>Classes of KMutexes of which nothing was asked that a FastMutex cannot give, the most acquired first; none where not every acquire was recorded.</summary>
    public IReadOnlyList<FastMutexCandidate> FastMutexCandidates { get; init; } = [];

    /// <summary>The number of live mutexes over time, by allocation site, the steepest rise first.</summary>
    public IReadOnlyList<LiveGrowth> Growth { get; init; } = [];

    /// <summary>Who held and who waited, when; null unless it was asked for.</summary>
    public Timeline? Timeline { get; init; }

    /// <summary>Misuse that the driver saw, the most frequent first.</summary>
    public IReadOnlyList<MisuseRow> Misuses { get; init; } = [];

    /// <summary>What the recording calls the threads and processes whose numbers stand in the other parts.</summary>
    public ThreadNames Names { get; init; } = ThreadNames.None;

    /// <summary>What each class of mutexes did over time; null unless it was asked for.</summary>
    public LockActivity? Activity { get; init; }

    /// <summary>Allocations that failed, the most frequent first.</summary>
    public IReadOnlyList<AllocationFailureRow> AllocationFailures { get; init; } = [];

    /// <summary>Everything that was found and did not fit, counted by kind. Nothing unmatched is skipped in silence.</summary>
    public IReadOnlyList<Oddity> Oddities { get; init; } = [];

    /// <summary>Providers in the trace with their event counts, for a trace in which the driver's own is missing.</summary>
    public IReadOnlyList<ProviderCount> OtherProviders { get; init; } = [];
}
