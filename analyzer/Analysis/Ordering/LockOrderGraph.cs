using Tracing.Analysis.Mutexes;

namespace Tracing.Analysis.Ordering;

/// <summary>
/// Which locks were taken while which others were held. Between classes of mutexes; among mutexes of one class between the mutexes themselves,
/// since taking two of a kind is an order only when it is known which two.
/// </summary>
/// <remarks>Bounded: beyond <see cref="MostEdges"/> different orders new ones are counted and not kept.</remarks>
public sealed class LockOrderGraph
{
    /// <summary>The most orders kept between classes, and as many again between mutexes of one class: a few megabytes. Real lock hierarchies have hundreds.</summary>
    public const int MostEdges = 16_384;

    private const int MostGuards = 32;

    // Of one time; no real recording has more than a few.
    private const int MostUnsettled = 1_024;

    // Edges looked at for locks that were taken before the recording. A real one has few such locks; a damaged one may look as if it had any number.
    private const int MostLateLooks = 1_000_000;

    private readonly Dictionary<LockOrderKey, LockOrderEdge> _edges = [];
    private readonly Dictionary<(LockNode Held, LockNode Taken), OrderPair> _pairs = [];
    private readonly List<(LockOrderEdge Edge, OrderWindow Window, long Count)> _unsettled = [];
    private long _unsettledTime;
    private int _lateLooks;
    private int _betweenClasses;
    private int _withinClasses;

    /// <summary>The classes that its nodes refer to.</summary>
    public LockClasses Classes { get; } = new();

    /// <summary>The sets of other locks that its edges refer to.</summary>
    public GuardSets Guards { get; } = new();

    /// <summary>Occurrences of orders that were not kept because there are too many.</summary>
    public long NotKept { get; private set; }

    /// <summary>Orders that were seen, one after the other by what they go between, where, and under which other locks.</summary>
    public IReadOnlyList<LockOrderEdge> Edges()
    {
        LockOrderEdge[] seen = [.. _edges.Values.Where(edge => edge.Count > 0)];
        Array.Sort(seen, Compare);
        return seen;
    }

    /// <summary>The orders between the two nodes of an edge of which an occurrence came nearest in time to one of the opposite direction; null for none.</summary>
    public OrderPair? Nearest(LockOrderEdge edge)
    {
        OrderPair? same = _pairs.GetValueOrDefault((edge.Key.Held, edge.Key.Taken));
        OrderPair? opposite = _pairs.GetValueOrDefault((edge.Key.Taken, edge.Key.Held));
        OrderPair? nearest = same is not null && (opposite is null || same.NearestTicks <= opposite.NearestTicks) ? same : opposite;

        // A lock around both may have shown itself since.
        return nearest is { Nearest: LockOrderEdge one, NearestOpposite: LockOrderEdge other } && !SharesGate(one, other) ? nearest : null;
    }

    /// <summary>A thread has released a lock that it had taken before the recording: it was held around all orders of that thread so far.</summary>
    /// <param name="guard">The lock.</param>
    /// <param name="pending">Orders of the thread that are not counted yet.</param>
    public void HeldAround(in LateGuard guard, IEnumerable<LockOrderEdge> pending)
    {
        Settle();
        if (_lateLooks + _edges.Count > MostLateLooks)
        {
            return;
        }

        _lateLooks += _edges.Count;
        foreach (LockOrderEdge edge in _edges.Values.Where(edge => edge.Count > 0).Union(pending))
        {
            edge.HeldAround(guard);
        }
    }

    /// <summary>Counts occurrences that are not kept.</summary>
    public void Forget(long count) => NotKept += count;

    /// <summary>The edge of a lock taken while others are held; null when there are too many edges.</summary>
    /// <param name="thread">Who takes it.</param>
    /// <param name="held">Which of the locks held by the thread is the outer one.</param>
    /// <param name="taken">What is taken.</param>
    /// <param name="takenSiteId">Where.</param>
    public LockOrderEdge? Edge(ThreadLocks thread, int held, MutexLedger taken, uint takenSiteId)
    {
        HeldLock outer = thread.Held[held];
        int heldClass = Classes.Of(outer.Mutex);
        int takenClass = Classes.Of(taken);
        bool within = heldClass == takenClass;
        Span<int> guards = stackalloc int[MostGuards];
        Span<ulong> guardMutexes = stackalloc ulong[MostGuards];
        int guardCount = CollectGuards(thread, held, guards, guardMutexes);
        if (Guards.NumberOf(guards[..guardCount]) is not int guardSet)
        {
            return null;
        }

        var key = new LockOrderKey(
            new LockNode(heldClass, within ? outer.Mutex.Id : 0), new LockNode(takenClass, within ? taken.Id : 0), outer.SiteId, takenSiteId, guardSet);
        if (!_edges.TryGetValue(key, out LockOrderEdge? edge))
        {
            ref int count = ref within ? ref _withinClasses : ref _betweenClasses;
            if (count == MostEdges)
            {
                return null;
            }

            count++;
            edge = new LockOrderEdge(key, guardCount);
            _edges.Add(key, edge);
        }

        edge.NoteMutexes(outer.Mutex.Id, taken.Id, guardMutexes[..guardCount]);
        return edge;
    }

    /// <summary>Takes occurrences of an edge within one hold of its outer lock. They are counted with the first of a later time, or by <see cref="Settle"/>.</summary>
    /// <param name="edge">The edge.</param>
    /// <param name="window">When the thread had the outer lock and had yet to get the inner one.</param>
    /// <param name="count">How often.</param>
    /// <param name="time">The time of the event that shows it.</param>
    public void Add(LockOrderEdge edge, in OrderWindow window, long count, long time)
    {
        if (time != _unsettledTime || _unsettled.Count == MostUnsettled)
        {
            Settle();
            _unsettledTime = time;
        }

        _unsettled.Add((edge, window, count));
    }

