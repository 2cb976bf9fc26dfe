namespace Tracing.Analysis.Loads;

/// <summary>
/// How many mutexes of one allocation site were live over time, in at most <see cref="MostPoints"/> points: when the time does not fit any more, two points
/// become one.
/// </summary>
public sealed class LiveCurve
{
    /// <summary>The most points of a curve.</summary>
    public const int MostPoints = 64;

    private const int FewestToJudge = 8;
    private const int Parts = 4;

    private readonly ulong _origin;
    private readonly Point[] _points = new Point[MostPoints];
    private readonly ulong _firstAt;
    private ulong _width = 1;
    private int _last;
    private int _live;

    /// <summary>A curve that begins at 0.</summary>
    /// <param name="origin">The first tick of the recording.</param>
    /// <param name="now">The tick at which the site is first seen.</param>
    public LiveCurve(ulong origin, ulong now)
    {
        _origin = origin;
        _firstAt = Math.Max(origin, now);
        _last = IndexOf(now);
    }

    /// <summary>Mutexes that were live all along, and became known only in the course of the recording.</summary>
    public int Before { get; set; }

    /// <summary>Allocations seen.</summary>
    public long Allocations { get; private set; }

    /// <summary>Frees seen.</summary>
    public long Frees { get; private set; }

    /// <summary>The points, each with the number of live mutexes at its end; complete after <see cref="Close"/>.</summary>
    public IEnumerable<(ulong At, int Live)> Points => Enumerable.Range(0, _last + 1).Select(i => (EndOf(i), Before + _points[i].Last));

    /// <summary>
    /// Whether the number rose through the recording and did not fall back: from the first sight of the site to the end, in four parts, its lowest value is
    /// higher in each part than in the one before.
    /// </summary>
    public bool Rises
    {
        get
        {
            int first = Covers(_firstAt);
            int count = _last + 1 - first;
            if (count < FewestToJudge)
            {
                return false;
            }

            int[] floors = [.. Enumerable.Range(0, Parts).Select(part =>
                _points[(first + (part * count / Parts))..(first + ((part + 1) * count / Parts))].Min(point => point.Lowest))];
            return Enumerable.Range(1, Parts - 1).All(part => floors[part] > floors[part - 1]);
        }
    }

    /// <summary>The slope of the straight line through the points, by least squares, in mutexes per tick.</summary>
    public double Slope
    {
        get
        {
            (double X, double Y)[] points = [.. Points.Skip(Covers(_firstAt)).Select(point => ((double)point.At, (double)point.Live))];
            if (points.Length < 2)
            {
                return 0;
            }

            double meanX = points.Average(point => point.X);
            double meanY = points.Average(point => point.Y);
            return points.Sum(point => (point.X - meanX) * (point.Y - meanY)) / points.Sum(point => (point.X - meanX) * (point.X - meanX));
        }
    }

    /// <summary>A mutex was allocated.</summary>
    public void Allocated(ulong now)
    {
        Allocations++;
        Change(now, 1);
    }

    /// <summary>A mutex was freed.</summary>
    public void Freed(ulong now)
    {
        Frees++;
        Change(now, -1);
    }

    /// <summary>Draws the curve on to the end.</summary>
    public void Close(ulong end) => Change(end, 0);

    private void Change(ulong now, int difference)
    {
        int index = IndexOf(now);
        index = Math.Max(_last, index);
        for (; _last < index; _last++)
        {
            _points[_last + 1] = new Point(_live, _live);
        }

        _live += difference;
        _points[index] = new Point(Math.Min(_points[index].Lowest, _live), _live);
    }

    private int IndexOf(ulong now)
    {
        ulong since = now > _origin ? now - _origin : 0;
        while (since / _width >= MostPoints)
        {
            Halve();
        }

        return (int)(since / _width);
    }

    private void Halve()
    {
        for (int i = 0; i < MostPoints / 2; i++)
        {
            // Behind the last point lies nothing yet.
            Point second = (2 * i) + 1 <= _last ? _points[(2 * i) + 1] : _points[2 * i];
            _points[i] = new Point(Math.Min(_points[2 * i].Lowest, second.Lowest), second.Last);
        }

        Array.Clear(_points, MostPoints / 2, MostPoints / 2);
        _last /= 2;
        _width *= 2;
    }

    private int Covers(ulong at) => (int)Math.Min((ulong)_last, (at - _origin) / _width);

    private ulong EndOf(int index) => _origin + ((ulong)(index + 1) * _width);

    private readonly record struct Point(int Lowest, int Last);
}
