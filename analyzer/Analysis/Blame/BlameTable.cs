using System.Numerics;

namespace Tracing.Analysis.Blame;

/// <summary>
/// Adds up time by pairs of numbers, such as the sites of a holder and a waiter, up to a number of pairs that all tables share; time of pairs beyond
/// it is kept as one sum.
/// </summary>
internal sealed class BlameTable(PairBudget budget)
{
    private Row[] _rows = new Row[4];
    private int _count;

    /// <summary>Time of pairs that found no room.</summary>
    public UInt128 Other { get; private set; }

    /// <summary>All pairs, in no particular order.</summary>
    public IEnumerable<Row> Rows => _rows.Where(row => row.Parts != 0);

    /// <summary>Where the row of a pair is looked for first.</summary>
    public ref readonly Row PlaceOf(int holder, int waiter) => ref _rows[FirstOf(_rows, holder, waiter)];

    /// <summary>Adds a piece of a wait, or several of one length.</summary>
    /// <param name="holder">Whom it is blamed on.</param>
    /// <param name="waiter">Who waited.</param>
    /// <param name="ticks">The time of all pieces; nothing is added for 0.</param>
    /// <param name="parts">How many pieces.</param>
    public void Add(int holder, int waiter, UInt128 ticks, long parts = 1)
    {
        if (ticks == 0)
        {
            return;
        }

        ref Row row = ref Find(_rows, holder, waiter);
        if (row.Parts == 0)
        {
            if (!budget.TryTake())
            {
                Other += ticks;
                return;
            }

            if (++_count * 2 > _rows.Length)
            {
                Grow();
                row = ref Find(_rows, holder, waiter);
            }

            row.Holder = holder;
            row.Waiter = waiter;
        }

        row.Ticks += ticks;
        row.Parts += parts;
    }

    private static ref Row Find(Row[] rows, int holder, int waiter)
    {
        int mask = rows.Length - 1;
        int at = FirstOf(rows, holder, waiter);
        while (rows[at].Parts != 0 && (rows[at].Holder != holder || rows[at].Waiter != waiter))
        {
            at = (at + 1) & mask;
        }

        return ref rows[at];
    }

    private static int FirstOf(Row[] rows, int holder, int waiter)
    {
        uint hash = BitOperations.RotateLeft((uint)holder * 0x9E3779B1, 15) ^ ((uint)waiter * 0x85EBCA6B);
        return (int)(hash ^ (hash >> 15)) & (rows.Length - 1);
    }

    private void Grow()
    {
        var grown = new Row[_rows.Length * 2];
        foreach (Row row in Rows)
        {
            Find(grown, row.Holder, row.Waiter) = row;
        }

        _rows = grown;
    }

    /// <summary>The time of one pair.</summary>
    internal struct Row
    {
        public UInt128 Ticks;
        public long Parts;
        public int Holder;
        public int Waiter;
    }
}

/// <summary>How many pairs may still be kept.</summary>
internal sealed class PairBudget(int pairs)
{
    private int _left = pairs;

    /// <summary>Takes one.</summary>
    /// <returns>False when there is none left.</returns>
    public bool TryTake()
    {
        if (_left == 0)
        {
            return false;
        }

        _left--;
        return true;
    }
}
