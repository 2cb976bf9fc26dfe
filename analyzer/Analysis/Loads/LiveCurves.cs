namespace Tracing.Analysis.Loads;

/// <summary>How many mutexes of each allocation site are live, over time.</summary>
public sealed class LiveCurves
{
    private readonly Dictionary<uint, LiveCurve> _curves = [];

    /// <summary>The curves by site; site 0 is for mutexes of which the recording does not say where they were allocated.</summary>
    public IReadOnlyDictionary<uint, LiveCurve> BySite => _curves;

    /// <summary>A mutex was allocated.</summary>
    public void Allocated(uint siteId, TraceTime time) => Of(siteId, time).Allocated(time.End);

    /// <summary>A mutex that was known to be live was freed.</summary>
    public void Freed(uint siteId, TraceTime time) => Of(siteId, time).Freed(time.End);

    /// <summary>A rundown tells of a mutex that was born before the recording.</summary>
    public void FoundAlive(uint siteId, TraceTime time) => Of(siteId, time).Before++;

    /// <summary>Draws the curves on to the end.</summary>
    public void Close(ulong end)
    {
        foreach (LiveCurve curve in _curves.Values)
        {
            curve.Close(end);
        }
    }

    private LiveCurve Of(uint siteId, TraceTime time)
    {
        if (!_curves.TryGetValue(siteId, out LiveCurve? curve))
        {
            curve = new LiveCurve(time.Start, time.End);
            _curves.Add(siteId, curve);
        }

        return curve;
    }
}
