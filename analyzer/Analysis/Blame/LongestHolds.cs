namespace Tracing.Analysis.Blame;

/// <summary>
/// Answers which hold was the longest since a time. Of the holds told to it, in order, it keeps those that no later one exceeds: the longest since any time is
/// the first of them that began then or later.
/// </summary>
internal sealed class LongestHolds
{
    private MainHold[] _kept = new MainHold[16];
    private int _first;
    private int _end;

    // Where the last answer was: waits end much in the order in which they began, so that the next one is near.
    private int _latest;

    /// <summary>How many are kept.</summary>
    public int Count => _end - _first;

    /// <summary>Takes the next hold.</summary>
    public void Add(in MainHold hold)
    {
        while (_end > _first && _kept[_end - 1].Ticks < hold.Ticks)
        {
            _end--;
        }

        if (_end == _kept.Length)
        {
            MakeRoom();
        }

        _kept[_end++] = hold;
    }

    /// <summary>The longest that began at a time or later, the first of several; of no length when there is none.</summary>
    public MainHold Since(ulong time)
    {
        int low = _first - 1;
        int high = _end;
        int at = Math.Clamp(_latest, _first, Math.Max(_first, _end - 1));
        for (int step = 1; at > low && at < high; step *= 2)
        {
            if (_kept[at].From < time)
            {
                low = at;
                at = (int)Math.Min((long)at + step, high);
            }
            else
            {
                high = at;
                at = Math.Max(at - step, low);
            }
        }

        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            if (_kept[middle].From < time)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        _latest = high;
        return high == _end ? default : _kept[high];
    }

    /// <summary>Forgets those that began before a time.</summary>
    public void Forget(ulong before)
    {
        while (_first < _end && _kept[_first].From < before)
        {
            _first++;
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => _first = _end = 0;

    private void MakeRoom()
    {
        MainHold[] target = Count * 2 > _kept.Length ? new MainHold[_kept.Length * 2] : _kept;
        Array.Copy(_kept, _first, target, 0, Count);
        _latest = Math.Max(0, _latest - _first);
        (_kept, _first, _end) = (target, 0, Count);
    }
}
