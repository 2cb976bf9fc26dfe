using System.Runtime.CompilerServices;

namespace Tracing.Analysis.Ordering;

/// <summary>
/// Deadlocks as they form: from a thread that has begun to wait, the chain to the holder of the mutex, to what that one waits for, and so on, either ends
/// at a thread that does not wait, or comes back.
/// </summary>
/// <remarks>
/// <para>Events come some time after what they tell of. A thread writes that it has acquired, or released, before it does anything else, so while it waits the
/// recording has all that it did before. That it has given up comes late, and another thread may have begun to wait for it meanwhile: whether there
/// was a deadlock is therefore decided once the next event of each of its threads has come.</para>
/// <para>Lost events can feign one, so that it is certain only in a recording that misses none.</para>
/// </remarks>
/// <param name="find">What is known by the number of a thread; null for one that has not been seen.</param>
public sealed class DeadlockWatch(Func<int, ThreadLocks?> find)
{
    /// <summary>The most different deadlocks that are kept; more are counted.</summary>
    public const int MostKept = 64;

    /// <summary>The most threads in one.</summary>
    public const int MostThreads = 64;

    private readonly List<KnownDeadlock> _known = [];

    /// <summary>Those that came about. To be asked after <see cref="Close"/>.</summary>
    public IReadOnlyList<KnownDeadlock> Known => _known;

    /// <summary>Deadlocks beyond those that are kept.</summary>
    public long NotKept { get; private set; }

    /// <summary>A thread has begun to wait.</summary>
    public void Blocked(ThreadLocks thread)
    {
        if (CircleOf(thread) is not List<ThreadLocks> circle)
        {
            return;
        }

        var deadlock = new OpenDeadlock(circle);
        foreach (ThreadLocks member in circle)
        {
            // One that has seen another give up may be in a deadlock again by the same wait.
            if (member.Deadlock is OpenDeadlock earlier)
            {
                Decide(earlier);
            }

            member.Deadlock = deadlock;
        }
    }

    /// <summary>A thread shows by an event that it does not wait any more, or not for what it waited for.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="time">The time of the event.</param>
    /// <param name="gaveUp">How its wait ended without the mutex; null when it did not end so.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void GoneOn(ThreadLocks thread, long time, GivenUp? gaveUp)
    {
        // Every acquire and release comes here.
        if (thread.Deadlock is OpenDeadlock deadlock)
        {
            thread.Deadlock = null;
            Leave(deadlock, time, gaveUp);
        }
    }

    /// <summary>Ends the account with the recording.</summary>
    /// <param name="threads">All threads.</param>
    /// <param name="end">The last tick of the recording, or of the driver.</param>
    public void Close(IEnumerable<ThreadLocks> threads, ulong end)
    {
        foreach (ThreadLocks thread in threads)
        {
            if (thread.Deadlock is OpenDeadlock deadlock)
            {
                deadlock.Outlast(end);
                Decide(deadlock);
            }
        }
    }

    private List<ThreadLocks>? CircleOf(ThreadLocks first)
    {
        List<ThreadLocks>? circle = null;
        ThreadLocks waiting = first;
        for (int i = 0; i < MostThreads; i++)
        {
            int holder = waiting.Wait.HolderThreadId;
            if (holder == first.ThreadId)
            {
                return circle ?? [first];
            }

            if (holder == 0 || find(holder) is not ThreadLocks { Wait.Mutex: not null } next)
            {
                return null;
            }

            (circle ??= [first]).Add(next);
            waiting = next;
        }

        return null;
    }

    private void Leave(OpenDeadlock deadlock, long time, GivenUp? gaveUp)
    {
        if (deadlock.GoneOn(time, gaveUp))
        {
            Decide(deadlock);
        }
    }

    private void Decide(OpenDeadlock deadlock)
    {
        if (!deadlock.Decide())
        {
            return;
        }

        if (_known.Find(other => other.First.IsLike(deadlock)) is KnownDeadlock known)
        {
            known.Count++;
        }
        else if (_known.Count == MostKept)
        {
            NotKept++;
        }
        else
        {
            _known.Add(new KnownDeadlock(deadlock));
        }
    }
}

/// <summary>How a wait ended without the mutex.</summary>
/// <param name="At">When, in ticks.</param>
/// <param name="Reason">Raw value of the manifest's AcquireFailure.</param>
public readonly record struct GivenUp(ulong At, byte Reason);
