namespace Tracing.Reports.Model;

/// <summary>
/// Who made whom wait. Each measured wait is divided over the holds that had the mutex during it, by overlap in time; what lies between two holds is
/// hand-off, and what cannot be told because events are missing is unknown. In clock ticks the three add up to the waits exactly.
/// </summary>
/// <remarks>
/// Waits that were given up, and waits cut by an edge of the recording, are not divided: they are in no total. In a report of several recordings, ticks are those of each
/// recording's own clock, and threads and chains are left to the reports of each.
/// </remarks>
public sealed record BlameSummary
{
    /// <summary>No wait was measured.</summary>
    public static BlameSummary None { get; } = new();

    /// <summary>Waits that were divided.</summary>
    public long Waits { get; init; }

    /// <summary>Sum of these waits, in ticks of the driver's clock.</summary>
    public long WaitTicks { get; init; }

    /// <summary>The part during which some thread held the mutex, in ticks.</summary>
    public long BlamedTicks { get; init; }

    /// <summary>The part between a release and the next acquire, when nobody used the mutex: scheduling, in ticks.</summary>
    public long HandOffTicks { get; init; }

    /// <summary>The part that nobody can be blamed for, because events are missing, in ticks.</summary>
    public long UnknownTicks { get; init; }

    /// <summary>Sum of these waits, in nanoseconds.</summary>
    public long WaitNs { get; init; }

    /// <summary><see cref="BlamedTicks"/> in nanoseconds.</summary>
    public long BlamedNs { get; init; }

    /// <summary><see cref="HandOffTicks"/> in nanoseconds.</summary>
    public long HandOffNs { get; init; }

    /// <summary><see cref="UnknownTicks"/> in nanoseconds.</summary>
    public long UnknownNs { get; init; }

    /// <summary>
    /// By the place where the holder had acquired and the place where the waiter waited, the most first. With <see cref="OtherSitesNs"/> the rows
    /// add up to the waits, but for what each lost by rounding down.
    /// </summary>
    public IReadOnlyList<SiteBlameRow> Sites { get; init; } = [];

    /// <summary>Time of pairs of places beyond the number that is kept, in nanoseconds.</summary>
    public long OtherSitesNs { get; init; }

    /// <summary>The blocking graph: an edge from each waiting thread to each thread it waited for, the heaviest first.</summary>
    public IReadOnlyList<ThreadBlameRow> Threads { get; init; } = [];

    /// <summary>
    /// Blamed time that is in none of <see cref="Threads"/>, in nanoseconds: of pairs beyond the number that is kept, and of times when more than 64
    /// threads waited for one mutex. All of it in a report of several recordings.
    /// </summary>
    public long OtherThreadsNs { get; init; }

    /// <summary>The critical paths of the slowest waits: whom each waited for most, and whom that one waited for meanwhile. The slowest first.</summary>
    public IReadOnlyList<BlockingChain> SlowestWaits { get; init; } = [];

    /// <summary>The longest chains of holders that themselves waited, of two links or more, among the 64 slowest waits; the longest first.</summary>
    public IReadOnlyList<BlockingChain> LongestChains { get; init; } = [];
}

/// <summary>What a part of a wait was spent on.</summary>
public enum BlameCause
{
    /// <summary>A thread held the mutex.</summary>
    Hold,

    /// <summary>Nobody held it: it had been released and the next owner had not yet gone on.</summary>
    HandOff,

    /// <summary>Events are missing.</summary>
    Unknown,
}

/// <summary>Time that waiters at one place lost to holders at one place.</summary>
/// <param name="Cause">What the time was spent on; <paramref name="HolderSite"/> has a meaning for <see cref="BlameCause.Hold"/> only.</param>
/// <param name="HolderSite">Where the holder had acquired the mutex; null where the trace does not say.</param>
/// <param name="WaiterSite">Where the waiter waited; null where the trace does not say.</param>
/// <param name="Ns">The time in nanoseconds.</param>
/// <param name="Parts">How many pieces of waits it is the sum of.</param>
public sealed record SiteBlameRow(BlameCause Cause, SourceSite? HolderSite, SourceSite? WaiterSite, long Ns, long Parts);

/// <summary>An edge of the blocking graph.</summary>
/// <param name="WaiterThreadId">Who waited.</param>
/// <param name="HolderThreadId">Who held.</param>
/// <param name="Ns">For how long, in nanoseconds, over all mutexes.</param>
/// <param name="Parts">How many pieces of waits it is the sum of.</param>
public sealed record ThreadBlameRow(int WaiterThreadId, int HolderThreadId, long Ns, long Parts);

/// <summary>A wait, the holder it waited for most, the wait of that holder meanwhile, and so on.</summary>
/// <param name="StartNs">When the first wait began, in nanoseconds since the start of the recording.</param>
/// <param name="WaitNs">How long it took.</param>
/// <param name="Links">From the victim to the thread that was not waiting; at least one.</param>
public sealed record BlockingChain(long StartNs, long WaitNs, IReadOnlyList<BlockingLink> Links);

/// <summary>One step of a chain.</summary>
/// <param name="WaiterThreadId">Who waited.</param>
/// <param name="WaiterSite">Where; null where the trace does not say.</param>
/// <param name="MutexId">For which mutex.</param>
/// <param name="Mutex">What to call it.</param>
/// <param name="HolderThreadId">Who held it for the greatest part of the wait; null when no holder is known.</param>
/// <param name="HolderSite">Where that one had acquired it; null where the trace does not say.</param>
/// <param name="WaitNs">Length of this wait.</param>
/// <param name="BlamedNs">The part of it during which that thread held the mutex.</param>
public sealed record BlockingLink(
    int WaiterThreadId, SourceSite? WaiterSite, ulong MutexId, string Mutex, int? HolderThreadId, SourceSite? HolderSite, long WaitNs, long BlamedNs);
