using System.Runtime.InteropServices;

namespace Tracing.Analysis.Blame;

/// <summary>
/// Divides the waits for one mutex over the holds that had it meanwhile, and measures its queue. It is told of the mutex' life span by span, in true
/// order, when all waits that reach into a span are known.
/// </summary>
/// <remarks>
/// In each span every running wait gets the whole hold, and the whole rest as hand-off or unknown; a wait that begins within gets its part. The
/// parts of a wait thus add up to it, tick by tick, whatever the recording says.
/// </remarks>
internal sealed class WaitDivision(BlameLedger shared, ulong mutex)
{
    /// <summary>Stands in the place of a holder's site for time that nobody held the mutex.</summary>
    public const int HandOff = -1;

    /// <summary>Stands in the place of a holder's site for time of which it is not known who held the mutex.</summary>
    public const int Unknown = -2;

    // More waits than these at a time are charged by call site, all of one site at once: each span costs what it costs with so many.
    private const int MostCharged = 64;

    private readonly LongestHolds _longest = new();
    private QueueGauge _queue;
    private int[] _running = new int[4];
    private int _runningCount;
    private List<SiteCount>? _runningBySite;
    private ConvoyTally _convoys;

    /// <summary>Time by site of the holder and site of the waiter.</summary>
    public BlameTable Sites { get; } = new(shared.SitePairs);

    /// <summary>Time by thread that held, and in the place of the waiter the site that it had acquired at.</summary>
    public BlameTable Holders { get; } = new(shared.Holders);

    /// <summary>Time of waits during which somebody held the mutex, in ticks.</summary>
    public UInt128 Blamed { get; private set; }

    /// <summary>Time of waits between a release and the next acquire, in ticks.</summary>
    public UInt128 HandedOff { get; private set; }

    /// <summary>Time of waits of which nothing is known, in ticks.</summary>
    public UInt128 NotKnown { get; private set; }

    /// <summary>The queue.</summary>
    public ref readonly QueueGauge Queue => ref _queue;

    /// <summary>The convoys.</summary>
    public ref ConvoyTally Convoys => ref _convoys;

    /// <summary>Whether nothing would come of a span in which no wait begins and none ends.</summary>
    public bool IsIdle => _runningCount == 0 && _queue.IsEmpty;

    /// <summary>Takes a part of a wait that reaches back further than the spans to come.</summary>
    public void AddUnknown(int site, ulong ticks)
    {
        NotKnown += ticks;
        Sites.Add(Unknown, site, ticks);
    }

    /// <summary>Takes the next span.</summary>
    public void Pass(in HoldSpan span)
    {
        ChargeRunning(span);
        shared.Times.Clear();
        bool beginsAndEnds = false;
        for (int number = span.BeginningWaits; number != HoldEntry.None;)
        {
            ref PendingWait wait = ref shared.Waits[number];
            int next = wait.Next;
            bool hasLength = wait.EndedAt > wait.RequestedAt;
            if (hasLength)
            {
                shared.Times.Add(wait.RequestedAt);
            }

            if (wait.IsDivided)
            {
                ChargeFrom(Math.Max(wait.RequestedAt, span.Start), span, ref wait);
                beginsAndEnds |= number == span.EndingWait;
                if (number != span.EndingWait)
                {
                    Run(number);
                }
            }
            else
            {
                if (hasLength)
                {
                    _queue.EndAt(wait.EndedAt);
                }

                shared.Waits.GiveBack(number);
            }

            number = next;
        }

        MeasureQueue(span);
        if (span.EndingWait == HoldEntry.None)
        {
            _convoys.Break();
            return;
        }

        PendingWait ended = shared.Waits[span.EndingWait];
        if (!beginsAndEnds)
        {
            MainHold later = _longest.Since(ended.RequestedAt);
            ended.Holder = later.Ticks > ended.Holder.Ticks ? later : ended.Holder;
            Stop(span.EndingWait);
        }

        shared.Waits.GiveBack(span.EndingWait);
        ended.History!.Divide(ended.PlaceInHistory, mutex, ended.EndSequence, ended.Holder);
        shared.Slowest.Divided(
            ended.Thread, new PastWait(mutex, ended.EndSequence, ended.RequestedAt, ended.EndedAt, ended.Site) { Holder = ended.Holder, IsDivided = true });
        if (span.RestIsHandOff && ended.RequestedAt <= span.Held)
        {
            _convoys.HandOff(span.Held, span.End, ended.EndedAt - ended.RequestedAt);
        }
        else
        {
            _convoys.Break();
        }
    }

