namespace Tracing.Analysis.Blame;

/// <summary>
/// Many waits for one mutex at a time, counted by the call sites that they began at, so that a span costs what it costs with so many sites and not with so many waits.
/// Time is added up in rows by the holder's site, whose cells lie side by side, and goes into the mutex' table when there is no more room.
/// </summary>
internal sealed class Crowd(BlameTable sites)
{
    private const int MostCells = 1 << 12;

    private readonly Dictionary<int, Cell[]> _rows = [];
    private int[] _sites = new int[16];
    private ulong[] _waits = new ulong[16];
    private int _count;

    /// <summary>A wait begins.</summary>
    public void Begin(int site)
    {
        int at = Array.IndexOf(_sites, site, 0, _count);
        if (at < 0)
        {
            at = Add(site);
        }

        _waits[at]++;
    }

    /// <summary>A wait that had begun has ended.</summary>
    public void End(int site) => _waits[Array.IndexOf(_sites, site, 0, _count)]--;

    /// <summary>Every wait has lasted so much longer.</summary>
    /// <param name="holder">Index of the site of who held the mutex, or what stands in its place.</param>
    /// <param name="ticks">How much longer.</param>
    public void Charge(int holder, ulong ticks)
    {
        if (ticks == 0)
        {
            return;
        }

        Span<Cell> row = RowOf(holder);
        ReadOnlySpan<ulong> waits = _waits.AsSpan(0, _count);
        for (int i = 0; i < waits.Length && i < row.Length; i++)
        {
            // There are no 2^32 waits at a time, nor spans of 2^32 ticks but in damaged recordings: 64 bits hold the product, and are quicker.
            row[i].Ticks += ticks <= uint.MaxValue ? ticks * waits[i] : (UInt128)ticks * waits[i];
            row[i].Parts += waits[i];
        }
    }

    /// <summary>Puts what was added up into the table.</summary>
    public void HandOver()
    {
        foreach ((int holder, Cell[] row) in _rows)
        {
            for (int i = 0; i < _count; i++)
            {
                sites.Add(holder, _sites[i], row[i].Ticks, (long)row[i].Parts);
            }
        }

        _rows.Clear();
    }

    private int Add(int site)
    {
        if (_count == _sites.Length)
        {
            HandOver();
            DropEmpty();
            if (_count * 2 > _sites.Length)
            {
                Array.Resize(ref _sites, _sites.Length * 2);
                Array.Resize(ref _waits, _sites.Length);
            }
        }

        _sites[_count] = site;
        _waits[_count] = 0;
        return _count++;
    }

    /// <summary>Forgets the sites of which no wait runs. There must be no rows.</summary>
    private void DropEmpty()
    {
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_waits[i] > 0)
            {
                (_sites[kept], _waits[kept]) = (_sites[i], _waits[i]);
                kept++;
            }
        }

        _count = kept;
    }

    private Cell[] RowOf(int holder)
    {
        if (_rows.TryGetValue(holder, out Cell[]? row))
        {
            return row;
        }

        if ((_rows.Count + 1) * _sites.Length > MostCells)
        {
            HandOver();
        }

        row = new Cell[_sites.Length];
        _rows.Add(holder, row);
        return row;
    }

    /// <summary>The time of one pair of sites.</summary>
    private struct Cell
    {
        public UInt128 Ticks;
        public ulong Parts;
    }
}
