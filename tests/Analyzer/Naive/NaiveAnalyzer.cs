namespace Tracing.Analyzer.Tests.Naive;

/// <summary>A set of intervals as the naive analyzer sees it: every length by itself.</summary>
internal sealed record NaiveIntervals(List<ulong> Complete, List<ulong> CutAtLeast, int Unknown);

/// <summary>What the naive analyzer says of one mutex.</summary>
internal sealed record NaiveRow(
    ulong Mutex, int Acquires, int Contended, int DeepestRecursion, ulong Gaps, NaiveIntervals Waits, NaiveIntervals Holds);

/// <summary>
/// The analysis once more, as obvious as can be: the whole recording in memory, searched from end to end for each question. Slow, and with
/// nothing in common with the real one but the definitions.
/// </summary>
internal sealed class NaiveAnalyzer(IReadOnlyList<LockEvent> events, ulong start, bool complete)
{
    private readonly ulong _end = (ulong)events.Max(one => one.Time);

    public IEnumerable<NaiveRow> Analyze() => events.Select(one => one.Mutex).Distinct().Order().Select(Row);

    private NaiveRow Row(ulong mutex)
    {
        List<LockEvent> acquires = FirstOfEachSequence(mutex, LockEventKind.Acquired, anyDepth: true);
        List<LockEvent> outermost = [.. acquires.Where(one => one.Depth == 1)];
        List<LockEvent> releases = FirstOfEachSequence(mutex, LockEventKind.Released, anyDepth: false);
        List<LockEvent> allReleases = [.. events.Where(one => one.Kind == LockEventKind.Released && one.Mutex == mutex)];
        ulong gaps = Gaps(mutex, acquires, allReleases);
        return new NaiveRow(
            mutex, acquires.Count, acquires.Count(one => one.Contended),
            acquires.Concat(allReleases).Select(one => one.Depth).DefaultIfEmpty().Max(), gaps,
            Waits(mutex, acquires), Holds(mutex, outermost, releases, gaps));
    }

    private NaiveIntervals Waits(ulong mutex, List<LockEvent> acquires)
    {
        List<LockEvent> contended = [.. acquires.Where(one => one.Contended)];
        List<ulong> whole = [.. contended.Where(one => one.RequestedAt >= start).Select(one => one.At - one.RequestedAt)];
        List<ulong> cut = [.. contended.Where(one => one.RequestedAt < start).Select(one => one.At > start ? one.At - start : 0)];
        int unknown = 0;
        for (int i = 0; i < events.Count; i++)
        {
            LockEvent blocked = events[i];
            if (blocked.Kind != LockEventKind.Blocked || blocked.Mutex != mutex)
            {
                continue;
            }

            LockEvent? next = events.Skip(i + 1).FirstOrDefault(one =>
                one.Thread == blocked.Thread && one.Kind is LockEventKind.Blocked or LockEventKind.Acquired or LockEventKind.Failed);
            bool ended = next is { Kind: LockEventKind.Acquired, Contended: true } or { Kind: LockEventKind.Failed } && next.Mutex == mutex && next.RequestedAt == blocked.RequestedAt;
            if (next is null && complete)
            {
                cut.Add(_end - blocked.RequestedAt);
            }
            else if (!ended)
            {
                unknown++;
            }
        }

        return new NaiveIntervals(whole, cut, unknown);
    }

    private NaiveIntervals Holds(ulong mutex, List<LockEvent> outermost, List<LockEvent> releases, ulong gaps)
    {
        List<ulong> whole = [.. releases.Where(one => one.HeldSince >= start).Select(one => one.At - one.HeldSince)];
        List<ulong> cut = [.. releases.Where(one => one.HeldSince < start).Select(one => one.At > start ? one.At - start : 0)];
        int unknown = 0;
        foreach (LockEvent open in outermost.Where(one => releases.All(release => release.Sequence != one.Sequence)))
        {
            bool ended = outermost.Concat(releases).Any(one => one.Sequence > open.Sequence)
                || events.Any(one => one.Kind == LockEventKind.Freed && one.Mutex == mutex);
            if (ended || !complete || gaps > 0)
            {
                unknown++;
            }
            else
            {
                cut.Add(_end - Math.Max(open.At, start));
            }
        }

        return new NaiveIntervals(whole, cut, unknown);
    }

    private ulong Gaps(ulong mutex, List<LockEvent> acquires, List<LockEvent> releases)
    {
        bool born = events.Any(one => one.Kind == LockEventKind.Allocated && one.Mutex == mutex);
        ulong counted = events.Where(one => one.Kind == LockEventKind.Freed && one.Mutex == mutex).Select(one => one.Counters.Acquires).SingleOrDefault();
        if (!born && acquires.Count == 0)
        {
            return 0;
        }

        ulong lowest = born ? 1 : acquires.Min(one => one.Sequence);
        ulong highest = acquires.Concat(releases).Select(one => one.Sequence).Append(counted).Max();
        return highest < lowest ? 0 : highest - lowest + 1 - (ulong)acquires.Count;
    }

    private List<LockEvent> FirstOfEachSequence(ulong mutex, LockEventKind kind, bool anyDepth) =>
        [.. events.Where(one => one.Kind == kind && one.Mutex == mutex && (anyDepth || one.Depth == 1)).DistinctBy(one => one.Sequence)];
}
