using System.Collections;
using Tracing.Analysis.Mutexes;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Results;

/// <summary>
/// The rows of all mutexes, by load of the driver and then by id. The row of a mutex that was used once and never waited for is made when it is looked at, each time anew: a
/// driver that makes a mutex for each request has a million of them, of which a report shows what they add up to.
/// </summary>
internal sealed class MutexTable : IReadOnlyList<MutexRow>
{
    private readonly List<MutexRow?> _rows = [];

    // Of the others, which have a row, nothing is kept alive.
    private readonly List<MutexLedger?> _soleUses = [];
    private readonly List<(int First, MutexRows Rows)> _makers = [];

    public int Count => _rows.Count;

    /// <summary>The rows of all but those: nobody waited for the others, and none of their acquisitions is missing.</summary>
    public IEnumerable<MutexRow> Kept => _rows.OfType<MutexRow>();

    public MutexRow this[int index] => _rows[index] ?? _makers.FindLast(maker => maker.First <= index).Rows.Make(_soleUses[index]!);

    /// <summary>Adds a mutex.</summary>
    /// <param name="mutex">Its ledger, closed.</param>
    /// <param name="rows">Makes rows of the mutexes of its load.</param>
    public void Add(MutexLedger mutex, MutexRows rows)
    {
        if (mutex.HasAccount)
        {
            _rows.Add(rows.Make(mutex));
            _soleUses.Add(null);
            return;
        }

        if (_makers.Count == 0 || _makers[^1].Rows != rows)
        {
            _makers.Add((_rows.Count, rows));
        }

        _rows.Add(null);
        _soleUses.Add(mutex);
    }

    public IEnumerator<MutexRow> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
