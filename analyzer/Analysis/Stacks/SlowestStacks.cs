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
/// <remarks>State: <see cref="MostOfAKind"/> stacks of each kind and the images of the recording. An event costs nothing here unless it has a stack.</remarks>
internal sealed class SlowestStacks(EtlClock clock)
{
    /// <summary>Stacks kept of waits, and of holds.</summary>
    public const int MostOfAKind = 5;

    // The kernel walks at most 192 frames.
    private const int MaximumFrames = 192;

    private readonly ImageMap _images = new();
    private readonly PriorityQueue<Kept, ulong> _waits = new();
    private readonly PriorityQueue<Kept, ulong> _holds = new();

    /// <summary>Forgets the stacks, not the images: what came so far is before the part of the recording to be looked at.</summary>
    public void Begin()
    {
        _waits.Clear();
        _holds.Clear();
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

    /// <summary>The rows of a report: waits first, the slowest of each kind first.</summary>
    /// <param name="scale">From the driver's ticks to time.</param>
    /// <param name="mutexes">The rows that mutexes have their names from.</param>
    /// <param name="symbols">Where symbols are; null for none.</param>
    public IReadOnlyList<StackRow> Rows(TickScale scale, IReadOnlyList<MutexRow> mutexes, SymbolFolder? symbols)
    {
        var namer = new AddressNamer(_images, symbols);
        if (_waits.Count + _holds.Count == 0)
        {
            return [];
        }

        ILookup<ulong, string> names = mutexes.ToLookup(mutex => mutex.Id, mutex => mutex.Name);
        return [.. Of(StackKind.Wait, _waits), .. Of(StackKind.Hold, _holds)];

        IEnumerable<StackRow> Of(StackKind kind, PriorityQueue<Kept, ulong> kept) => kept.UnorderedItems.Select(item => item.Element)
            .OrderByDescending(one => one.Ticks).ThenBy(one => one.Time).ThenBy(one => one.MutexId)
            .Select(one => new StackRow(
                kind, one.MutexId, names[one.MutexId].FirstOrDefault() ?? $"#{one.MutexId}", one.ThreadId, scale.ToNanoseconds(one.Ticks),
                [.. one.Addresses.Select(address => namer.Name(one.ProcessId, address, one.Time))]));
    }

    private void Keep(PriorityQueue<Kept, ulong> kept, in EtlRecord record, EtlStack stack, ulong mutexId, ulong begin, ulong end)
    {
        // Times that cannot be true are counted by the analysis, and are no slow wait here. Processors agree on the clock to far less than a millisecond.
        bool isTimed = begin >= (ulong)Math.Max(1, clock.StartTicks) && end >= begin && end <= (ulong)Math.Max(0, record.Time) + (ulong)(clock.Frequency / 1000);
        ulong ticks = end - begin;
        if (!isTimed || stack.Count == 0 || (kept.Count == MostOfAKind && kept.TryPeek(out _, out ulong least) && ticks <= least))
        {
            return;
        }

        ulong[] addresses = new ulong[Math.Min(stack.Count, MaximumFrames)];
        for (int i = 0; i < addresses.Length; i++)
        {
            addresses[i] = stack[i];
        }

        kept.Enqueue(new Kept(mutexId, ticks, record.ThreadId, record.ProcessId, record.Time, addresses), ticks);
        if (kept.Count > MostOfAKind)
        {
            kept.Dequeue();
        }
    }

    private sealed record Kept(ulong MutexId, ulong Ticks, int ThreadId, int ProcessId, long Time, ulong[] Addresses);
}
