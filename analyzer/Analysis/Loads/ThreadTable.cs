namespace Tracing.Analysis.Loads;

/// <summary>The threads that events were written by.</summary>
public sealed class ThreadTable
{
    private readonly List<ThreadLedger> _all = [];
    private readonly Dictionary<(int Thread, int Process), ThreadLedger> _byBoth = [];
    private readonly IdTable<Latest> _latest = new((_, _) => new Latest());

    /// <summary>All of them, in the order of their first event.</summary>
    public IReadOnlyList<ThreadLedger> All => _all;

    /// <summary>The thread that wrote an event.</summary>
    public ThreadLedger Of(in EventOrigin origin)
    {
        Latest latest = _latest.Get((uint)origin.ThreadId);
        if (latest.Thread is ThreadLedger thread && thread.ProcessId == origin.ProcessId)
        {
            return thread;
        }

        if (!_byBoth.TryGetValue((origin.ThreadId, origin.ProcessId), out ThreadLedger? known))
        {
            known = new ThreadLedger(origin.ThreadId, origin.ProcessId, _all.Count);
            _all.Add(known);
            _byBoth.Add((origin.ThreadId, origin.ProcessId), known);
        }

        latest.Thread = known;
        return known;
    }

    /// <summary>The thread that last used a number.</summary>
    private sealed class Latest
    {
        public ThreadLedger? Thread { get; set; }
    }
}
