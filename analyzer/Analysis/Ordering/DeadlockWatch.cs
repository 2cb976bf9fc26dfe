using Tracing.Analysis.Mutexes;

namespace Tracing.Analysis.Ordering;

/// <summary>
/// Deadlocks as they form: when a thread begins to wait, the chain from it to the holder of the mutex, to what that one waits for, and so on, either ends
/// at a thread that does not wait, or comes back.
/// </summary>
/// <remarks>
/// <para>No delay of events can feign one. A thread writes that it has acquired, or released, before it does anything else: while its event is
/// under way it is in no wait, and the chain ends at it.</para>
/// <para>Lost events can. A deadlock is therefore taken back when one of its threads goes on without any of them having given up.</para>
/// </remarks>
public sealed class DeadlockWatch
{
    /// <summary>The most different deadlocks that are kept; more are counted.</summary>
    public const int MostKept = 64;

    /// <summary>The most threads in one.</summary>
    public const int MostThreads = 64;

    private readonly List<KnownDeadlock> _known = [];

    /// <summary>Those that came about, in the order of their end.</summary>
    public IReadOnlyList<KnownDeadlock> Known => _known;

    /// <summary>Deadlocks beyond those that are kept.</summary>
    public long NotKept { get; private set; }

    /// <summary>A thread has begun to wait.</summary>
    /// <param name="thread">The thread, with its wait.</param>
    /// <param name="find">The other threads, by number; null for one that has not been seen.</param>
    public static void Blocked(ThreadLocks thread, Func<int, ThreadLocks?> find)
    {
        List<ThreadLocks>? circle = null;
        ThreadLocks waiting = thread;
        for (int i = 0; i < MostThreads; i++)
        {
            int holder = waiting.Wait.HolderThreadId;
            if (holder == thread.ThreadId)
            {
                circle ??= [thread];
                var deadlock = new OpenDeadlock(circle, thread.Wait.RequestedAt);
                circle.ForEach(member => member.Deadlock = deadlock);
                return;
            }

            if (holder == 0 || find(holder) is not ThreadLocks { Wait.Mutex: not null } next)
            {
                return;
            }

            (circle ??= [thread]).Add(next);
            waiting = next;
        }
    }

    /// <summary>A thread of a deadlock has given up. It may not be the first, though its event is: of two that come at one time, either may be read first.</summary>
    /// <param name="deadlock">The deadlock.</param>
    /// <param name="at">When, in ticks.</param>
    /// <param name="reason">Raw value of the manifest's AcquireFailure.</param>
    public void GivenUp(OpenDeadlock deadlock, ulong at, byte reason)
    {
        if (deadlock.IsOver)
        {
            deadlock.Kept?.GivenUp(at, reason);
        }
        else
        {
            Keep(deadlock, at, reason, isCertain: true);
        }
    }

    /// <summary>The recording has ended and the deadlock has not.</summary>
    /// <param name="deadlock">The deadlock.</param>
    /// <param name="end">The last tick of the recording.</param>
    /// <param name="complete">True when no event can be missing.</param>
    public void Outlasted(OpenDeadlock deadlock, ulong end, bool complete)
    {
        if (!deadlock.IsOver)
        {
            Keep(deadlock, end, null, complete);
        }
    }

    private void Keep(OpenDeadlock deadlock, ulong at, byte? reason, bool isCertain)
    {
        deadlock.IsOver = true;
        KnownDeadlock? known = _known.Find(other => other.IsLike(deadlock));
        if (known is null && _known.Count == MostKept)
        {
            NotKept++;
        }
        else if (known is null)
        {
            deadlock.Kept = new KnownDeadlock(deadlock, at, reason, isCertain);
            _known.Add(deadlock.Kept);
        }
        else
        {
            known.Count++;
        }
    }
}

/// <summary>A deadlock that has formed, up to the next event of each of its threads.</summary>
public sealed class OpenDeadlock
{
    private readonly List<ThreadLocks> _threads;

