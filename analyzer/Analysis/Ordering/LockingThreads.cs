using Tracing.Analysis.Mutexes;

namespace Tracing.Analysis.Ordering;

/// <summary>
/// What each thread holds and waits for at the moment, and what follows from it: the order in which locks are taken.
/// </summary>
/// <remarks>
/// <para>One entry per thread, and in it one per lock held. An acquire by a thread that holds nothing costs a look-up and no more.</para>
/// <para>An order is counted when the release of the outer lock arrives: it proves that the lock was held all the while, so a lost event can hide an
/// order and never invent one. What is still held at the end counts where no event can be missing.</para>
/// <para>Taking a lock that the thread holds already is recursion and no order; an acquire that was asked not to wait can block nobody, and
/// is none either.</para>
/// </remarks>
public sealed class LockingThreads
{
    private const byte Try = (byte)Events.AcquiredFlags.Try;

    private readonly Dictionary<int, ThreadLocks> _threads = [];
    private ThreadLocks _latest = new(0);

    /// <summary>The orders seen.</summary>
    public LockOrderGraph Orders { get; } = new();

    /// <summary>A thread has acquired a mutex.</summary>
    public void Acquired(in AcquiredEvent acquired, MutexLedger mutex, int threadId)
    {
        ThreadLocks thread = Of(threadId);
        thread.Wait = default;
        if (acquired.Depth > 1)
        {
            return;
        }

        if (thread.Held.Count > 0)
        {
            thread.DropStale(acquired.MutexId);
            if ((acquired.Flags & Try) == 0)
            {
                NoteOrders(thread, mutex, acquired.SiteId, acquired.AcquiredAt);
            }
        }

        thread.Add(new HeldLock(mutex, acquired.Sequence, acquired.SiteId, acquired.AcquiredAt));
    }

    /// <summary>A thread has released a mutex.</summary>
    public void Released(in ReleasedEvent released, int threadId)
    {
        if (released.Depth != 1)
        {
            return;
        }

        ThreadLocks thread = Of(threadId);
        int held = thread.Find(released.MutexId, released.Sequence);
        if (held >= 0)
        {
            CountOrders(thread, held);
            thread.RemoveAt(held);
        }
    }

    /// <summary>A thread begins to wait.</summary>
    public void Blocked(in BlockedEvent blocked, MutexLedger mutex, int threadId) =>
        Of(threadId).Wait = new LockWait(mutex, blocked.RequestedAt, blocked.SiteId, (int)blocked.OwnerThreadId, blocked.OwnerSequence);

    /// <summary>A thread has given up waiting.</summary>
    public void Failed(in FailedEvent failed, MutexLedger mutex, int threadId)
    {
        ThreadLocks thread = Of(threadId);
        thread.Wait = default;
        if (thread.Held.Count > 0)
        {
            thread.DropStale(failed.MutexId);
            NoteOrders(thread, mutex, failed.SiteId, failed.FailedAt);
        }
    }

    /// <summary>Counts the orders of locks that are still held.</summary>
    /// <param name="end">The last tick of the recording, or of the driver.</param>
    /// <param name="complete">True when no event can be missing, so that a lock without a release is still held.</param>
    public void Close(ulong end, bool complete)
    {
        foreach (ThreadLocks thread in complete ? _threads.Values : Enumerable.Empty<ThreadLocks>())
        {
            thread.DropStale(0);
            if (thread.Wait.Mutex is MutexLedger awaited && thread.Held.Count > 0)
            {
                NoteOrders(thread, awaited, thread.Wait.SiteId, end);
            }

            for (int held = 0; held < thread.Held.Count; held++)
            {
                CountOrders(thread, held);
            }
        }
    }

    private ThreadLocks Of(int threadId)
    {
        if (_latest.ThreadId == threadId && threadId != 0)
        {
            return _latest;
        }

        if (!_threads.TryGetValue(threadId, out ThreadLocks? thread))
        {
            thread = new ThreadLocks(threadId);
            _threads.Add(threadId, thread);
        }

        return _latest = thread;
    }

    private void NoteOrders(ThreadLocks thread, MutexLedger taken, uint takenSiteId, ulong at)
    {
        for (int held = 0; held < thread.Held.Count; held++)
        {
            if (Orders.Edge(thread, held, taken, takenSiteId) is not LockOrderEdge edge || !thread.Remember(held, edge, at))
            {
                Orders.Forget(1);
            }
        }
    }

    private void CountOrders(ThreadLocks thread, int held)
    {
        foreach (PendingOrder order in thread.PendingOf(held))
        {
            Orders.Add(order.Edge, new OrderWindow(thread.ThreadId, thread.Held[held].AcquiredAt, order.LastAt), order.Count);
        }
    }
}
