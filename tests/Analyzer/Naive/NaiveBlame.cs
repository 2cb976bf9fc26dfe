using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests.Naive;

/// <summary>One tick of one wait: whose fault it was.</summary>
/// <param name="Cause">Whether somebody held the mutex.</param>
/// <param name="HolderSite">Where that one had acquired; 0 for nobody.</param>
/// <param name="HolderThread">Who; 0 for nobody.</param>
/// <param name="WaiterSite">Where the waiter waited.</param>
/// <param name="WaiterThread">Who.</param>
/// <param name="Hold">Number of the holder's acquisition; 0 for nobody.</param>
internal sealed record BlamedTick(BlameCause Cause, uint HolderSite, int HolderThread, uint WaiterSite, int WaiterThread, ulong Hold);

/// <summary>
/// Who made whom wait for one mutex, asked tick by tick: at this tick of this wait, who held it? And likewise its queue. Slow, and with nothing in
/// common with the real analysis but the definitions.
/// </summary>
internal sealed class NaiveBlame
{
    private readonly List<Acquisition> _known;
    private readonly HashSet<ulong> _acquires;
    private readonly List<(ulong From, ulong To)> _queue;

    public NaiveBlame(IReadOnlyList<LockEvent> events, ulong mutex, ulong start, bool complete)
    {
        List<LockEvent> own = [.. events.Where(one => one.Mutex == mutex)];
        ulong end = (ulong)events.Max(one => one.Time);
        _acquires = [.. own.Where(one => one.Kind == LockEventKind.Acquired).Select(one => one.Sequence)];
        _known = [.. own.Where(one => one.Depth == 1 && one.Kind is LockEventKind.Acquired or LockEventKind.Released && one.Depth == 1)
            .GroupBy(one => one.Sequence).OrderBy(same => same.Key).Select(Acquisition.Of)];
        List<LockEvent> ended = [.. own.Where(one => one is { Kind: LockEventKind.Acquired, Contended: true } or { Kind: LockEventKind.Failed })
            .DistinctBy(one => (one.Thread, one.RequestedAt))];
        _queue = [.. ended.Select(one => (Math.Max(one.RequestedAt, start), Math.Max(one.At, start)))];
        if (complete)
        {
            _queue.AddRange(StillWaiting(events, mutex).Select(blocked => (blocked.RequestedAt, end)));
        }

        foreach (LockEvent wait in ended.Where(one => one.Kind == LockEventKind.Acquired && one.RequestedAt >= start))
        {
            Ticks.AddRange(TicksOf(wait));
        }
    }

    public List<BlamedTick> Ticks { get; } = [];

    public int DeepestQueue => _queue.Select(wait => _queue.Count(other => other.From <= wait.From && wait.From < other.To)).DefaultIfEmpty().Max();

    public int TicksWithAWaiter => _queue.Where(wait => wait.From < wait.To)
        .SelectMany(wait => Enumerable.Range((int)wait.From, (int)(wait.To - wait.From))).Distinct().Count();

    public int OwnerSwitches => _known.Zip(_known.Skip(1)).Count(pair => pair.First.Thread != pair.Second.Thread);

    /// <summary>The lengths of the runs in which the mutex went straight to a thread that was waiting when it was released.</summary>
    public List<int> HandOffRuns
    {
        get
        {
            List<int> runs = [0];
            foreach ((Acquisition first, Acquisition second) in _known.Zip(_known.Skip(1)))
            {
                bool handedOff = first.ReleasedAt is ulong released && Follows(second, first) && second.WaitedSince <= released;
                if (handedOff)
                {
                    runs[^1]++;
                }
                else
                {
                    runs.Add(0);
                }
            }

            return runs;
        }
    }

    /// <summary>The ticks of one wait, from its first.</summary>
    public IEnumerable<BlamedTick> TicksOf(LockEvent wait)
    {
        for (ulong tick = wait.RequestedAt; tick < wait.At; tick++)
        {
            yield return At(tick, wait);
        }
    }

    private static IEnumerable<LockEvent> StillWaiting(IReadOnlyList<LockEvent> events, ulong mutex) => events
        .Where((one, i) => one.Kind == LockEventKind.Blocked && one.Mutex == mutex && !events.Skip(i + 1).Any(later =>
            later.Thread == one.Thread && later.Kind is LockEventKind.Blocked or LockEventKind.Acquired or LockEventKind.Failed && later.Thread == one.Thread));

    private BlamedTick At(ulong tick, LockEvent wait)
    {
        int at = _known.FindLastIndex(one => one.AcquiredAt <= tick && one.Sequence < wait.Sequence);
        if (at < 0 && _known[0].Sequence == 1)
        {
            // Nobody had it before.
            return new BlamedTick(BlameCause.HandOff, 0, 0, wait.Site, wait.Thread, 0);
        }

        if (at < 0 || _known[at].ReleasedAt is not ulong released)
        {
            return new BlamedTick(BlameCause.Unknown, 0, 0, wait.Site, wait.Thread, 0);
        }

        return tick < released
            ? new BlamedTick(BlameCause.Hold, _known[at].Site, _known[at].Thread, wait.Site, wait.Thread, _known[at].Sequence)
            : new BlamedTick(Follows(_known[at + 1], _known[at]) ? BlameCause.HandOff : BlameCause.Unknown, 0, 0, wait.Site, wait.Thread, 0);
    }

    /// <summary>Whether nobody can have had the mutex in between: all numbers there are of acquires nested in the first.</summary>
    private bool Follows(Acquisition second, Acquisition first)
    {
        for (ulong number = first.Sequence + 1; number < second.Sequence; number++)
        {
            if (!first.WasAcquireSeen || !_acquires.Contains(number))
            {
                return false;
            }
        }

        return true;
    }

    private sealed record Acquisition(ulong Sequence, ulong AcquiredAt, ulong? ReleasedAt, int Thread, uint Site, bool WasAcquireSeen, ulong? WaitedSince)
    {
        public static Acquisition Of(IGrouping<ulong, LockEvent> events)
        {
            LockEvent? acquired = events.FirstOrDefault(one => one.Kind == LockEventKind.Acquired);
            LockEvent? released = events.FirstOrDefault(one => one.Kind == LockEventKind.Released);
            return new Acquisition(
                events.Key, acquired?.At ?? released!.HeldSince, released?.At, events.First().Thread, events.First().Site, acquired is not null,
                acquired is { Contended: true, RequestedAt: >= 1000 } ? acquired.RequestedAt : null);
        }
    }
}
