namespace Tracing.Analysis.Blame;

/// <summary>A measured wait, and who held the mutex for the greatest part of it, once that is known.</summary>
/// <param name="Mutex">Number of the mutex.</param>
/// <param name="Sequence">Number of the acquisition that it ended with.</param>
/// <param name="RequestedAt">When it began, in ticks.</param>
/// <param name="EndedAt">When it ended, in ticks.</param>
/// <param name="Site">Index of the call site.</param>
internal record struct PastWait(ulong Mutex, ulong Sequence, ulong RequestedAt, ulong EndedAt, int Site)
{
    /// <summary>Whether the wait has been divided.</summary>
    public bool IsDivided { get; set; }

    /// <summary>The holder; of no length until it is known.</summary>
    public MainHold Holder { get; set; }
}

/// <summary>The greatest part of a wait that one hold had.</summary>
/// <param name="Thread">Index of the thread that held.</param>
/// <param name="Site">Index of the call site that it had acquired at.</param>
/// <param name="Ticks">Length of the part; 0 for no hold at all.</param>
/// <param name="From">Where the part begins, in ticks.</param>
internal readonly record struct MainHold(int Thread, int Site, ulong Ticks, ulong From);

/// <summary>The latest waits of one thread, by the time of their ends.</summary>
/// <param name="waits">Where they lie, beside those of others.</param>
/// <param name="first">From where on: <see cref="Length"/> of them.</param>
internal sealed class WaitHistory(PastWait[] waits, int first)
{
    /// <summary>How many are kept: a holder's wait is asked for when that of its victim has been divided, some dozens of acquisitions later.</summary>
    public const int Length = 64;

    private int _count;

    /// <summary>Adds a wait that has ended; the oldest goes.</summary>
    /// <param name="mutex">Number of the mutex.</param>
    /// <param name="sequence">Number of the acquisition that it ended with.</param>
    /// <param name="requestedAt">When it began, in ticks.</param>
    /// <param name="endedAt">When it ended, in ticks.</param>
    /// <param name="site">Index of the call site.</param>
    /// <returns>Its place, until it goes.</returns>
    public int Add(ulong mutex, ulong sequence, ulong requestedAt, ulong endedAt, int site)
    {
        int place = _count++ & (Length - 1);
        ref PastWait wait = ref waits[first + place];
        wait.Mutex = mutex;
        wait.Sequence = sequence;
        wait.RequestedAt = requestedAt;
        wait.EndedAt = endedAt;
        wait.Site = site;
        wait.IsDivided = false;
        wait.Holder = default;
        return place;
    }

    /// <summary>Says that a place is about to be asked for.</summary>
    public void Prefetch(int place)
    {
        // The beginning of the object, too: a call of its methods looks there whether it is one.
        CacheLine.Prefetch(in _count);
        CacheLine.Prefetch(in waits[first + place]);
    }

    /// <summary>Says who held the mutex during a wait, if that is still there.</summary>
    /// <param name="place">Its place.</param>
    /// <param name="mutex">Number of the mutex.</param>
    /// <param name="sequence">Number of the acquisition that it ended with.</param>
    /// <param name="holder">Who held the mutex.</param>
    public void Divide(int place, ulong mutex, ulong sequence, in MainHold holder)
    {
        ref PastWait wait = ref waits[first + place];
        if (wait.Sequence == sequence && wait.Mutex == mutex)
        {
            wait.Holder = holder;
            wait.IsDivided = true;
        }
    }

    /// <summary>The wait that had most of a span of time, or null.</summary>
    public PastWait? LongestWithin(ulong from, ulong to)
    {
        PastWait? longest = null;
        ulong most = 0;
        for (int i = _count - 1; i >= Math.Max(0, _count - Length) && waits[first + (i & (Length - 1))].EndedAt > from; i--)
        {
            PastWait wait = waits[first + (i & (Length - 1))];
            ulong begin = Math.Max(from, wait.RequestedAt);
            ulong end = Math.Min(to, wait.EndedAt);
            if (end > begin && end - begin > most)
            {
                most = end - begin;
                longest = wait;
            }
        }

        return longest;
    }
}
