using Tracing.Analysis.Loads;

namespace Tracing.Analysis.Blame;

/// <summary>
/// Keeps the slowest waits of all mutexes, each with its chain: who held the mutex for the greatest part of it, for what that one waited meanwhile,
/// and so on.
/// </summary>
/// <remarks>
/// A wait is divided some time after it has ended, on each mutex at its own pace: a link whose wait has not been divided yet is completed when it
/// is. A wait that lies further back than a thread's history reaches ends the chain.
/// </remarks>
internal sealed class SlowWaits(ThreadTable threads)
{
    private const int Most = 64;
    private const int LongestChain = 16;
    private const int MostAwaited = Most * LongestChain;

    private readonly PriorityQueue<Link, Rank> _slowest = new();
    private readonly Dictionary<(int Thread, ulong Mutex, ulong Sequence), Link> _awaited = [];
    private readonly WaitHistories _histories = new();
    private int _awaiting;

    /// <summary>The slowest waits, in no particular order.</summary>
    public IEnumerable<Link> All => _slowest.UnorderedItems.Select(item => item.Element);

    /// <summary>The latest waits of a thread.</summary>
    public WaitHistory HistoryOf(int thread) => threads.All[thread].History ??= _histories.Make();

    /// <summary>A wait has been divided.</summary>
    public void Divided(int thread, in PastWait wait)
    {
        if (_awaited.Count > 0 && _awaited.Remove((thread, wait.Mutex, wait.Sequence), out Link? awaited))
        {
            while (awaited is not null)
            {
                Link? another = awaited.AwaitsTheSame;
                awaited.AwaitsTheSame = null;
                awaited.Wait = wait;
                _awaiting--;
                Extend(awaited);
                awaited = another;
            }
        }

        var rank = new Rank(wait.EndedAt - wait.RequestedAt, wait.RequestedAt, threads.All[thread].Id);
        if (_slowest.Count == Most)
        {
            if (!_slowest.TryPeek(out _, out Rank least) || rank.CompareTo(least) <= 0)
            {
                return;
            }

            _ = _slowest.Dequeue();
        }

        var link = new Link(thread, 1) { Wait = wait };
        _slowest.Enqueue(link, rank);
        Extend(link);
    }

    private void Extend(Link link)
    {
        while (link.Wait.Holder.Ticks > 0 && link.Depth < LongestChain)
        {
            MainHold hold = link.Wait.Holder;
            if (threads.All[hold.Thread].History?.LongestWithin(hold.From, hold.From + hold.Ticks) is not PastWait next)
            {
                return;
            }

            link.Next = new Link(hold.Thread, link.Depth + 1) { Wait = next };
            link = link.Next;
            if (!next.IsDivided)
            {
                Await(link);
                return;
            }
        }
    }

    /// <summary>One thread may be in the way of many, so that several chains go on with one wait.</summary>
    private void Await(Link link)
    {
        if (_awaiting == MostAwaited)
        {
            return;
        }

        _awaiting++;
        (int Thread, ulong, ulong) wait = (link.Thread, link.Wait.Mutex, link.Wait.Sequence);
        link.AwaitsTheSame = _awaited.GetValueOrDefault(wait);
        _awaited[wait] = link;
    }

    /// <summary>A wait in a chain.</summary>
    /// <param name="thread">Index of the thread that waited.</param>
    /// <param name="depth">Its place in the chain, from 1.</param>
    internal sealed class Link(int thread, int depth)
    {
        /// <summary>Index of the thread that waited.</summary>
        public int Thread { get; } = thread;

        /// <summary>Its place in the chain, from 1.</summary>
        public int Depth { get; } = depth;

        /// <summary>The wait.</summary>
        public PastWait Wait { get; set; }

        /// <summary>What its main holder waited for meanwhile; null when for nothing.</summary>
        public Link? Next { get; set; }

        /// <summary>Another link with the same wait, while that has not been divided.</summary>
        public Link? AwaitsTheSame { get; set; }
    }

    /// <summary>The place of a wait among the slowest: that of two of one length does not depend on which is divided first.</summary>
    private readonly record struct Rank(ulong Length, ulong RequestedAt, int ThreadId) : IComparable<Rank>
    {
        public int CompareTo(Rank other)
        {
            int byLength = Length.CompareTo(other.Length);
            int byBegin = byLength != 0 ? byLength : other.RequestedAt.CompareTo(RequestedAt);
            return byBegin != 0 ? byBegin : other.ThreadId.CompareTo(ThreadId);
        }
    }
}
