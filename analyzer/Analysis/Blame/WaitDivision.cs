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

    // More waits than these at a time are a crowd.
    private const int MostCharged = 64;

    private readonly LongestHolds _longest = new();
    private QueueGauge _queue;
    private int[] _running = new int[4];
    private int _runningCount;
    private Crowd? _crowd;
    private int _forgetAt = MostCharged;
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

    /// <summary>
    /// Says which acquisitions come soon, so that what they need is in the cache by then: in a long queue it was last used when the wait began.
    /// </summary>
    /// <param name="soon">One to come.</param>
    /// <param name="sooner">One before that, for what it takes a look at the wait to find.</param>
    public void Announce(in HoldEntry soon, in HoldEntry sooner)
    {
        if (_crowd is null)
        {
            return;
        }

        CacheLine.Prefetch(in Holders.PlaceOf(soon.Thread, soon.Site));
        if (soon.EndingWait != HoldEntry.None)
        {
            CacheLine.Prefetch(in shared.Waits[soon.EndingWait]);
        }

        if (sooner.EndingWait != HoldEntry.None)
        {
            ref PendingWait wait = ref shared.Waits[sooner.EndingWait];
            wait.History?.Prefetch(wait.PlaceInHistory);
        }
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
            if (wait.HasLength)
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
                if (wait.HasLength)
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

        ref PendingWait ended = ref shared.Waits[span.EndingWait];
        if (!beginsAndEnds)
        {
            MainHold later = _longest.Since(ended.RequestedAt);
            if (later.Ticks > ended.Holder.Ticks)
            {
                ended.Holder = later;
            }

            Stop(span.EndingWait);
        }

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

        shared.Waits.GiveBack(span.EndingWait);
    }

    private void MeasureQueue(in HoldSpan span)
    {
        shared.Times.Sort();
        foreach (ulong time in shared.Times)
        {
            _queue.BeginAt(time);
        }

        _queue.PassTo(span.End);
        if (span.EndingWait != HoldEntry.None && shared.Waits[span.EndingWait].HasLength)
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
            NoteHold(new MainHold(span.HolderThread, span.HolderSite, held, span.Start));
        }

        ChargeTotals(held, rest, span, _runningCount);
        if (_crowd is not null)
        {
            _crowd.Charge(span.HolderSite, held);
            _crowd.Charge(span.RestIsHandOff ? HandOff : Unknown, rest);
            shared.UnsplitThreads += (UInt128)held * (ulong)_runningCount;
            return;
        }

        foreach (int number in _running.AsSpan(0, _runningCount))
        {
            ref readonly PendingWait wait = ref shared.Waits[number];
            ChargeSite(held, rest, span, wait.Site);
            shared.ThreadPairs.Add(span.HolderThread, wait.Thread, held);
        }
    }

    private void ChargeFrom(ulong from, in HoldSpan span, ref PendingWait wait)
    {
        ulong held = from < span.Held ? span.Held - from : 0;
        ulong rest = span.End - Math.Max(from, span.Held);
        wait.Holder = new MainHold(span.HolderThread, span.HolderSite, held, from);
        ChargeTotals(held, rest, span, 1);
        ChargeSite(held, rest, span, wait.Site);
        if (_crowd is null)
        {
            shared.ThreadPairs.Add(span.HolderThread, wait.Thread, held);
        }
        else
        {
            shared.UnsplitThreads += held;
        }
    }

    private void ChargeSite(ulong held, ulong rest, in HoldSpan span, int site)
    {
        Sites.Add(span.HolderSite, site, held);
        Sites.Add(span.RestIsHandOff ? HandOff : Unknown, site, rest);
    }

    /// <summary>Keeps a hold for the waits that run. Those from before the first of them began are forgotten now and then, or a queue that never drains would keep all.</summary>
    private void NoteHold(in MainHold hold)
    {
        _longest.Add(hold);
        if (_longest.Count > _forgetAt)
        {
            ulong oldest = ulong.MaxValue;
            foreach (int number in _running.AsSpan(0, _runningCount))
            {
                oldest = Math.Min(oldest, shared.Waits[number].RequestedAt);
            }

            _longest.Forget(oldest);
            _forgetAt = Math.Max(MostCharged, _longest.Count + _runningCount);
        }
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
        if (_crowd is not null)
        {
            _crowd.Begin(shared.Waits[number].Site);
        }
        else if (_runningCount > MostCharged)
        {
            _crowd = new Crowd(Sites);
            foreach (int running in _running.AsSpan(0, _runningCount))
            {
                _crowd.Begin(shared.Waits[running].Site);
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
            _crowd?.HandOver();
            _crowd = null;
        }
        else
        {
            _crowd?.End(shared.Waits[number].Site);
        }
    }
}
