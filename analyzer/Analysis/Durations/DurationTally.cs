namespace Tracing.Analysis.Durations;

/// <summary>
/// Running totals over intervals of one kind (the waits for one mutex, say): count, total and maximum exact in ticks, a histogram for the
/// percentiles, and what could not be measured, kept apart.
/// </summary>
/// <remarks>A mutable struct, to be used as a field and never copied while in use.</remarks>
public struct DurationTally
{
    private LogLinearHistogram? _histogram;
    private CensoredTally? _censored;

    // While all of them fall into one bucket, that is here: a recording with a million mutexes of one hold each has no million histograms.
    private long _onlyCount;
    private int _onlyBucket;

    /// <summary>Complete intervals.</summary>
    public readonly long Count => _histogram?.Count ?? _onlyCount;

    /// <summary>Their sum in ticks.</summary>
    public UInt128 Total { get; private set; }

    /// <summary>The longest in ticks.</summary>
    public ulong Max { get; private set; }

    /// <summary>Intervals whose other end was lost.</summary>
    public long Lost { get; set; }

    /// <summary>Intervals whose recorded times cannot be true.</summary>
    public long Impossible { get; set; }

    /// <summary>Intervals cut by the start of the recording.</summary>
    public readonly long CutByStart => _censored?.CutByStart ?? 0;

    /// <summary>Intervals cut by either edge of the recording.</summary>
    public readonly long Censored => _censored?.Count ?? 0;

    /// <summary>Sum of what is certain about the cut intervals, in ticks.</summary>
    public readonly UInt128 CensoredTotal => _censored?.Total ?? 0;

    /// <summary>The greatest lower bound among them, in ticks.</summary>
    public readonly ulong CensoredMax => _censored?.Max ?? 0;

    /// <summary>The buckets of <see cref="LogLinearHistogram"/> that hold complete intervals, by ascending duration.</summary>
    public readonly (int Bucket, long Count)[] Buckets() => _histogram?.Buckets() ?? (TryGetOnlyBucket(out (int, long) only) ? [only] : []);

    /// <summary>The same for one who can do without the array, as long as there is but one bucket.</summary>
    internal readonly bool TryGetOnlyBucket(out (int Bucket, long Count) only)
    {
        only = (_onlyBucket, _onlyCount);
        return _histogram is null && _onlyCount > 0;
    }

    /// <summary>Says that an interval is about to be added.</summary>
    internal readonly void Prefetch() => _histogram?.Prefetch();

    /// <summary>Adds an interval of whichever kind.</summary>
    public void Add(in Interval interval)
    {
        switch (interval.Verdict)
        {
            case IntervalVerdict.Complete:
                Add(interval.Ticks);
                break;
            case IntervalVerdict.CutByStart:
                AddCutByStart(interval.Ticks);
                break;
            default:
                Impossible++;
                break;
        }
    }

    /// <summary>Adds a complete interval.</summary>
    public void Add(ulong ticks)
    {
        Total += ticks;
        Max = Math.Max(Max, ticks);
        if (_histogram is not null)
        {
            _histogram.Add(ticks);
        }
        else
        {
            Add(LogLinearHistogram.BucketOf(ticks), 1);
        }
    }

    /// <summary>Adds an interval that began before the recording and lasted at least so long.</summary>
    public void AddCutByStart(ulong atLeast)
    {
        AddCensored(atLeast);
        _censored!.CutByStart++;
    }

    /// <summary>Adds an interval that had not ended with the recording and lasted at least so long.</summary>
    public void AddCutByEnd(ulong atLeast) => AddCensored(atLeast);

    /// <summary>Adds all that another tally holds.</summary>
    public void Merge(in DurationTally other)
    {
        Total += other.Total;
        Max = Math.Max(Max, other.Max);
        Lost += other.Lost;
        Impossible += other.Impossible;
        if (other._histogram is not null)
        {
            MakeHistogram().Merge(other._histogram);
        }
        else if (other._onlyCount > 0)
        {
            Add(other._onlyBucket, other._onlyCount);
        }

        if (other._censored is CensoredTally censored)
        {
            _censored ??= new CensoredTally();
            _censored.Count += censored.Count;
            _censored.CutByStart += censored.CutByStart;
            _censored.Total += censored.Total;
            _censored.Max = Math.Max(_censored.Max, censored.Max);
        }
    }

    private void Add(int bucket, long count)
    {
        if (_histogram is null && (_onlyCount == 0 || _onlyBucket == bucket))
        {
            _onlyBucket = bucket;
            _onlyCount += count;
        }
        else
        {
            MakeHistogram().Add(bucket, count);
        }
    }

    private LogLinearHistogram MakeHistogram()
    {
        if (_histogram is null)
        {
            _histogram = new LogLinearHistogram();
            if (_onlyCount > 0)
            {
                _histogram.Add(_onlyBucket, _onlyCount);
            }
        }

        return _histogram;
    }

    private void AddCensored(ulong atLeast)
    {
        _censored ??= new CensoredTally();
        _censored.Count++;
        _censored.Total += atLeast;
        _censored.Max = Math.Max(_censored.Max, atLeast);
    }

    /// <summary>Few mutexes ever have a cut interval: allocated with the first.</summary>
    private sealed class CensoredTally
    {
        public long Count { get; set; }

        public long CutByStart { get; set; }

        public UInt128 Total { get; set; }

        public ulong Max { get; set; }
    }
}
