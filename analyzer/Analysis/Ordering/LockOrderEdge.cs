namespace Tracing.Analysis.Ordering;

/// <summary>What an order goes between: a class, or a single mutex where both belong to one class.</summary>
/// <param name="Class">Number of the class, see <see cref="LockClasses"/>.</param>
/// <param name="MutexId">The mutex; 0 for the class as a whole.</param>
public readonly record struct LockNode(int Class, ulong MutexId);

/// <summary>Which orders are counted together.</summary>
/// <param name="Held">What was held.</param>
/// <param name="Taken">What was taken meanwhile.</param>
/// <param name="HeldSiteId">Where the one had been acquired.</param>
/// <param name="TakenSiteId">Where the other was.</param>
/// <param name="Guards">The classes of whatever else was held, see <see cref="GuardSets"/>.</param>
public readonly record struct LockOrderKey(LockNode Held, LockNode Taken, uint HeldSiteId, uint TakenSiteId, int Guards);

/// <summary>All occurrences of one order, at one pair of sites, under one set of other locks.</summary>
/// <param name="key">What they have in common.</param>
/// <param name="guardCount">How many other locks were held.</param>
public sealed class LockOrderEdge(LockOrderKey key, int guardCount)
{
    /// <summary>Threads remembered per edge. A cycle of no more orders than this can always be given threads of its own.</summary>
    public const int MostThreads = 64;

    private readonly List<int> _threads = [];
    private readonly ulong[] _guardMutexes = new ulong[guardCount];
    private List<LateGuard>? _lateGuards;
    private OrderWindow _last;
    private OrderWindow _lastOfAnother;
    private bool _anyInstance;

    /// <summary>What they have in common.</summary>
    public LockOrderKey Key => key;

    /// <summary>How often it was seen.</summary>
    public long Count { get; private set; }

    /// <summary>When it was seen first, in ticks.</summary>
    public ulong FirstAt { get; private set; }

    /// <summary>The mutex that was held; 0 when it was not always the same.</summary>
    public ulong HeldMutexId { get; private set; }

    /// <summary>The mutex that was taken; 0 when it was not always the same.</summary>
    public ulong TakenMutexId { get; private set; }

    /// <summary>The other mutexes held, in the order of the set; 0 for one that was not always the same.</summary>
    public IReadOnlyList<ulong> GuardMutexIds => _guardMutexes;

    /// <summary>Locks that were held around every occurrence, too, as their releases showed afterwards.</summary>
    public IReadOnlyList<LateGuard> LateGuards => _lateGuards ?? [];

    /// <summary>The threads, in the order of their first time; the first <see cref="MostThreads"/> of them.</summary>
    public IReadOnlyList<int> ThreadIds => _threads;

    /// <summary>Takes note of which mutexes took part.</summary>
    public void NoteMutexes(ulong held, ulong taken, ReadOnlySpan<ulong> guards)
    {
        if (!_anyInstance)
        {
            _anyInstance = true;
            (HeldMutexId, TakenMutexId) = (held, taken);
            guards.CopyTo(_guardMutexes);
            return;
        }

        HeldMutexId = HeldMutexId == held ? held : 0;
        TakenMutexId = TakenMutexId == taken ? taken : 0;
        for (int i = 0; i < guards.Length; i++)
        {
            _guardMutexes[i] = _guardMutexes[i] == guards[i] ? guards[i] : 0;
        }
    }

    /// <summary>Takes note of a lock that its only thread has released, and had held since before the recording.</summary>
    public void HeldAround(in LateGuard guard)
    {
        if (_threads.Count == 0 || (_threads.Count == 1 && _threads[0] == guard.ThreadId))
        {
            (_lateGuards ??= []).Add(guard);
        }
    }

    /// <summary>Counts occurrences within one hold of the outer lock.</summary>
    public void Add(in OrderWindow window, long count)
    {
        if (_lateGuards is not null)
        {
            DropLateGuards(window);
        }

        FirstAt = Count == 0 ? window.From : Math.Min(FirstAt, window.From);
        Count += count;
        if (_threads.Count < MostThreads && !_threads.Contains(window.ThreadId))
        {
            _threads.Add(window.ThreadId);
        }

        if (_last.ThreadId != window.ThreadId)
        {
            _lastOfAnother = _last;
        }

        _last = window;
    }

    /// <summary>The latest occurrence by any other than the given thread; null for none.</summary>
    public OrderWindow? LastByOther(int threadId)
    {
        OrderWindow found = _last.ThreadId != threadId ? _last : _lastOfAnother;
        return found.To == 0 ? null : found;
    }

    // Apart, since what it asks with is made anew for each call.
    private void DropLateGuards(OrderWindow added) => _lateGuards!.RemoveAll(guard => guard.ThreadId != added.ThreadId || guard.Until < added.To);
}

/// <summary>A lock that a thread had taken before the recording: its release shows that it was held around all that the thread did until then.</summary>
/// <param name="MutexId">The mutex.</param>
/// <param name="ThreadId">The thread.</param>
/// <param name="Until">When it was released, in ticks.</param>
public readonly record struct LateGuard(ulong MutexId, int ThreadId, ulong Until);

/// <summary>A time in which a thread held the outer lock and had yet to get the inner one: a thread that does the opposite in it blocks both.</summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="From">When it had acquired the outer lock, in ticks.</param>
/// <param name="To">When it had acquired the inner one.</param>
public readonly record struct OrderWindow(int ThreadId, ulong From, ulong To)
{
    /// <summary>The time between two of them, in ticks; 0 when they overlap.</summary>
    public ulong GapTo(in OrderWindow other) => From > other.To ? From - other.To : other.From > To ? other.From - To : 0;
}
