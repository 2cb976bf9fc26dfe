using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tracing.Analysis.Blame;

/// <summary>
/// The latest outermost acquisitions of one mutex, by number: a ring that grows while it must. Numbers come almost in order, so a place is looked
/// for from the end.
/// </summary>
/// <remarks>A mutable struct, to be used as a field and never copied while in use.</remarks>
internal struct HoldWindow
{
    /// <summary>A number that comes so many acquisitions late finds no place: moving them would cost too much.</summary>
    private const int FurthestBack = 1024;

    private const int FirstEntries = 4;

    private HoldEntry[]? _entries;
    private int _mask;
    private int _first;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>An entry, 0 being the one of the lowest number.</summary>
    public readonly ref HoldEntry this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            // SAFETY: the array has a power of two of entries, and what is masked with one less is below it.
            return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_entries!), (_first + index) & _mask);
        }
    }

    /// <summary>The one of the highest number. There must be one.</summary>
    public readonly ref HoldEntry Last => ref this[Count - 1];

    /// <summary>The entry of this number, or the last one before it.</summary>
    /// <returns>-1 when all have higher numbers.</returns>
    public readonly int FindAtOrBefore(ulong sequence) => LastUpTo<Number>(sequence, Count);

    /// <summary>The last entry before <paramref name="end"/> that was acquired at this time or earlier.</summary>
    /// <returns>-1 when there is none.</returns>
    public readonly int FindAcquiredBy(ulong time, int end) => LastUpTo<Begin>(time, end);

    /// <summary>Puts an entry at a place.</summary>
    /// <param name="index">The place.</param>
    /// <param name="entry">The entry.</param>
    /// <returns>False when that is too far back.</returns>
    public bool Insert(int index, in HoldEntry entry)
    {
        if (Count - index > FurthestBack)
        {
            return false;
        }

        if (_entries is null)
        {
            _entries = new HoldEntry[FirstEntries];
            _mask = FirstEntries - 1;
        }
        else if (Count > _mask)
        {
            Grow();
        }

        for (int i = Count; i > index; i--)
        {
            this[i] = this[i - 1];
        }

        this[index] = entry;
        Count++;
        return true;
    }

    /// <summary>Takes out the entry of the lowest number.</summary>
    public void RemoveFirst()
    {
        _first = (_first + 1) & _mask;
        Count--;
    }

    /// <summary>Gives its memory back. It must be empty.</summary>
    public void Release()
    {
        _entries = null;
        _first = 0;
    }

    private readonly int LastUpTo<TKey>(ulong value, int end)
        where TKey : struct, IKey
    {
        const int LookedAtOneByOne = 8;
        int low = Math.Max(0, end - LookedAtOneByOne);
        while (end > low && TKey.Of(this[end - 1]) > value)
        {
            end--;
        }

        if (end > low || low == 0)
        {
            return end - 1;
        }

        return Search<TKey>(value, end);
    }

    /// <summary>Acquisitions come at much the same pace, so that a guess by proportion is near; from there in steps that double, then by halves.</summary>
    private readonly int Search<TKey>(ulong value, int end)
        where TKey : struct, IKey
    {
        ulong first = TKey.Of(this[0]);
        if (value < first)
        {
            return -1;
        }

        int low = (int)((UInt128)(value - first) * (ulong)end / ((UInt128)(TKey.Of(this[end]) - first) + 1));
        int high = low;
        for (int step = 1; high < end && TKey.Of(this[high]) <= value; step *= 2)
        {
            low = high;
            high = Math.Min(end, high + step);
        }

        for (int step = 1; TKey.Of(this[low]) > value; step *= 2)
        {
            high = low;
            low = Math.Max(0, low - step);
        }

        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            if (TKey.Of(this[middle]) > value)
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        return low;
    }

    private void Grow()
    {
        var grown = new HoldEntry[Count * 2];
        for (int i = 0; i < Count; i++)
        {
            grown[i] = this[i];
        }

        _entries = grown;
        _mask = grown.Length - 1;
        _first = 0;
    }

    // What entries are in order of; a type for each, so that a search is compiled for it.
    private interface IKey
    {
        static abstract ulong Of(in HoldEntry entry);
    }

    private readonly struct Number : IKey
    {
        public static ulong Of(in HoldEntry entry) => entry.Sequence;
    }

    private readonly struct Begin : IKey
    {
        public static ulong Of(in HoldEntry entry) => entry.From;
    }
}