    /// <summary>Counts what was taken at one time, by thread: which of two events of one time is read first is chance.</summary>
    public void Settle()
    {
        for (int i = 1; i < _unsettled.Count; i++)
        {
            if (_unsettled[i].Window.ThreadId < _unsettled[i - 1].Window.ThreadId)
            {
                (LockOrderEdge, OrderWindow, long)[] byThread = [.. _unsettled.OrderBy(one => one.Window.ThreadId)];
                _unsettled.Clear();
                _unsettled.AddRange(byThread);
                break;
            }
        }

        foreach ((LockOrderEdge edge, OrderWindow window, long count) in _unsettled)
        {
            Count(edge, window, count);
        }

        _unsettled.Clear();
    }

    /// <summary>
    /// Whether a lock held around both keeps the two from meeting: one and the same mutex, or one that belongs to a class of which each occurrence
    /// had its own, as the lock of a device guards the locks within that device.
    /// </summary>
    public bool SharesGate(LockOrderEdge one, LockOrderEdge other)
    {
        IReadOnlyList<int> guards = Guards[one.Key.Guards];
        IReadOnlyList<int> others = Guards[other.Key.Guards];
        bool manyPairs = (one.HeldMutexId == 0 || one.TakenMutexId == 0) && (other.HeldMutexId == 0 || other.TakenMutexId == 0);
        for (int i = 0; i < guards.Count; i++)
        {
            for (int j = 0; j < others.Count; j++)
            {
                ulong mutex = one.GuardMutexIds[i];
                if (guards[i] == others[j] && mutex == other.GuardMutexIds[j] && (mutex != 0 || manyPairs))
                {
                    return true;
                }
            }
        }

        // Only one thread can have held a lock since before the recording.
        return IsUnderLateGuardOf(one, other) || IsUnderLateGuardOf(other, one);
    }

    private static bool IsUnderLateGuardOf(LockOrderEdge one, LockOrderEdge other)
    {
        for (int i = 0; i < one.LateGuards.Count; i++)
        {
            if (other.GuardMutexIds.Contains(one.LateGuards[i].MutexId))
            {
                return true;
            }
        }

        return false;
    }

    private int Compare(LockOrderEdge one, LockOrderEdge other)
    {
        (LockOrderKey a, LockOrderKey b) = (one.Key, other.Key);
        int order = Compare(a.Held, b.Held);
        order = order != 0 ? order : Compare(a.Taken, b.Taken);
        order = order != 0 ? order : (a.HeldSiteId, a.TakenSiteId).CompareTo((b.HeldSiteId, b.TakenSiteId));
        return order != 0 || a.Guards == b.Guards ? order : CompareGuards(Guards[a.Guards], Guards[b.Guards]);
    }

    private int Compare(LockNode one, LockNode other) => one.Class == other.Class ? one.MutexId.CompareTo(other.MutexId) : Classes.Compare(one.Class, other.Class);

    private int CompareGuards(IReadOnlyList<int> some, IReadOnlyList<int> others)
    {
        Comparer<int> byClass = Comparer<int>.Create(Classes.Compare);
        int differing = some.Order(byClass).Zip(others.Order(byClass), Classes.Compare).FirstOrDefault(order => order != 0);
        return differing != 0 ? differing : some.Count.CompareTo(others.Count);
    }

    /// <summary>Counts occurrences, and how near they came to the opposite order.</summary>
    private void Count(LockOrderEdge edge, in OrderWindow window, long count)
    {
        if (edge.Count == 0)
        {
            Join(edge);
        }

        edge.Add(window, count);
        if (_pairs.TryGetValue((edge.Key.Taken, edge.Key.Held), out OrderPair? opposite))
        {
            OrderPair pair = _pairs[(edge.Key.Held, edge.Key.Taken)];
            foreach (LockOrderEdge other in opposite.Edges)
            {
                if (other.LastByOther(window.ThreadId) is OrderWindow last && !SharesGate(edge, other))
                {
                    pair.Note(edge, other, window.GapTo(last));
                }
            }
        }
    }

    private void Join(LockOrderEdge edge)
    {
        (LockNode, LockNode) nodes = (edge.Key.Held, edge.Key.Taken);
        if (!_pairs.TryGetValue(nodes, out OrderPair? pair))
        {
            pair = new OrderPair();
            _pairs.Add(nodes, pair);
        }

        pair.Join(edge);
    }

    private int CollectGuards(ThreadLocks thread, int outer, Span<int> classes, Span<ulong> mutexes)
    {
        int count = 0;
        for (int i = 0; i < thread.Held.Length; i++)
        {
            if (i != outer)
            {
                classes[count] = Classes.Of(thread.Held[i].Mutex);
                mutexes[count++] = thread.Held[i].Mutex.Id;
            }
        }

        if (count > 1)
        {
            // By mutex first, so that of two guards of one class the same one comes first each time.
            mutexes[..count].Sort(classes[..count]);
            InsertionSort(classes[..count], mutexes);
        }

        return count;
    }

    private static void InsertionSort(Span<int> classes, Span<ulong> mutexes)
    {
        for (int i = 1; i < classes.Length; i++)
        {
            for (int j = i; j > 0 && classes[j] < classes[j - 1]; j--)
            {
                (classes[j], classes[j - 1]) = (classes[j - 1], classes[j]);
                (mutexes[j], mutexes[j - 1]) = (mutexes[j - 1], mutexes[j]);
            }
        }
    }
}
