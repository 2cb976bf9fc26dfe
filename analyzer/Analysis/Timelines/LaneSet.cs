using System.Runtime.InteropServices;

namespace Tracing.Analysis.Timelines;

/// <summary>
/// Lanes by mutex, or by thread, within fixed bounds. As long as few intervals have come all are kept; when there are too many, each track keeps its
/// longest, an equal share for each. When there are too many lanes, the half with the least waiting and holding is forgotten.
/// </summary>
/// <typeparam name="TKey">What a lane is of.</typeparam>
/// <param name="scale">The bins.</param>
public sealed class LaneSet<TKey>(BinScale scale)
    where TKey : notnull
{
    private const int MostLanes = 1024;
    private const int MostKept = 200_000;

    private readonly Dictionary<TKey, Lane> _lanes = [];
    private int _kept;

    /// <summary>Lanes that were forgotten; one that came back and was forgotten again counts twice.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Lanes there are.</summary>
    public int Count => _lanes.Count;

    /// <summary>Adds an interval to a lane.</summary>
    public void Add(TKey key, in TimedInterval interval, bool isHold)
    {
        ref Lane? lane = ref CollectionsMarshal.GetValueRefOrAddDefault(_lanes, key, out bool known);
        lane ??= new Lane(interval.Load, Forgotten > 0 ? interval.From : 0);
        _kept += (isHold ? lane.Holds : lane.Waits).Add(interval) ? 1 : 0;
        if (!known && _lanes.Count > MostLanes)
        {
            Forget();
        }

        if (_kept > MostKept)
        {
            KeepLongest(_lanes.Values, MostKept / 2);
            _kept = _lanes.Values.Sum(kept => kept.Kept);
        }
    }

    /// <summary>The lanes with the most waiting, those alike by holding, with so many intervals in all. To be called once, at the end.</summary>
    /// <param name="most">Lanes at most.</param>
    /// <param name="intervals">Intervals at most.</param>
    public IReadOnlyList<KeyValuePair<TKey, Lane>> Take(int most, int intervals)
    {
        KeyValuePair<TKey, Lane>[] taken = [.. Ranked().Take(most)];
        KeepLongest([.. taken.Select(pair => pair.Value)], intervals);
        return taken;
    }

    private IEnumerable<KeyValuePair<TKey, Lane>> Ranked() =>
        _lanes.OrderByDescending(pair => pair.Value.Waits.Ticks).ThenByDescending(pair => pair.Value.Holds.Ticks);

    private void Forget()
    {
        foreach ((TKey key, Lane lane) in Ranked().Skip(MostLanes / 2).ToArray())
        {
            _lanes.Remove(key);
            _kept -= lane.Kept;
            Forgotten++;
        }
    }

    private void KeepLongest(IReadOnlyCollection<Lane> lanes, int intervals)
    {
        IntervalTrack[] tracks = [.. lanes.SelectMany(lane => (IntervalTrack[])[lane.Holds, lane.Waits])];
        int share = FairShare.Of(tracks.Select(track => track.Kept.Count), intervals);
        foreach (IntervalTrack track in tracks)
        {
            track.KeepLongest(share, scale);
        }
    }
}
