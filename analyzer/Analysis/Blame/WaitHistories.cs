namespace Tracing.Analysis.Blame;

/// <summary>
/// Makes histories that lie side by side. With ten thousand threads they are most of what is kept of those: apart from the rest, they neither lie between what is asked for
/// more often nor are moved with it by the garbage collector.
/// </summary>
internal sealed class WaitHistories
{
    // 300 KB, which the collector does not move. Arrays begin small, for the many loads of the driver that a forged recording may have.
    private const int LongestArray = 64 * WaitHistory.Length;

    private PastWait[] _waits = [];
    private int _used;

    /// <summary>A history of one more thread.</summary>
    public WaitHistory Make()
    {
        if (_used == _waits.Length)
        {
            _waits = new PastWait[Math.Clamp(_waits.Length * 2, WaitHistory.Length, LongestArray)];
            _used = 0;
        }

        _used += WaitHistory.Length;
        return new WaitHistory(_waits, _used - WaitHistory.Length);
    }
}
