using Tracing.Analysis.Durations;

namespace Tracing.Analysis;

/// <summary>What the two ends of an interval say about it.</summary>
public enum IntervalVerdict
{
    /// <summary>Both ends lie within the recording.</summary>
    Complete,

    /// <summary>It began before the recording: only what lies within is certain.</summary>
    CutByStart,

    /// <summary>It ends before it begins, or in the future of the event that tells of it.</summary>
    Impossible,
}

/// <summary>
/// Where the recording begins and how far it has been read, in ticks of the driver's clock, so that times in payloads can be judged.
/// </summary>
/// <remarks>
/// A session that stamps its records with the driver's clock (QPC, the default) gives the edges by its header and its records. One on another
/// clock gives none: the edges are then the first and the last time found in a payload.
/// </remarks>
public sealed class TraceTime
{
    private readonly bool _sameClock;
    private readonly ulong _slack;
    private ulong _firstDriverEvent;

    /// <summary>The edges of a recording that is about to be read.</summary>
    /// <param name="start">Ticks of the header.</param>
    /// <param name="frequency">Ticks per second.</param>
    /// <param name="sameClock">Whether records are stamped with the clock that the driver reads.</param>
    public TraceTime(long start, long frequency, bool sameClock)
    {
        _sameClock = sameClock;
        Start = sameClock ? (ulong)Math.Max(0, start) : 0;
        End = Start;

        // Processors agree on QPC to far less than this; a damaged value misses by more.
        _slack = (ulong)frequency / 1000;
    }

    /// <summary>Whether records are stamped with the clock that the driver reads.</summary>
    public bool IsSameClock => _sameClock;

    /// <summary>Start of the recording; 0 when unknown.</summary>
    public ulong Start { get; private set; }

    /// <summary>The latest time met so far: at the end, the end of the recording.</summary>
    public ulong End { get; private set; }

    /// <summary>Takes note of a record of any provider.</summary>
    /// <param name="time">Its header time.</param>
    public void Pass(long time)
    {
        if (_sameClock && time > 0)
        {
            End = Math.Max(End, (ulong)time);
        }
    }

    /// <summary>Takes note of an event of the driver.</summary>
    /// <param name="headerTime">Its header time.</param>
    /// <param name="payloadTime">The latest time in its payload.</param>
    public void PassDriverEvent(long headerTime, ulong payloadTime)
    {
        Pass(headerTime);
        ulong time = _sameClock ? (ulong)Math.Max(0, headerTime) : payloadTime;
        if (_firstDriverEvent == 0)
        {
            _firstDriverEvent = time;
            Start = _sameClock ? Start : time;
        }

        if (!_sameClock)
        {
            End = Math.Max(End, time);
        }
    }

    /// <summary>Judges an interval told of by the event that was just passed.</summary>
    /// <param name="begin">First tick; 0 says that nobody looked at the clock then.</param>
    /// <param name="end">Last tick.</param>
    public Interval Judge(ulong begin, ulong end)
    {
        if (end < begin || !IsPast(end))
        {
            return new Interval(IntervalVerdict.Impossible, 0);
        }

        if (begin >= Start && begin != 0)
        {
            return new Interval(IntervalVerdict.Complete, end - begin);
        }

        // Untimed at its begin means begun before the driver was listened to, thus before its first event.
        ulong knownSince = begin == 0 ? Math.Max(Start, _firstDriverEvent) : Start;
        return new Interval(IntervalVerdict.CutByStart, end > knownSince ? end - knownSince : 0);
    }

    /// <summary>Whether a time in a payload may be true: an event cannot tell of what comes after it.</summary>
    public bool IsPast(ulong time) => !_sameClock || time <= End + _slack;

    /// <summary>From the start of the recording to a time within, in ticks.</summary>
    public ulong SinceStart(ulong time) => time > Start ? time - Start : 0;
}
