namespace Tracing.Analysis.Blame;

/// <summary>
/// How many threads waited for one mutex at a time, and for how long any did. Told of the beginnings of waits in spans of time, one span after the
/// other.
/// </summary>
/// <remarks>A mutable struct, to be used as a field and never copied while in use.</remarks>
internal struct QueueGauge
{
    private PriorityQueue<ulong, ulong>? _ends;
    private ulong _at;
    private int _length;

    /// <summary>The most at one time. A wait is over at the tick at which it ends.</summary>
    public int Deepest { get; private set; }

    /// <summary>How long at least one thread waited, in ticks.</summary>
    public UInt128 Occupied { get; private set; }

    /// <summary>True when nobody is known to wait.</summary>
    public readonly bool IsEmpty => _length == 0;

    /// <summary>Says when a wait will end, other than by <see cref="EndOne"/>. To be called before time passes that end.</summary>
    public void EndAt(ulong time) => (_ends ??= new PriorityQueue<ulong, ulong>()).Enqueue(time, time);

    /// <summary>Passes to the beginning of a wait.</summary>
    public void BeginAt(ulong time)
    {
        PassTo(time);
        _length++;
        Deepest = Math.Max(Deepest, _length);
    }

    /// <summary>Ends a wait now.</summary>
    public void EndOne() => _length--;

    /// <summary>Passes to a time.</summary>
    public void PassTo(ulong time)
    {
        while (_ends is not null && _ends.TryPeek(out ulong end, out _) && end <= time)
        {
            _ = _ends.Dequeue();
            Count(end);
            _length--;
        }

        Count(time);
    }

    private void Count(ulong time)
    {
        if (time > _at)
        {
            Occupied += _length > 0 ? time - _at : 0;
            _at = time;
        }
    }
}
