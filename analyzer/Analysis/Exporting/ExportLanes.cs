using Tracing.Reports.Traces;

namespace Tracing.Analysis.Exporting;

/// <summary>
/// The tracks of one thread's waits, of its holds, or of one mutex: one, and more only where slices would overlap, as holds that are not nested do.
/// </summary>
internal sealed class ExportLanes(Func<int, TraceTrack> define, ITraceWriter writer)
{
    /// <summary>The most tracks; a thread holds so many mutexes at once in no sound driver.</summary>
    public const int Most = 32;

    private readonly List<(int Id, ulong End)> _lanes = [];

    /// <summary>The first track, for what takes no room.</summary>
    public int First() => _lanes.Count > 0 ? _lanes[0].Id : Take(0, 0);

    /// <summary>The track on which a slice has room; 0 when there is none.</summary>
    public int Take(ulong from, ulong to)
    {
        for (int i = 0; i < _lanes.Count; i++)
        {
            if (_lanes[i].End <= from)
            {
                _lanes[i] = (_lanes[i].Id, to);
                return _lanes[i].Id;
            }
        }

        if (_lanes.Count == Most)
        {
            return 0;
        }

        TraceTrack track = define(_lanes.Count);
        writer.Define(track);
        _lanes.Add((track.Id, to));
        return track.Id;
    }
}
