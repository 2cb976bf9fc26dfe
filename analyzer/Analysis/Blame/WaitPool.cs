namespace Tracing.Analysis.Blame;

/// <summary>A wait that is not yet divided over all the holds it spans.</summary>
internal struct PendingWait
{
    /// <summary>When it began, in ticks.</summary>
    public ulong RequestedAt;

    /// <summary>When it ended, in ticks.</summary>
    public ulong EndedAt;

    /// <summary>Number of the acquisition that it ended with; 0 for one that ended otherwise.</summary>
    public ulong EndSequence;

    /// <summary>Index of the thread.</summary>
    public int Thread;

    /// <summary>Index of the call site.</summary>
    public int Site;

    /// <summary>Place among the running waits of its mutex; <see cref="HoldEntry.None"/> when it is not one of them.</summary>
    public int Place;

    /// <summary>The next of its list.</summary>
    public int Next;

    /// <summary>The latest waits of the thread, and the place of this one among them; null for one that is not divided.</summary>
    public WaitHistory? History;

    /// <summary>See <see cref="History"/>.</summary>
    public int PlaceInHistory;

    /// <summary>The hold that it began in, or after; that which had the greatest part of it, once it has been divided.</summary>
    public MainHold Holder;

    /// <summary>Whether it is measured, and so divided; the others count for the length of the queue only.</summary>
    public bool IsDivided;

    /// <summary>Whether it lasted at all: one of no length is in no queue.</summary>
    public readonly bool HasLength => EndedAt > RequestedAt;
}

/// <summary>The waits of all mutexes that are in work, by number: taken and given back without allocation.</summary>
internal sealed class WaitPool
{
    private PendingWait[] _waits = new PendingWait[256];
    private int _used;
    private int _free = HoldEntry.None;

    /// <summary>One that was taken.</summary>
    public ref PendingWait this[int number] => ref _waits[number];

    /// <summary>Takes one, to be filled where it lies: it holds whatever it held before.</summary>
    public int Take()
    {
        int number = _free;
        if (number != HoldEntry.None)
        {
            _free = _waits[number].Next;
            return number;
        }

        if (_used == _waits.Length)
        {
            Array.Resize(ref _waits, _used * 2);
        }

        return _used++;
    }

    /// <summary>Gives one back.</summary>
    public void GiveBack(int number)
    {
        _waits[number].History = null;
        _waits[number].Next = _free;
        _free = number;
    }
}
