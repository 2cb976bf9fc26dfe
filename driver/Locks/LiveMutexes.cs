namespace Tracing.Driver;

/// <summary>
/// All mutexes that are allocated, oldest first. Its spin lock is taken by allocation, free and rundown, never by acquire or release.
/// </summary>
internal static unsafe class LiveMutexes
{
    private static SpinLock _lock;
    private static MutexHeader* _first;
    private static MutexHeader* _last;
    private static ulong _lastId;
    private static uint _count;
    private static ulong _bytes;

    /// <summary>How many there are. IRQL: any; may be old before it arrives.</summary>
    internal static uint Count => _count;

    /// <summary>Bytes of their pool blocks. IRQL: any; may be old before it arrives.</summary>
    internal static ulong Bytes => _bytes;

    /// <summary>Gives a mutex its identity and appends it. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    internal static void Add(MutexHeader* mutex)
    {
        byte irql = _lock.Acquire();
        mutex->MutexId = ++_lastId;
        Link(mutex, _last);
        _count++;
        _bytes += mutex->PoolSize;
        _lock.Release(irql);
    }

    /// <summary>Takes a mutex out. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    internal static void Remove(MutexHeader* mutex)
    {
        byte irql = _lock.Acquire();
        Unlink(mutex);
        _count--;
        _bytes -= mutex->PoolSize;
        _lock.Release(irql);
    }

    /// <summary>
    /// Begins a walk over all mutexes that are alive now. IRQL: &lt;= DISPATCH_LEVEL.
    /// </summary>
    /// <param name="marker">
    /// Room on the caller's stack, zeroed: it stands in the list between what the walk has seen and what it has not, so that the
    /// lock can be dropped on the way while mutexes come and go.
    /// </param>
    /// <param name="lastId">The youngest mutex of the walk: later ones announce themselves.</param>
    /// <returns>How many there are.</returns>
    internal static uint BeginWalk(MutexHeader* marker, out ulong lastId)
    {
        byte irql = _lock.Acquire();
        lastId = _lastId;
        uint count = _count;
        Link(marker, null);
        _lock.Release(irql);
        return count;
    }

    /// <summary>
    /// Visits up to <paramref name="most"/> more mutexes, with the lock held, so that none is freed meanwhile. IRQL: &lt;= DISPATCH_LEVEL.
    /// </summary>
    /// <param name="marker">What <see cref="BeginWalk"/> put into the list.</param>
    /// <param name="lastId">What it returned.</param>
    /// <param name="most">Bounds the time at DISPATCH_LEVEL.</param>
    /// <param name="visit">Called for each at DISPATCH_LEVEL: neither allocates nor frees mutexes.</param>
    /// <param name="context">Handed to it.</param>
    /// <returns>How many were visited; fewer than <paramref name="most"/> means that the walk has ended and the marker is out.</returns>
    internal static uint Walk(MutexHeader* marker, ulong lastId, uint most, delegate*<MutexHeader*, void*, void> visit, void* context)
    {
        byte irql = _lock.Acquire();
        uint visited = 0;
        MutexHeader* mutex = marker->Next;
        Unlink(marker);
        while (mutex != null && mutex->MutexId <= lastId && visited < most)
        {
            // Another walk's marker has no identity.
            if (mutex->MutexId != 0)
            {
                visit(mutex, context);
                visited++;
            }

            mutex = mutex->Next;
        }

        if (visited == most)
        {
            Link(marker, mutex == null ? _last : mutex->Previous);
        }

        _lock.Release(irql);
        return visited;
    }

    /// <summary>Puts a node behind another one, or first. The lock is held.</summary>
    private static void Link(MutexHeader* node, MutexHeader* after)
    {
        node->Previous = after;
        node->Next = after == null ? _first : after->Next;
        if (after == null)
        {
            _first = node;
        }
        else
        {
            after->Next = node;
        }

        if (node->Next == null)
        {
            _last = node;
        }
        else
        {
            node->Next->Previous = node;
        }
    }

    /// <summary>Takes a node out. The lock is held.</summary>
    private static void Unlink(MutexHeader* node)
    {
        if (node->Previous == null)
        {
            _first = node->Next;
        }
        else
        {
            node->Previous->Next = node->Next;
        }

        if (node->Next == null)
        {
            _last = node->Previous;
        }
        else
        {
            node->Next->Previous = node->Previous;
        }
    }
}
