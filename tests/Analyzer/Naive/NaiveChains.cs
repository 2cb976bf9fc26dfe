namespace Tracing.Analyzer.Tests.Naive;

/// <summary>One step of a chain: who waited for which mutex, from when on and how long, and who held it for how much of that.</summary>
internal sealed record NaiveLink(int Waiter, uint WaiterSite, ulong Mutex, ulong From, ulong Ticks, int? Holder, uint HolderSite, ulong Blamed);

/// <summary>
/// The critical path of each wait, by asking all waits at each step: which hold had most of it, and which wait of that holder had most of that time?
/// </summary>
internal sealed class NaiveChains
{
    private const int LongestChain = 16;

    private readonly Dictionary<ulong, NaiveBlame> _blame;
    private readonly List<LockEvent> _waits;

    public NaiveChains(IReadOnlyList<LockEvent> events, ulong start, bool complete)
    {
        _blame = events.Select(one => one.Mutex).Distinct().ToDictionary(mutex => mutex, mutex => new NaiveBlame(events, mutex, start, complete));
        _waits = [.. events.Where(one => one is { Kind: LockEventKind.Acquired, Contended: true } && one.RequestedAt >= start)];
    }

    /// <summary>A chain for each measured wait, the slowest wait first; of two, the one that began first.</summary>
    public IEnumerable<List<NaiveLink>> All => _waits.OrderByDescending(wait => wait.At - wait.RequestedAt).ThenBy(wait => wait.RequestedAt).ThenBy(wait => wait.Thread)
        .Select(wait => Follow(wait, LongestChain));

    private List<NaiveLink> Follow(LockEvent wait, int most)
    {
        (BlamedTick Tick, ulong At)[] held = [.. _blame[wait.Mutex].TicksOf(wait).Select((tick, i) => (tick, wait.RequestedAt + (ulong)i)).Where(pair => pair.tick.Hold != 0)];
        (BlamedTick Tick, ulong At)[]? hold = held.GroupBy(pair => pair.Tick.Hold).Select(same => same.ToArray()).MaxBy(same => same.Length);
        var link = new NaiveLink(
            wait.Thread, wait.Site, wait.Mutex, wait.RequestedAt, wait.At - wait.RequestedAt, hold?[0].Tick.HolderThread, hold?[0].Tick.HolderSite ?? 0, (ulong)(hold?.Length ?? 0));
        if (hold is null || most == 1)
        {
            return [link];
        }

        ulong from = hold[0].At;
        ulong to = hold[^1].At + 1;
        LockEvent? next = _waits.Where(other => other.Thread == link.Holder && Overlap(other, from, to) > 0)
            .OrderByDescending(other => other.At).MaxBy(other => Overlap(other, from, to));
        return next is null ? [link] : [link, .. Follow(next, most - 1)];
    }

    private static long Overlap(LockEvent wait, ulong from, ulong to) => (long)Math.Min(wait.At, to) - (long)Math.Max(wait.RequestedAt, from);
}
