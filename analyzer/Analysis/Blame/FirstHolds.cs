namespace Tracing.Analysis.Blame;

/// <summary>
/// Where the first holds of each mutex lie, side by side: a recording may have a million mutexes of one hold each, and an array for each of them is one more thing that
/// the garbage collector has to mark and to move.
/// </summary>
/// <remarks>A place that a mutex has left, since it has more holds now, is not used again: it is half of what took its place at most.</remarks>
internal sealed class FirstHolds
{
    /// <summary>How many entries a mutex gets: what stands for all that was before, and its first hold.</summary>
    public const int Each = 2;

    // 64 KiB. Arrays begin small, for the many loads of the driver that a forged recording may have.
    private const int LongestArray = 1024;

    private HoldEntry[] _entries = [];
    private int _used;

    /// <summary>A place for the holds of one more mutex.</summary>
    /// <param name="at">The index of the first of its entries.</param>
    /// <returns>The array it lies in.</returns>
    public HoldEntry[] Take(out int at)
    {
        if (_used == _entries.Length)
        {
            _entries = new HoldEntry[Math.Clamp(_entries.Length * 2, Each, LongestArray)];
            _used = 0;
        }

        at = _used;
        _used += Each;
        return _entries;
    }
}