    /// <summary>Each thread of the circle waits for the next one.</summary>
    public OpenDeadlock(List<ThreadLocks> circle, ulong formedAt)
    {
        _threads = circle;
        FormedAt = formedAt;
        DeadlockMember[] members = [.. circle.Select((thread, i) => Member(thread, circle[(i + 1) % circle.Count]))];
        int first = Array.IndexOf(members, members.MinBy(member => member.Mutex.Id));
        Members = [.. members[first..], .. members[..first]];
    }

    /// <summary>The threads and what they wait for, beginning with the mutex of the lowest id.</summary>
    public IReadOnlyList<DeadlockMember> Members { get; }

    /// <summary>When the last of them began to wait, in ticks.</summary>
    public ulong FormedAt { get; }

    /// <summary>Whether it has ended.</summary>
    public bool IsOver { get; set; }

    /// <summary>What is kept of it; null while it goes on, and where it is one more of a kind that is kept.</summary>
    public KnownDeadlock? Kept { get; set; }

    /// <summary>Its threads are free of it.</summary>
    public void Dissolve()
    {
        foreach (ThreadLocks thread in _threads.Where(thread => thread.Deadlock == this))
        {
            thread.Deadlock = null;
        }
    }

    private static DeadlockMember Member(ThreadLocks waiting, ThreadLocks holder)
    {
        LockWait wait = waiting.Wait;
        HeldLock held = default;
        foreach (HeldLock one in holder.Held)
        {
            held = one.Mutex == wait.Mutex ? one : held;
        }

        return new DeadlockMember(waiting.ThreadId, wait.Mutex!, wait.SiteId, wait.RequestedAt, holder.ThreadId, held.SiteId);
    }
}

/// <summary>A deadlock that came about.</summary>
/// <param name="deadlock">Its threads.</param>
/// <param name="endedAt">When the first of them gave up, or the recording ended, in ticks.</param>
/// <param name="reason">Raw value of the manifest's AcquireFailure; null when nobody gave up.</param>
/// <param name="isCertain">False when lost events may have feigned it.</param>
public sealed class KnownDeadlock(OpenDeadlock deadlock, ulong endedAt, byte? reason, bool isCertain)
{
    /// <summary>The threads and what they wait for.</summary>
    public IReadOnlyList<DeadlockMember> Members => deadlock.Members;

    /// <summary>When it formed, in ticks.</summary>
    public ulong FormedAt => deadlock.FormedAt;

    /// <summary>When the first of them gave up, or the recording ended, in ticks.</summary>
    public ulong EndedAt { get; private set; } = endedAt;

    /// <summary>Raw value of the manifest's AcquireFailure; null when nobody gave up.</summary>
    public byte? Reason { get; private set; } = reason;

    /// <summary>False when lost events may have feigned it.</summary>
    public bool IsCertain => isCertain;

    /// <summary>How often the same mutexes at the same sites formed one.</summary>
    public long Count { get; set; } = 1;

    /// <summary>Another of its threads has given up, too; whoever did so first ended it.</summary>
    public void GivenUp(ulong at, byte reason)
    {
        if (at < EndedAt || (at == EndedAt && reason < Reason))
        {
            (EndedAt, Reason) = (at, reason);
        }
    }

    /// <summary>Whether the same mutexes are waited for and held at the same sites, by whichever threads.</summary>
    public bool IsLike(OpenDeadlock other) => Members.Select(Place).SequenceEqual(other.Members.Select(Place));

    private static (MutexLedger, uint, uint) Place(DeadlockMember member) => (member.Mutex, member.SiteId, member.HolderSiteId);
}

/// <summary>One thread of a deadlock.</summary>
/// <param name="ThreadId">Who waits.</param>
/// <param name="Mutex">For what.</param>
/// <param name="SiteId">Where.</param>
/// <param name="RequestedAt">Since when, in ticks.</param>
/// <param name="HolderThreadId">Who holds it.</param>
/// <param name="HolderSiteId">Where that one had acquired it; 0 for unknown.</param>
public readonly record struct DeadlockMember(int ThreadId, MutexLedger Mutex, uint SiteId, ulong RequestedAt, int HolderThreadId, uint HolderSiteId);
