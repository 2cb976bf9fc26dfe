using Tracing.Analysis.Mutexes;

namespace Tracing.Analysis.Loads;

/// <summary>
/// Which threads wait, and since when: from AcquireBlocked until the acquire, or the failure, that ends the wait. A thread waits for one mutex at a
/// time, so the state is one entry per thread.
/// </summary>
public sealed class WaitingThreads
{
    private const int Slots = 256;

    private readonly Dictionary<int, Wait> _waits = [];

    // How many threads wait whose numbers share a slot: most acquires come from threads that do not, and need not be looked up.
    private readonly int[] _perSlot = new int[Slots];

    /// <summary>The waits going on.</summary>
    public IReadOnlyDictionary<int, Wait> Open => _waits;

    /// <summary>A thread begins to wait.</summary>
    public void Block(int threadId, MutexLedger mutex, ulong requestedAt, uint siteId)
    {
        // It cannot begin to wait while it waits: the event that ended the earlier wait was lost.
        Lose(threadId);
        _waits.Add(threadId, new Wait(mutex, requestedAt, siteId));
        _perSlot[SlotOf(threadId)]++;
    }

    /// <summary>A thread has ended a wait, or shows by another event that it does not wait.</summary>
    /// <param name="threadId">The thread.</param>
    /// <param name="mutex">The mutex that it has acquired or given up.</param>
    /// <param name="requestedAt">When that wait began; an uncontended acquire matches no wait.</param>
    public void End(int threadId, MutexLedger mutex, ulong? requestedAt)
    {
        if (_perSlot[SlotOf(threadId)] != 0 && Remove(threadId, out Wait wait) && !(wait.Mutex == mutex && wait.RequestedAt == requestedAt))
        {
            wait.Mutex.Waits.Lost++;
        }
    }

    /// <summary>Whether a wait that has begun is still going on, as far as events tell.</summary>
    public bool IsWaiting(int threadId, MutexLedger mutex, ulong requestedAt) =>
        _waits.TryGetValue(threadId, out Wait wait) && wait.Mutex == mutex && wait.RequestedAt == requestedAt;

    /// <summary>Ends all waits with the recording.</summary>
    /// <param name="start">The first tick of the recording: of an earlier wait only the part from there on counts.</param>
    /// <param name="end">The last tick of the recording, or of the driver.</param>
    /// <param name="complete">True when no event can be missing, so that a wait without an end was still going on.</param>
    public void Close(ulong start, ulong end, bool complete)
    {
        foreach (Wait wait in _waits.Values)
        {
            if (complete)
            {
                wait.Mutex.StillWaiting(Math.Max(wait.RequestedAt, start), end);
            }
            else
            {
                wait.Mutex.Waits.Lost++;
            }
        }

        _waits.Clear();
    }

    private void Lose(int threadId)
    {
        if (Remove(threadId, out Wait wait))
        {
            wait.Mutex.Waits.Lost++;
        }
    }

    // Windows numbers threads in steps of four.
    private static int SlotOf(int threadId) => (threadId >> 2) & (Slots - 1);

    private bool Remove(int threadId, out Wait wait)
    {
        bool removed = _waits.Remove(threadId, out wait);
        _perSlot[SlotOf(threadId)] -= removed ? 1 : 0;
        return removed;
    }

    /// <summary>A wait going on.</summary>
    /// <param name="Mutex">For which mutex.</param>
    /// <param name="RequestedAt">Since when, in ticks.</param>
    /// <param name="SiteId">Where the acquire stands; 0 for unknown.</param>
    public readonly record struct Wait(MutexLedger Mutex, ulong RequestedAt, uint SiteId);
}
