using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;
using Tracing.Events;

namespace Tracing.Analysis.Ordering;

/// <summary>
/// What each thread holds and waits for at the moment, and what follows from it: the order in which locks are taken, deadlocks, and mutexes left held by
/// threads that ended.
/// </summary>
/// <remarks>
/// <para>One entry per thread, and in it one per lock held. An acquire by a thread that holds nothing costs a look-up and little more.</para>
/// <para>An order is counted when the release of the outer lock arrives: it proves that the lock was held all the while, so a lost event can hide an
/// order and never invent one. What is still held at the end counts where no event can be missing.</para>
/// <para>Taking a lock that the thread holds already is recursion and no order; an acquire that was asked not to wait can block nobody, and
/// is none either.</para>
/// </remarks>
public sealed class LockingThreads
{
    private const byte Try = (byte)AcquiredFlags.Try;
    private const byte Abandoned = (byte)AcquiredFlags.Abandoned;

    private readonly IdTable<ThreadLocks> _threads = new((id, _) => new ThreadLocks((int)id));
    private readonly Dictionary<ulong, int> _waiters = [];
    private readonly Dictionary<ulong, LeftHeld> _leftHeld = [];

    /// <summary>Threads of which nothing is known yet.</summary>
    public LockingThreads() => Deadlocks = new DeadlockWatch(Find);

    /// <summary>The orders seen.</summary>
    public LockOrderGraph Orders { get; } = new();

    /// <summary>The deadlocks seen.</summary>
    public DeadlockWatch Deadlocks { get; }

    /// <summary>Mutexes left held by threads that ended.</summary>
    public AbandonmentTable Abandonments { get; } = new();

    /// <summary>What is known by the number of a thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ThreadLocks Of(int threadId) => _threads.Get((uint)threadId);

    /// <summary>The threads that wait, as far as events tell.</summary>
    public IEnumerable<ThreadLocks> Waiting => _threads.All.Where(thread => thread.Wait.Mutex is not null);

    /// <summary>A thread has acquired a mutex.</summary>
    /// <param name="acquired">What its event says.</param>
    /// <param name="mutex">The mutex.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="time">The time of the event.</param>
    public void Acquired(in AcquiredEvent acquired, MutexLedger mutex, ThreadLocks thread, long time)
    {
        thread.EndWait(mutex, acquired.Contended ? acquired.RequestedAt : null);
        Deadlocks.GoneOn(thread, time, null);
        thread.Refused?.Followed(acquired.MutexId);
        if (acquired.Depth > 1)
        {
            return;
        }

        if ((acquired.Flags & Abandoned) != 0)
        {
            NoteAbandoned(mutex, acquired);
        }

        if (!thread.Held.IsEmpty)
        {
            thread.DropStale(acquired.MutexId);
            if ((acquired.Flags & Try) == 0)
            {
                NoteOrders(thread, mutex, acquired.SiteId, acquired.AcquiredAt);
            }
        }

        thread.Add(mutex, acquired);
    }

    /// <summary>A thread has released a mutex.</summary>
    /// <param name="released">What its event says.</param>
    /// <param name="mutex">The mutex.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="time">The time of the event.</param>
    /// <param name="start">The first tick of the recording.</param>
    public void Released(in ReleasedEvent released, MutexLedger mutex, ThreadLocks thread, long time, ulong start)
    {
        Deadlocks.GoneOn(thread, time, null);
        if (released.Depth != 1)
        {
            return;
        }

        int held = thread.Find(mutex, released.Sequence);
        if (held >= 0)
        {
            CountOrders(thread, held, time);
            thread.RemoveAt(held);
        }
        else if (released.AcquiredAt < start)
        {
            // Where nobody listened at the acquire it has no time, and comes before the recording, too.
            Orders.HeldAround(new LateGuard(released.MutexId, thread.ThreadId, released.ReleasedAt), thread.PendingOrders);
        }
    }

    /// <summary>A thread begins to wait.</summary>
    /// <param name="blocked">What its event says.</param>
    /// <param name="mutex">The mutex.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="time">The time of the event.</param>
    public void Blocked(in BlockedEvent blocked, MutexLedger mutex, ThreadLocks thread, long time)
    {
        Deadlocks.GoneOn(thread, time, null);
        thread.Block(new LockWait(mutex, blocked.RequestedAt, blocked.SiteId, (int)blocked.OwnerThreadId, blocked.OwnerSequence));
        Deadlocks.Blocked(thread);
    }

    /// <summary>A call of a thread was refused because of the IRQL.</summary>
    /// <param name="mutexId">The mutex that it was meant for.</param>
    /// <param name="tally">The row that it is counted in.</param>
    /// <param name="thread">The thread.</param>
    public static void Refused(ulong mutexId, RejectionTable.Tally tally, ThreadLocks thread) => (thread.Refused ??= new RefusedCalls()).Add(mutexId, tally);

