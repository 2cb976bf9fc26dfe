using System.Numerics;
using System.Runtime.InteropServices;

namespace Tracing.Analysis.Blame;

/// <summary>
/// Many waits for one mutex at a time, counted by the call sites that they began at, so that a span costs what it costs with so many sites and not with so many waits.
/// Time is added up in rows by the holder's site, several sites of waiters with one instruction, and goes into the mutex' table when there is no more room.
/// </summary>
internal sealed class Crowd(BlameTable sites)
{
    private const int MostCells = 1 << 12;
    private const int FewestSites = 16;

    // By the holder's site: the ticks of each site of waiters, then the parts that they are the sum of.
    private readonly Dictionary<int, ulong[]> _rows = [];
    private int[] _sites = new int[FewestSites];
    private ulong[] _waits = new ulong[FewestSites];
    private int _count;
    private ulong _running;

    // No cell holds more ticks than this.
    private ulong _most;

    /// <summary>A wait begins.</summary>
    public void Begin(int site)
    {
        int at = Array.IndexOf(_sites, site, 0, _count);
        if (at < 0)
        {
            at = Add(site);
        }

        _waits[at]++;
        _running++;
    }

    /// <summary>A wait that had begun has ended.</summary>
    public void End(int site)
    {
        _waits[Array.IndexOf(_sites, site, 0, _count)]--;
        _running--;
    }

    /// <summary>Every wait has lasted so much longer.</summary>
    /// <param name="holder">Index of the site of who held the mutex, or what stands in its place.</param>
    /// <param name="ticks">How much longer.</param>
    public void Charge(int holder, ulong ticks)
    {
        if (ticks == 0)
        {
            return;
        }

        if (Math.BigMul(ticks, _running, out ulong all) != 0)
        {
            ChargeAtOnce(holder, ticks);
            return;
        }

        if (all > ulong.MaxValue - _most)
        {
            HandOver();
        }

        // The row first: to make room for it, too, what was added up may be handed over.
        ulong[] row = RowOf(holder);
        _most += all;
        ReadOnlySpan<Vector<ulong>> waits = MemoryMarshal.Cast<ulong, Vector<ulong>>(_waits);
        Span<Vector<ulong>> sums = MemoryMarshal.Cast<ulong, Vector<ulong>>(row.AsSpan(0, _waits.Length));
        Span<Vector<ulong>> parts = MemoryMarshal.Cast<ulong, Vector<ulong>>(row.AsSpan(_waits.Length));
        var each = new Vector<ulong>(ticks);
        for (int i = 0; i < waits.Length; i++)
        {
            sums[i] += each * waits[i];
            parts[i] += waits[i];
        }
    }

    /// <summary>Puts what was added up into the table.</summary>
    public void HandOver()
    {
        foreach ((int holder, ulong[] row) in _rows)
        {
            for (int i = 0; i < _count; i++)
            {
                sites.Add(holder, _sites[i], row[i], (long)row[_sites.Length + i]);
            }
        }

        _rows.Clear();
        _most = 0;
    }

    /// <summary>Only damaged recordings have spans whose sum does not fit 64 bits.</summary>
    private void ChargeAtOnce(int holder, ulong ticks)
    {
        for (int i = 0; i < _count; i++)
        {
            sites.Add(holder, _sites[i], (UInt128)ticks * _waits[i], (long)_waits[i]);
        }
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

        _waits.AsSpan(kept).Clear();
        _count = kept;
    }

    private ulong[] RowOf(int holder)
    {
        if (_rows.TryGetValue(holder, out ulong[]? row))
        {
            return row;
        }

        if ((_rows.Count + 1) * _sites.Length > MostCells)
        {
            HandOver();
        }

        row = new ulong[_sites.Length * 2];
        _rows.Add(holder, row);
        return row;
    }
}
