namespace Tracing.Analysis.Timelines;

/// <summary>Intervals of one kind in one lane: all of them one by one, or the longest of them and bins of all.</summary>
public sealed class IntervalTrack
{
    private readonly List<TimedInterval> _kept = [];

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>Their sum, in ticks.</summary>
    public UInt128 Ticks { get; private set; }

    /// <summary>Those kept one by one.</summary>
    public IReadOnlyList<TimedInterval> Kept => _kept;

    /// <summary>All of them by time; null while all are kept.</summary>
    public TimeBins? Bins { get; private set; }

    /// <summary>Adds one.</summary>
    public void Add(in TimedInterval interval)
    {
        Count++;
        Ticks += interval.Ticks;
        _kept.Add(interval);
        Bins?.Add(interval.From, interval.To);
    }

    /// <summary>Keeps the longest only.</summary>
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

        _kept.Sort(TimedInterval.LongestFirst);
        _kept.RemoveRange(most, _kept.Count - most);
    }
}
