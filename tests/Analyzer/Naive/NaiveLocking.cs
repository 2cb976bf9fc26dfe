namespace Tracing.Analyzer.Tests.Naive;

/// <summary>Lock orders once more, by asking for each event which locks its thread held at that place of the recording.</summary>
internal sealed class NaiveLocking(IReadOnlyList<LockEvent> events)
{
    /// <summary>How often each mutex was taken, waited for in vain, or waited for at the end, while which other one was held. For recordings that miss nothing.</summary>
    public Dictionary<(ulong Held, ulong Taken), int> Orders()
    {
        var takes = events.Select((one, i) => (one, At: i)).Where(take => take.one is { Kind: LockEventKind.Acquired, Depth: 1 } or { Kind: LockEventKind.Failed })
            .Concat(Waiting().Select(one => (one, At: events.Count)));
        return takes
            .SelectMany(take => Held(take.one.Thread, take.At).Where(held => held != take.one.Mutex).Select(held => (Held: held, Taken: take.one.Mutex)))
            .GroupBy(order => order).ToDictionary(same => same.Key, same => same.Count());
    }

    private IEnumerable<LockEvent> Waiting() => events.Where(one => one.Kind is not (LockEventKind.Allocated or LockEventKind.Freed))
        .GroupBy(one => one.Thread).Select(ofThread => ofThread.Last()).Where(last => last.Kind == LockEventKind.Blocked);

    private IEnumerable<ulong> Held(int thread, int before) => events.Take(before).Where(one => one.Thread == thread && one.Depth == 1)
        .GroupBy(one => one.Mutex).Where(ofMutex => ofMutex.Last().Kind == LockEventKind.Acquired).Select(ofMutex => ofMutex.Key);
}
