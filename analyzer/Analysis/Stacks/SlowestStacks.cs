using Tracing.Analysis.Durations;
using Tracing.Etl;
using Tracing.Events;
using Tracing.Reports.Model;
using Tracing.Symbols;

namespace Tracing.Analysis.Stacks;

/// <summary>
/// Keeps the call stacks of the slowest waits and of the slowest holds, of those events that were recorded with one. Told of the driver's records on the thread that reads,
/// and of those of images, which give addresses their names.
/// </summary>
/// <remarks>State: a fixed number of stacks of each kind and the images of the recording. An event costs nothing here unless it has a stack.</remarks>
/// <param name="clock">The clock of the recording.</param>
/// <param name="most">Stacks kept of waits, and of holds; at least <see cref="InTable"/>.</param>
internal sealed class SlowestStacks(EtlClock clock, int most)
{
    /// <summary>Stacks of waits, and of holds, in the report's table.</summary>
    public const int InTable = 5;

    /// <summary>Stacks of waits, and of holds, for the intervals of a timeline: two megabytes at most, and as much again when they are put into words.</summary>
    public const int InTimeline = 500;

    // The kernel walks at most 192 frames.
    private const int MaximumFrames = 192;

    private readonly ImageMap _images = new();
    private readonly PriorityQueue<Kept, ulong> _waits = new();
    private readonly PriorityQueue<Kept, ulong> _holds = new();
    private long _recorded;

    /// <summary>Forgets the stacks, not the images: what came so far is before the part of the recording to be looked at.</summary>
    public void Begin()
    {
        _waits.Clear();
        _holds.Clear();
        _recorded = 0;
    }

    /// <summary>Takes a record of another provider than the driver.</summary>
    public void TakeOther(in EtlRecord record) => _images.Take(record);

    /// <summary>Takes a record of the driver.</summary>
    public void TakeDriver(in EtlRecord record)
    {
        if (!record.ExtendedItems.TryGetStack(out EtlStack stack, out _))
        {
            return;
        }

        switch ((KMutexEventId)record.Id)
        {
            case KMutexEventId.MutexAcquiredContended
                when MutexAcquiredPayload.TryRead(record.Payload, record.PointerSize, record.Version, out MutexAcquiredPayload acquired):
                Keep(_waits, record, stack, acquired.MutexId, acquired.RequestedAt, acquired.AcquiredAt);
                break;
            case KMutexEventId.MutexReleased or KMutexEventId.MutexReleasedContended
                when MutexReleasedPayload.TryRead(record.Payload, record.PointerSize, record.Version, out MutexReleasedPayload released) && released.Depth == 1:
                Keep(_holds, record, stack, released.MutexId, released.AcquiredAt, released.ReleasedAt);
                break;
            default:
                break;
        }
    }

    /// <summary>Who names the frames of all these stacks, so that symbols are read once.</summary>
    /// <param name="symbols">Where symbols are; null for none.</param>
    public AddressNamer Namer(SymbolFolder? symbols) => new(_images, symbols);

    /// <summary>The rows of a report: waits first, the slowest of each kind first.</summary>
    /// <param name="scale">From the driver's ticks to time.</param>
    /// <param name="mutexes">The rows that mutexes have their names from.</param>
    /// <param name="namer">Names their frames.</param>
    public IReadOnlyList<StackRow> Rows(TickScale scale, IReadOnlyList<MutexRow> mutexes, AddressNamer namer)
    {
        // The names of a million mutexes are not put in order for nothing.
        if (_waits.Count + _holds.Count == 0)
        {
            return [];
        }

        ILookup<ulong, string> names = mutexes.ToLookup(mutex => mutex.Id, mutex => mutex.Name);
        return [.. Of(StackKind.Wait, _waits), .. Of(StackKind.Hold, _holds)];

        IEnumerable<StackRow> Of(StackKind kind, PriorityQueue<Kept, ulong> kept) => kept.UnorderedItems.Select(item => item.Element)
            .OrderByDescending(one => one.Ticks).ThenBy(one => one.Time).ThenBy(one => one.MutexId).Take(InTable)
            .Select(one => new StackRow(
                kind, one.MutexId, names[one.MutexId].FirstOrDefault() ?? $"#{one.MutexId}", one.ThreadId, scale.ToNanoseconds(one.Ticks),
                one.NameFrames(namer)));
    }

    /// <summary>All that are kept, by the wait or hold that they are of.</summary>
    /// <param name="namer">Names their frames.</param>
    public IntervalStacks ByInterval(AddressNamer namer)
    {
        var stacks = new Dictionary<(StackKind, ulong, int, ulong), IReadOnlyList<string>>();
        foreach ((StackKind kind, PriorityQueue<Kept, ulong> queue) in ((StackKind, PriorityQueue<Kept, ulong>)[])[(StackKind.Wait, _waits), (StackKind.Hold, _holds)])
        {
            foreach ((Kept one, _) in queue.UnorderedItems)
            {
                stacks[(kind, one.MutexId, one.ThreadId, one.End)] = one.NameFrames(namer);
            }
        }

        return new IntervalStacks(_recorded, stacks);
    }

    private void Keep(PriorityQueue<Kept, ulong> kept, in EtlRecord record, EtlStack stack, ulong mutexId, ulong begin, ulong end)
    {
        // Times that cannot be true are counted by the analysis, and are no slow wait here. Processors agree on the clock to far less than a millisecond.
        bool isTimed = begin >= (ulong)Math.Max(1, clock.StartTicks) && end >= begin && end <= (ulong)Math.Max(0, record.Time) + (ulong)(clock.Frequency / 1000);
        ulong ticks = end - begin;
        if (!isTimed || stack.Count == 0)
        {
            return;
        }

        _recorded++;
        if (kept.Count == most && kept.TryPeek(out _, out ulong least) && ticks <= least)
        {
            return;
        }

        ulong[] addresses = new ulong[Math.Min(stack.Count, MaximumFrames)];
        for (int i = 0; i < addresses.Length; i++)
        {
            addresses[i] = stack[i];
        }

        kept.Enqueue(new Kept(mutexId, ticks, end, record.ThreadId, record.ProcessId, record.Time, addresses), ticks);
        if (kept.Count > most)
        {
            kept.Dequeue();
        }
    }

    private sealed record Kept(ulong MutexId, ulong Ticks, ulong End, int ThreadId, int ProcessId, long Time, ulong[] Addresses)
    {
        public IReadOnlyList<string> NameFrames(AddressNamer namer) => [.. Addresses.Select(address => namer.Name(ProcessId, address, Time))];
    }
}
