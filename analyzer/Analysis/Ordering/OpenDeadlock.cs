using Tracing.Analysis.Mutexes;

namespace Tracing.Analysis.Ordering;

/// <summary>A circle of threads that wait for each other, up to the next event of each of them.</summary>
public sealed class OpenDeadlock
{
    private int _waiting;
    private long? _firstTime;
    private bool _isDecided;

    /// <summary>Each thread of the circle waits for the next one.</summary>
    public OpenDeadlock(IReadOnlyList<ThreadLocks> circle)
    {
        ArgumentNullException.ThrowIfNull(circle);
        DeadlockMember[] members = [.. circle.Select((thread, i) => Member(thread, circle[(i + 1) % circle.Count]))];
        int first = Array.IndexOf(members, members.MinBy(member => member.Mutex.Id));
        Members = [.. members[first..], .. members[..first]];
        FormedAt = members.Max(member => member.RequestedAt);
        _waiting = members.Length;
    }

    /// <summary>The threads and what they wait for, beginning with the mutex of the lowest id.</summary>
    public IReadOnlyList<DeadlockMember> Members { get; }

    /// <summary>When the last of them began to wait, in ticks.</summary>
    public ulong FormedAt { get; }

    /// <summary>When the first of them gave up, or the recording ended, in ticks; 0 while neither has.</summary>
    public ulong EndedAt { get; private set; }

    /// <summary>Raw value of the manifest's AcquireFailure; null when nobody gave up.</summary>
    public byte? Reason { get; private set; }

    /// <summary>Takes the next event of one of its threads.</summary>
    /// <param name="time">The time of the event.</param>
    /// <param name="gaveUp">How the wait ended without the mutex; null when it did not end so.</param>
    /// <returns>True when that was the last of its threads.</returns>
    internal bool GoneOn(long time, GivenUp? gaveUp)
    {
        _firstTime ??= time;

        // Nobody can go on before one has given up: who does shows that the circle was none.
        bool isFirst = time == _firstTime;
        if (gaveUp is GivenUp end && (isFirst || Reason is not null) && (Reason is null || (end.At, end.Reason).CompareTo((EndedAt, Reason.Value)) < 0))
        {
            (EndedAt, Reason) = (end.At, end.Reason);
        }

        return --_waiting == 0;
    }

    /// <summary>The recording has ended.</summary>
    internal void Outlast(ulong end)
    {
        if (_firstTime is null)
        {
            EndedAt = end;
        }
    }

    /// <summary>Decides, once, whether it came about.</summary>
    internal bool Decide()
    {
        bool isFirst = !_isDecided;
        _isDecided = true;
        return isFirst && (Reason is not null ? EndedAt > FormedAt : EndedAt != 0);
    }

    /// <summary>Whether the same mutexes are waited for and held at the same sites, by whichever threads.</summary>
    internal bool IsLike(OpenDeadlock other) => Members.Select(Place).SequenceEqual(other.Members.Select(Place));

    private static (MutexLedger, uint, uint) Place(DeadlockMember member) => (member.Mutex, member.SiteId, member.HolderSiteId);

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

/// <summary>Deadlocks of the same mutexes at the same sites.</summary>
/// <param name="first">The first of them.</param>
public sealed class KnownDeadlock(OpenDeadlock first)
{
    /// <summary>The first of them.</summary>
    public OpenDeadlock First => first;

    /// <summary>How many there were.</summary>
    public long Count { get; internal set; } = 1;
}

/// <summary>One thread of a deadlock.</summary>
/// <param name="ThreadId">Who waits.</param>
/// <param name="Mutex">For what.</param>
/// <param name="SiteId">Where.</param>
/// <param name="RequestedAt">Since when, in ticks.</param>
/// <param name="HolderThreadId">Who holds it.</param>
/// <param name="HolderSiteId">Where that one had acquired it; 0 for unknown.</param>
public readonly record struct DeadlockMember(int ThreadId, MutexLedger Mutex, uint SiteId, ulong RequestedAt, int HolderThreadId, uint HolderSiteId);
