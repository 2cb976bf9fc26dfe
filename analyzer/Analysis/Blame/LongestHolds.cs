using System.Runtime.InteropServices;

namespace Tracing.Analysis.Blame;

/// <summary>
/// Answers which hold was the longest since a time. Of the holds told to it, in order, it keeps those that no later one exceeds: the longest since any time is
/// the first of them that began then or later.
/// </summary>
internal sealed class LongestHolds
{
    private readonly List<MainHold> _kept = [];

    /// <summary>Takes the next hold.</summary>
    public void Add(in MainHold hold)
    {
        int count = _kept.Count;
        while (count > 0 && _kept[count - 1].Ticks < hold.Ticks)
        {
            count--;
        }

        CollectionsMarshal.SetCount(_kept, count);
        _kept.Add(hold);
    }

    /// <summary>The longest that began at a time or later, the first of several; of no length when there is none.</summary>
    public MainHold Since(ulong time)
    {
        int low = 0;
        int high = _kept.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_kept[middle].From < time)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low == _kept.Count ? default : _kept[low];
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => _kept.Clear();
}