    /// <summary>A thread has ended. What it still holds is abandoned, unless the release is missing from the recording.</summary>
    /// <param name="threadId">The thread; its number may be given to another from now on.</param>
    /// <param name="at">When, in ticks of the driver's clock.</param>
    /// <param name="time">The time of the event.</param>
    public void Ended(int threadId, ulong at, long time)
    {
        if (Find(threadId) is not ThreadLocks thread)
        {
            return;
        }

        Deadlocks.GoneOn(thread, time, null);
        thread.DropStale(0);
        foreach (HeldLock held in thread.Held)
        {
            _leftHeld[held.Mutex.Id] = new LeftHeld(held.Mutex, held.Sequence, held.SiteId, threadId, at);
        }

        thread.Clear();
    }

    /// <summary>How many threads wait for a mutex at the end of a recording that misses no event. To be asked after <see cref="Close"/>.</summary>
    public int WaitersOf(MutexLedger mutex) => _waiters.GetValueOrDefault(mutex.Id);

    /// <summary>A thread has given up waiting.</summary>
    /// <param name="failed">What its event says.</param>
    /// <param name="mutex">The mutex.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="time">The time of the event.</param>
    public void Failed(in FailedEvent failed, MutexLedger mutex, ThreadLocks thread, long time)
    {
        bool isThatWait = thread.Wait.Mutex == mutex && thread.Wait.RequestedAt == failed.RequestedAt;
        Deadlocks.GoneOn(thread, time, isThatWait ? new GivenUp(failed.FailedAt, failed.Reason) : null);
        thread.EndWait(mutex, failed.RequestedAt);
        if (!thread.Held.IsEmpty)
        {
            thread.DropStale(failed.MutexId);
            NoteOrders(thread, mutex, failed.SiteId, failed.FailedAt);
        }
    }

    /// <summary>Ends all waits with the recording.</summary>
    /// <param name="start">The first tick of the recording: of an earlier wait only the part from there on counts.</param>
    /// <param name="end">The last tick of the recording, or of the driver.</param>
    /// <param name="complete">True when no event can be missing, so that a wait without an end was still going on.</param>
    public void CloseWaits(ulong start, ulong end, bool complete)
    {
        foreach (LockWait wait in Waiting.Select(thread => thread.Wait))
        {
            if (complete)
            {
                wait.Mutex!.StillWaiting(Math.Max(wait.RequestedAt, start), end);
            }
            else
            {
                wait.Mutex!.LoseWait();
            }
        }
    }

    /// <summary>Ends the account: deadlocks that have not ended, and what is still held and waited for.</summary>
    /// <param name="end">The last tick of the recording, or of the driver.</param>
    /// <param name="complete">True when no event can be missing, so that a lock without a release is still held.</param>
    public void Close(ulong end, bool complete)
    {
        Deadlocks.Close(_threads.All, end);
        if (complete)
        {
            CloseAbandonments();
            foreach (ThreadLocks thread in _threads.All)
            {
                CloseComplete(thread, end);
            }
        }

        Orders.Settle();
    }

    private void CloseComplete(ThreadLocks thread, ulong end)
    {
        thread.DropStale(0);
        if (thread.Wait.Mutex is MutexLedger awaited)
        {
            _waiters[awaited.Id] = WaitersOf(awaited) + 1;
            NoteOrders(thread, awaited, thread.Wait.SiteId, end);
        }

        for (int held = 0; held < thread.Held.Length; held++)
        {
            CountOrders(thread, held, long.MaxValue);
        }
    }

    private void NoteAbandoned(MutexLedger mutex, in AcquiredEvent acquired)
    {
        OpenHold left = mutex.OwnerRightBefore(acquired.Sequence);
        bool isKnown = _leftHeld.Remove(mutex.Id, out LeftHeld known) && known.Sequence == left.Sequence;
        Abandonments.Add(mutex.Id, left.SiteId, left.ThreadId, isKnown ? known.At : acquired.AcquiredAt);
    }

    private void CloseAbandonments()
    {
        // A later acquire would have said that the mutex was abandoned.
        foreach (LeftHeld left in _leftHeld.Values.Where(left => left.Mutex.OwnerSequence == left.Sequence))
        {
            Abandonments.Add(left.Mutex.Id, left.SiteId, left.ThreadId, left.At);
        }
    }

    private ThreadLocks? Find(int threadId) => _threads.Find((uint)threadId);

    private void NoteOrders(ThreadLocks thread, MutexLedger taken, uint takenSiteId, ulong at)
    {
        for (int held = 0; held < thread.Held.Length; held++)
        {
            if (Orders.Edge(thread, held, taken, takenSiteId) is not LockOrderEdge edge || !thread.Remember(held, edge, at))
            {
                Orders.Forget(1);
            }
        }
    }

    private void CountOrders(ThreadLocks thread, int held, long time)
    {
        foreach (PendingOrder order in CollectionsMarshal.AsSpan(thread.Held[held].Pending))
        {
            Orders.Add(order.Edge, new OrderWindow(thread.ThreadId, thread.Held[held].AcquiredAt, order.LastAt), order.Count, time);
        }
    }

    /// <summary>A mutex that a thread had acquired and, as far as events tell, not released when it ended.</summary>
    private readonly record struct LeftHeld(MutexLedger Mutex, ulong Sequence, uint SiteId, int ThreadId, ulong At);
}
