namespace Tracing.Analysis.Timelines;

/// <summary>The bins that all tracks of a timeline share: a power of two of ticks long, and doubled whenever the recording outgrows them.</summary>
/// <param name="time">The edges of the recording: the first bin begins at its start.</param>
public sealed class BinScale(TraceTime time)
{
    /// <summary>Bins at most, and half as many at least: about one for each pixel across a window.</summary>
    public const int Count = 1024;

    /// <summary>Binary logarithm of the length of a bin in ticks.</summary>
    public int Shift { get; private set; }

    /// <summary>Makes the bins long enough to reach a tick.</summary>
    public void Reach(ulong tick)
    {
        while ((Since(tick) >> Shift) >= Count)
        {
            Shift++;
        }
    }

    /// <summary>Ticks from the start of the recording, none for what lies before it.</summary>
    public ulong Since(ulong tick) => time.SinceStart(tick);
}

/// <summary>
/// Intervals summed up by time. Adding one costs the same however long it is: whole bins between its ends are noted as a step up and a step down, and
/// summed when they are read.
/// </summary>
/// <remarks>Time is kept as floating point, which cannot overflow whatever a damaged trace claims; it is for drawing, totals are counted elsewhere.</remarks>
public sealed class TimeBins(BinScale scale)
{
    private readonly double[] _ticks = new double[BinScale.Count];
    private readonly int[] _steps = new int[BinScale.Count];
    private readonly int[] _starts = new int[BinScale.Count];
    private int _shift = scale.Shift;

    /// <summary>Adds an interval.</summary>
    public void Add(ulong from, ulong to)
    {
        scale.Reach(to);
        FollowScale();
        ulong begin = scale.Since(from);
        ulong end = scale.Since(to);
        int first = (int)(begin >> _shift);
        int last = (int)(end >> _shift);
        _starts[first]++;
        if (first == last)
        {
            _ticks[first] += end - begin;
            return;
        }

        _ticks[first] += (((ulong)first + 1) << _shift) - begin;
        _ticks[last] += end - ((ulong)last << _shift);
        _steps[first + 1]++;
        _steps[last]--;
    }

    /// <summary>The bins that hold something: number, intervals begun, ticks.</summary>
    public IEnumerable<(int Index, int Starts, double Ticks)> Filled()
    {
        FollowScale();
        Settle();
        for (int i = 0; i < BinScale.Count; i++)
        {
            if (_ticks[i] > 0 || _starts[i] > 0)
            {
                yield return (i, _starts[i], _ticks[i]);
            }
        }
    }

    private void FollowScale()
    {
        for (; _shift < scale.Shift; _shift++)
        {
            Settle();
            for (int i = 0; i < BinScale.Count / 2; i++)
            {
                _ticks[i] = _ticks[2 * i] + _ticks[(2 * i) + 1];
                _starts[i] = _starts[2 * i] + _starts[(2 * i) + 1];
            }

            Array.Clear(_ticks, BinScale.Count / 2, BinScale.Count / 2);
            Array.Clear(_starts, BinScale.Count / 2, BinScale.Count / 2);
        }
    }

    /// <summary>Turns steps into ticks.</summary>
    private void Settle()
    {
        double length = Math.ScaleB(1, _shift);
        int covering = 0;
        for (int i = 0; i < BinScale.Count; i++)
        {
            covering += _steps[i];
            _ticks[i] += covering * length;
        }

        Array.Clear(_steps);
    }
}
