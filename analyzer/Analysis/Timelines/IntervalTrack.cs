namespace Tracing.Analysis.Timelines;

/// <summary>Intervals of one kind in one lane: all of them one by one, or the longest of them and bins of all.</summary>
public sealed class IntervalTrack
{
    private readonly List<TimedInterval> _kept = [];
    private ulong? _shortest;

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>Their sum, in ticks.</summary>
    public UInt128 Ticks { get; private set; }

    /// <summary>Those kept one by one.</summary>
    public IReadOnlyList<TimedInterval> Kept => _kept;

    /// <summary>All of them by time; null while all are kept.</summary>
    public TimeBins? Bins { get; private set; }

    /// <summary>Adds one.</summary>
    /// <returns>False when it was only counted, since longer ones fill the track.</returns>
    public bool Add(in TimedInterval interval)
    {
        Count++;
        Ticks += interval.Ticks;
        Bins?.Add(interval.From, interval.To);
        if (interval.Ticks > _shortest || _shortest is null)
        {
            _kept.Add(interval);
            return true;
        }

        return false;
    }

    /// <summary>Keeps the longest only, and from now on none that is not longer than the shortest of them. Of those alike the first to come stay.</summary>
    /// <param name="most">How many to keep.</param>
    /// <param name="scale">The bins of the timeline.</param>
    public void KeepLongest(int most, BinScale scale)
    {
        if (_kept.Count <= most)
        {
            return;
        }

        // The first time, all there are is here.
        if (Bins is null)
        {
            Bins = new TimeBins(scale);
            foreach (TimedInterval interval in _kept)
            {
                Bins.Add(interval.From, interval.To);
            }
        }

        ulong[] lengths = [.. _kept.Select(interval => interval.Ticks)];
        Array.Sort(lengths);
        ulong shortest = most == 0 ? ulong.MaxValue : lengths[^most];
        int alike = most - lengths.Count(length => length > shortest);
        _kept.RemoveAll(interval => interval.Ticks < shortest || (interval.Ticks == shortest && alike-- <= 0));
        _shortest = shortest;
    }
}
