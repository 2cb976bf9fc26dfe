using System.Runtime.CompilerServices;
using Tracing.Analysis.Ordering;

namespace Tracing.Analysis.Loads;

/// <summary>The threads that events were written by.</summary>
public sealed class ThreadTable
{
    private readonly List<ThreadLedger> _all = [];
    private readonly Dictionary<(int Thread, int Process), ThreadLedger> _byBoth = [];

    /// <summary>All of them, in the order of their first event.</summary>
    public IReadOnlyList<ThreadLedger> All => _all;

    /// <summary>The thread that wrote an event.</summary>
    /// <param name="locks">What is known by its number.</param>
    /// <param name="processId">Its process.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ThreadLedger Of(ThreadLocks locks, int processId) =>
        locks.Ledger is ThreadLedger latest && locks.ProcessId == processId ? latest : FindOrMake(locks, processId);

    private ThreadLedger FindOrMake(ThreadLocks locks, int processId)
    {
        (int, int) both = (locks.ThreadId, processId);
        if (!_byBoth.TryGetValue(both, out ThreadLedger? thread))
        {
            thread = new ThreadLedger(locks.ThreadId, processId) { Index = _all.Count };
            _all.Add(thread);
            _byBoth.Add(both, thread);
        }

        locks.Ledger = thread;
        return thread;
    }
}