    private void MeasureQueue(in HoldSpan span)
    {
        shared.Times.Sort();
        foreach (ulong time in shared.Times)
        {
            _queue.BeginAt(time);
        }

        _queue.PassTo(span.End);
        if (span.EndingWait != HoldEntry.None && shared.Waits[span.EndingWait] is { } ended && ended.EndedAt > ended.RequestedAt)
        {
            _queue.EndOne();
        }
    }

    private void ChargeRunning(in HoldSpan span)
    {
        if (_runningCount == 0)
        {
            return;
        }

        ulong held = span.Held - span.Start;
        ulong rest = span.End - span.Held;
        if (held > 0)
        {
            _longest.Add(new MainHold(span.HolderThread, span.HolderSite, held, span.Start));
        }

        ChargeTotals(held, rest, span, _runningCount);
        if (_runningBySite is not null)
        {
            foreach (SiteCount running in CollectionsMarshal.AsSpan(_runningBySite))
            {
                ChargeSite(held, rest, span, running.Site, running.Waits);
            }

            shared.UnsplitThreads += (UInt128)held * (ulong)_runningCount;
            return;
        }

        foreach (int number in _running.AsSpan(0, _runningCount))
        {
            ref readonly PendingWait wait = ref shared.Waits[number];
            ChargeSite(held, rest, span, wait.Site, 1);
            shared.ThreadPairs.Add(span.HolderThread, wait.Thread, held);
        }
    }

    private void ChargeFrom(ulong from, in HoldSpan span, ref PendingWait wait)
    {
        ulong held = from < span.Held ? span.Held - from : 0;
        ulong rest = span.End - Math.Max(from, span.Held);
        wait.Holder = new MainHold(span.HolderThread, span.HolderSite, held, from);
        ChargeTotals(held, rest, span, 1);
        ChargeSite(held, rest, span, wait.Site, 1);
        if (_runningBySite is null)
        {
            shared.ThreadPairs.Add(span.HolderThread, wait.Thread, held);
        }
        else
        {
            shared.UnsplitThreads += held;
        }
    }

    private void ChargeSite(ulong held, ulong rest, in HoldSpan span, int site, long waits)
    {
        Sites.Add(span.HolderSite, site, (UInt128)held * (ulong)waits, waits);
        Sites.Add(span.RestIsHandOff ? HandOff : Unknown, site, (UInt128)rest * (ulong)waits, waits);
    }

    private void ChargeTotals(ulong held, ulong rest, in HoldSpan span, long waits)
    {
        UInt128 blamed = (UInt128)held * (ulong)waits;
        UInt128 other = (UInt128)rest * (ulong)waits;
        Blamed += blamed;
        Holders.Add(span.HolderThread, span.HolderSite, blamed);
        shared.BlameThread(span.HolderThread, blamed);
        if (span.RestIsHandOff)
        {
            HandedOff += other;
        }
        else
        {
            NotKnown += other;
        }
    }

    private void Run(int number)
    {
        if (_runningCount == _running.Length)
        {
            Array.Resize(ref _running, _runningCount * 2);
        }

        shared.Waits[number].Place = _runningCount;
        _running[_runningCount++] = number;
        if (_runningBySite is not null)
        {
            CountAtSite(_runningBySite, number, 1);
        }
        else if (_runningCount > MostCharged)
        {
            _runningBySite = [];
            foreach (int running in _running.AsSpan(0, _runningCount))
            {
                CountAtSite(_runningBySite, running, 1);
            }
        }
    }

    private void Stop(int number)
    {
        int place = shared.Waits[number].Place;
        int last = _running[--_runningCount];
        if (_runningCount == 0)
        {
            _longest.Clear();
        }

        _running[place] = last;
        shared.Waits[last].Place = place;
        if (_runningCount <= MostCharged / 2)
        {
            _runningBySite = null;
        }
        else if (_runningBySite is not null)
        {
            CountAtSite(_runningBySite, number, -1);
        }
    }

    private void CountAtSite(List<SiteCount> running, int number, long difference)
    {
        int site = shared.Waits[number].Site;
        Span<SiteCount> counts = CollectionsMarshal.AsSpan(running);
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i].Site == site)
            {
                counts[i].Waits += difference;
                if (counts[i].Waits == 0)
                {
                    counts[i] = counts[^1];
                    running.RemoveAt(running.Count - 1);
                }

                return;
            }
        }

        running.Add(new SiteCount { Site = site, Waits = difference });
    }

    /// <summary>How many waits that began at one site are running.</summary>
    private struct SiteCount
    {
        public int Site;
        public long Waits;
    }
}
