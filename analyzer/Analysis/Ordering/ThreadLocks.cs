using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;

namespace Tracing.Analysis.Ordering;

/// <summary>What the thread of one number holds, in the order in which it acquired, and waits for.</summary>
/// <remarks>
/// The events of one thread are in true order, whatever the delay between a release and its event: a thread writes that event before it does
/// anything else.
/// </remarks>
public sealed class ThreadLocks(int threadId)
{
    // Deeper nesting than any lock hierarchy has. What lies deeper is lost events, and the oldest goes.
    private const int MostHeld = 32;
    private const int MostPending = 64;

    private HeldLock[] _held = new HeldLock[2];
    private int _count;

    /// <summary>The thread.</summary>
    public int ThreadId { get; } = threadId;

    /// <summary>The thread that last used this number; null before its first acquire, failure, release or rejection.</summary>
    public ThreadLedger? Ledger
    {
        get;
        set
        {
            field = value;
            ProcessId = value?.ProcessId ?? 0;
        }
    }

    /// <summary>The process of that thread: to ask here saves a look into its ledger.</summary>
    public int ProcessId { get; private set; }

    /// <summary>The wait it is in: from AcquireBlocked until the acquire, or the failure, that ends the wait. Its mutex is null when it does not wait.</summary>
    public LockWait Wait { get; private set; }

    /// <summary>The circle of waits that this wait is part of; null for none.</summary>
    public OpenDeadlock? Deadlock { get; set; }

    /// <summary>Calls of it that were refused, and that no acquire of the same mutex has followed yet; null when none ever was.</summary>
    public RefusedCalls? Refused { get; set; }

    /// <summary>What it holds, the first acquired first. Valid until that changes.</summary>
    public ReadOnlySpan<HeldLock> Held => _held.AsSpan(0, _count);

    /// <summary>Orders that wait for the releases of their outer locks.</summary>
    public IEnumerable<LockOrderEdge> PendingOrders => _held.Take(_count).SelectMany(held => held.Pending ?? []).Select(order => order.Edge);

    /// <summary>It begins to wait.</summary>
    public void Block(in LockWait wait)
    {
        // It cannot begin to wait while it waits: the event that ended the earlier wait was lost.
        LoseWait();
        Wait = wait;
    }

    /// <summary>It has ended a wait, or shows by another event that it does not wait.</summary>
    /// <param name="mutex">The mutex that it has acquired or given up.</param>
    /// <param name="requestedAt">When that wait began; an uncontended acquire matches no wait.</param>
    public void EndWait(MutexLedger mutex, ulong? requestedAt)
    {
        if (Wait.Mutex is null)
        {
            return;
        }

        if (Wait.Mutex == mutex && Wait.RequestedAt == requestedAt)
        {
            Wait = default;
        }
        else
        {
            LoseWait();
        }
    }

    /// <summary>It has acquired a lock.</summary>
    public void Add(MutexLedger mutex, in AcquiredEvent acquired)
    {
        if (_count == MostHeld)
        {
            RemoveAt(0);
        }

        if (_count == _held.Length)
        {
            Array.Resize(ref _held, _count * 2);
        }

        // Filled where it lies, since every acquire comes here. A list that an earlier entry has left there is used again.
        ref HeldLock taken = ref _held[_count++];
        taken.Mutex = mutex;
        taken.Sequence = acquired.Sequence;
        taken.SiteId = acquired.SiteId;
        taken.AcquiredAt = acquired.AcquiredAt;
    }

    /// <summary>Which entry is the acquire of this number; -1 for none.</summary>
    public int Find(MutexLedger mutex, ulong sequence)
    {
        for (int i = _count - 1; i >= 0; i--)
        {
            if (_held[i].Sequence == sequence && _held[i].Mutex == mutex)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Drops what it cannot hold any more, and any earlier hold of the lock that it now acquires anew.</summary>
    public void DropStale(ulong acquiredMutexId)
    {
        for (int i = _count - 1; i >= 0; i--)
        {
            if (!_held[i].IsCurrent || _held[i].Mutex.Id == acquiredMutexId)
            {
                RemoveAt(i);
            }
        }
    }

    /// <summary>Remembers an order until the release of its outer lock.</summary>
    /// <returns>False when this hold has too many.</returns>
    public bool Remember(int held, LockOrderEdge edge, ulong at)
    {
        if (_held[held].Pending is not List<PendingOrder> pending)
        {
            pending = [];
            _held[held].Pending = pending;
        }

        int known = pending.FindIndex(order => order.Edge == edge);
        if (known >= 0)
        {
            pending[known] = pending[known] with { Count = pending[known].Count + 1, LastAt = Math.Max(pending[known].LastAt, at) };
            return true;
        }

        if (pending.Count == MostPending)
        {
            return false;
        }

        pending.Add(new PendingOrder(edge, 1, at));
        return true;
    }

    /// <summary>Takes an entry out, with the orders that wait for it.</summary>
    public void RemoveAt(int held)
    {
        List<PendingOrder>? pending = _held[held].Pending;
        pending?.Clear();
        _count--;
        if (held < _count)
        {
            Array.Copy(_held, held + 1, _held, held, _count - held);
            _held[_count].Pending = pending;
        }
    }

    /// <summary>Forgets all: the thread has ended, and its number may be given to another.</summary>
    public void Clear()
    {
        LoseWait();
        Refused = null;
        while (_count > 0)
        {
            RemoveAt(_count - 1);
        }
    }

    private void LoseWait()
    {
        if (Wait.Mutex is MutexLedger awaited)
        {
            awaited.LoseWait();
            Wait = default;
        }
    }
}
