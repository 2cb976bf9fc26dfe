using System.Runtime.CompilerServices;
using Tracing.Analysis.Blame;
using Tracing.Analysis.Durations;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Ordering;
using Tracing.Analysis.Trust;

namespace Tracing.Analysis.Mutexes;

/// <summary>The running account of the acquires, waits and holds of one mutex.</summary>
/// <remarks>
/// <para>Events of one mutex arrive by header time, which is not their true order: the driver writes a release after it has let go, so the next
/// acquire may come first. No length depends on that order: a wait is read from the acquire event alone and a hold from the outermost release
/// alone, since each carries both its ends. What does depend on it, such as who held the mutex during a wait, is left to <see cref="HoldLine"/>.</para>
/// <para>An event allocates nothing, apart from the first of its kind.</para>
/// </remarks>
internal sealed class MutexAccount
{
    private static readonly WaitTallies NoWaits = new();

    private readonly MutexLedger _mutex;
    private DurationTally _holds;
    private WaitTallies? _waits;
    private HoldLine _line;
    private SequenceWindow _sequences;
    private StrongBox<OpenHold>? _heldAtEnd;
    private ulong _highestOutermost;

    /// <summary>An account without a use.</summary>
    /// <param name="mutex">The mutex.</param>
    /// <param name="load">What the mutexes of a load share.</param>
    /// <param name="counters">The final counters of a mutex that was freed; null for another.</param>
    public MutexAccount(MutexLedger mutex, BlameLedger load, CounterSnapshot? counters)
    {
        _mutex = mutex;
        LastCounters = counters;
        _line = new HoldLine(load, mutex.Id);
    }

    /// <summary>The waits of contended acquires.</summary>
    public ref readonly DurationTally Waits => ref (_waits ?? NoWaits).Acquired;

    /// <summary>The waits of acquires that gave up.</summary>
    public ref readonly DurationTally FailedWaits => ref (_waits ?? NoWaits).GivenUp;

    /// <summary>The outermost holds.</summary>
    public ref readonly DurationTally Holds => ref _holds;

    /// <summary>Acquires seen, recursive ones included.</summary>
    public long Acquires { get; private set; }

    /// <summary>Those of them that waited.</summary>
    public long Contended { get; private set; }

    /// <summary>Outermost acquires among them.</summary>
    public long OutermostAcquires { get; private set; }

    /// <summary>Acquires that gave up.</summary>
    public long Failed { get; private set; }

    /// <summary>Calls refused because of the IRQL.</summary>
    public long Rejections { get; set; }

    /// <summary>The deepest recursion seen.</summary>
    public int DeepestRecursion { get; private set; }

    /// <summary>Outermost releases whose acquire event was not seen. Complete after <see cref="Close"/>.</summary>
    public long ReleasesWithoutAcquire => _line.LostAcquires;

    /// <summary>Pairs of holds that were compared in time.</summary>
    public long HoldsCompared => _line.HoldsCompared;

    /// <summary>Those of them that overlap.</summary>
    public long HoldsOverlapping => _line.HoldsOverlapping;

    /// <summary>How often it passed from one thread to another.</summary>
    public long OwnerSwitches => _line.OwnerSwitches;

    /// <summary>Events about it that contradict themselves or each other.</summary>
    public long Contradictions { get; private set; }

    /// <summary>The counters in its first rundown, as they stood when the recording began; null for none.</summary>
    public CounterSnapshot? FirstState { get; private set; }

    /// <summary>The latest counters: of its end if it was freed, of the last rundown otherwise; null for none.</summary>
    public CounterSnapshot? LastCounters { get; private set; }

    /// <summary>Acquisitions that certainly happened and were not seen.</summary>
    public ulong MissingSequences => _sequences.Missing;

    /// <summary>The highest number known to exist; 0 for none.</summary>
    public ulong HighestSequence => _sequences.HighestKnown;

    /// <summary>Sequence numbers seen in acquire events, each counted once.</summary>
    public ulong DistinctSequences => _sequences.Distinct;

    /// <summary>The latest outermost acquire while its release has not been seen; its sequence is 0 when there is none. To be asked before <see cref="Close"/>.</summary>
    public OpenHold Owner => _line.Owner;

    /// <summary>The number of that acquire; 0 when there is none.</summary>
    public ulong OwnerSequence => _line.OwnerSequence;

    /// <summary>The outermost acquire before the given one, if its release has not been seen; its sequence is 0 when there is none.</summary>
    public OpenHold OwnerBefore(ulong sequence) => _line.OpenBefore(sequence);

    /// <summary>What was said of any of its acquires: raw values of the manifest's AcquiredFlags.</summary>
    public byte AcquireFlags { get; private set; }

    /// <summary>When it was last acquired, as far as events tell, in ticks; 0 for never.</summary>
    public ulong LastUsedAt { get; private set; }

    /// <summary>Who acquired it then, by the index of the thread.</summary>
    public int LastUser { get; private set; }

    /// <summary>The hold that is still going on at the end of the recording; null when none is known to. Set by <see cref="Close"/>.</summary>
    public OpenHold? HeldAtEnd => _heldAtEnd?.Value;

    /// <summary>How its waits were divided over its holds; null when it was never waited for.</summary>
    public WaitDivision? Division => _line.Division;

    /// <summary>True when the account begins within the recording: counters count what came before it, too, and say nothing of what is in it.</summary>
    public bool BeginsWithin { get; private set; }

    /// <summary>Begins within the recording.</summary>
    /// <param name="state">The counters of a mutex that is alive, as far as they are known; null for one that is not.</param>
    /// <param name="highest">The highest number that is known to exist.</param>
    public void BeginWithin(CounterSnapshot? state, ulong highest)
    {
        BeginsWithin = true;
        FirstState = LastCounters = state;
        _sequences.ExpectFrom(highest + 1);
    }

    /// <summary>Begins with the only use that there was so far.</summary>
    public void BeginWith(in SoleUse use)
    {
        (Acquires, OutermostAcquires, DeepestRecursion) = (1, 1, 1);
        AcquireFlags = use.Flags;
        (LastUsedAt, LastUser) = (use.AcquiredAt, use.Thread);
        _ = _sequences.Add(use.Sequence);
        _highestOutermost = use.Sequence;
        int place = _line.Acquire(use.Sequence, use.AcquiredAt, isPossible: true, use.Thread, use.Site);
        if (!use.IsOpen)
        {
            _holds.Add(use.ReleasedAt - use.AcquiredAt);
            _line.Release(place, use.Sequence, use.AcquiredAt, use.ReleasedAt, isPossible: true, use.Thread, use.Site);
        }
    }

    /// <summary>Takes over a hold that had begun before.</summary>
    public void ContinueHold(in OpenHold hold, in LockUser by)
    {
        OutermostAcquires++;
        _highestOutermost = hold.Sequence;
        _ = _line.Acquire(hold.Sequence, hold.AcquiredAt, isPossible: true, by.Thread, by.Site);
    }

    /// <summary>Says that all numbers from the first on belong into the recording.</summary>
    public void ExpectFromFirst() => _sequences.ExpectFrom(1);

    /// <summary>Takes what a rundown says.</summary>
    public void RunDown(in StateEvent state)
    {
        OpenHold? owner = state.OwnerThreadId == 0 ? null : new OpenHold(state.OwnerSequence, state.HeldSince, (int)state.OwnerThreadId, 0);
        LastCounters = new CounterSnapshot(state.Counters, owner);
        if (FirstState is null && !_mutex.BornInTrace)
        {
            FirstState = LastCounters;
            if (!_sequences.Any && state.Counters.Acquires < ulong.MaxValue)
            {
                _sequences.ExpectFrom(state.Counters.Acquires + 1);
            }
        }
    }

    /// <summary>Takes the final counters.</summary>
    public void Free(in MutexCounters counters, OddityCounter oddities, long offset)
    {
        LastCounters = new CounterSnapshot(counters, owner: null);
        if (counters.Acquires > 0 && !_sequences.NoteExists(counters.Acquires))
        {
            Contradict(EventOddity.ImpossibleSequence, oddities, offset);
        }
    }

    /// <summary>Takes note that a thread is about to wait.</summary>
    public void Request(ThreadLocks thread, ulong requestedAt)
    {
        _line.Requests ??= new OpenRequests(_mutex);
        _line.Requests.Add(thread, requestedAt);
    }

    /// <summary>Takes an acquire.</summary>
    /// <param name="acquired">The event.</param>
    /// <param name="by">Who acquired, and where.</param>
    /// <param name="time">The edges of the recording.</param>
    /// <param name="oddities">Told of what does not fit.</param>
    /// <param name="wait">The wait before it; of length 0 when the first try succeeded.</param>
    /// <returns>False when the event cannot be true and was left out.</returns>
    public bool Acquire(in AcquiredEvent acquired, in LockUser by, TraceTime time, OddityCounter oddities, out Interval wait)
    {
        wait = default;
        if (acquired.Depth < 1)
        {
            Contradict(EventOddity.ImpossibleDepth, oddities, by.Offset);
            return false;
        }

        SequenceVerdict verdict = _sequences.Add(acquired.Sequence);
        if (verdict != SequenceVerdict.New)
        {
            Contradict(verdict == SequenceVerdict.Duplicate ? EventOddity.RepeatedAcquire : EventOddity.ImpossibleSequence, oddities, by.Offset);
            return false;
        }

        Acquires++;
        AcquireFlags |= acquired.Flags;
        (LastUsedAt, LastUser) = (acquired.AcquiredAt, by.Thread);
        DeepestRecursion = Math.Max(DeepestRecursion, acquired.Depth);
        wait = time.Judge(acquired.RequestedAt, acquired.AcquiredAt);
        bool isPossible = wait.Verdict != IntervalVerdict.Impossible;
        if (!isPossible)
        {
            Contradict(EventOddity.ImpossibleTime, oddities, by.Offset);
        }

        int place = -1;
        if (acquired.Depth == 1)
        {
            OutermostAcquires++;
            _highestOutermost = Math.Max(_highestOutermost, acquired.Sequence);
            long overlapping = HoldsOverlapping;
            place = _line.Acquire(acquired.Sequence, acquired.AcquiredAt, isPossible, by.Thread, by.Site);
            NoteOverlap(overlapping, oddities, by.Offset);
        }
        else
        {
            _line.Nest(acquired.Sequence);
        }

        if (acquired.Contended)
        {
            Contended++;
            Waiting.Acquired.Add(wait);
            if (wait.Verdict == IntervalVerdict.Complete)
            {
                _line.Divide(place, acquired.RequestedAt, acquired.AcquiredAt, by.Thread, by.Site);
            }
            else if (isPossible)
            {
                _line.Queue(acquired.AcquiredAt - wait.Ticks, acquired.AcquiredAt);
            }
        }

        _line.Trim();
        return true;
    }

    /// <summary>Takes an acquire that gave up.</summary>
    public void Fail(in FailedEvent failed, in LockUser by, TraceTime time, OddityCounter oddities)
    {
        Failed++;
        Interval wait = time.Judge(failed.RequestedAt, failed.FailedAt);
        Waiting.GivenUp.Add(wait);
        if (wait.Verdict == IntervalVerdict.Impossible)
        {
            Contradict(EventOddity.ImpossibleTime, oddities, by.Offset);
        }
        else
        {
            _line.Queue(failed.FailedAt - wait.Ticks, failed.FailedAt);
        }
    }

    /// <summary>Takes note of a wait whose end was lost.</summary>
    public void LoseWait() => Waiting.Acquired.Lost++;

    /// <summary>Takes a wait that had not ended with the recording.</summary>
    /// <param name="requestedAt">When it began, in ticks.</param>
    /// <param name="end">The end of the recording.</param>
    public void StillWaiting(ulong requestedAt, ulong end)
    {
        Waiting.Acquired.AddCutByEnd(end > requestedAt ? end - requestedAt : 0);
        _line.Queue(requestedAt, Math.Max(requestedAt, end));
    }

    /// <summary>Takes a release. An inner one changes nothing but the depth.</summary>
    /// <param name="released">The event.</param>
    /// <param name="by">Who released, and where that one had acquired.</param>
    /// <param name="time">The edges of the recording.</param>
    /// <param name="oddities">Told of what does not fit.</param>
    /// <param name="hold">The hold that ended.</param>
    /// <returns>False when no hold ended, or the event cannot be true.</returns>
    public bool Release(in ReleasedEvent released, in LockUser by, TraceTime time, OddityCounter oddities, out Interval hold)
    {
        hold = default;
        if (released.Depth < 1)
        {
            Contradict(EventOddity.ImpossibleDepth, oddities, by.Offset);
            return false;
        }

        DeepestRecursion = Math.Max(DeepestRecursion, released.Depth);
        if (!_sequences.NoteExists(released.Sequence))
        {
            Contradict(EventOddity.ImpossibleSequence, oddities, by.Offset);
            return false;
        }

        if (released.Depth > 1)
        {
            return false;
        }

        _highestOutermost = Math.Max(_highestOutermost, released.Sequence);
        int place = _line.Find(released.Sequence);
        if (place < 0 ? _sequences.Seen(released.Sequence) == true && !_line.Awaits(released.Sequence) : (_line[place].Seen & HoldParts.Release) != 0)
        {
            Contradict(EventOddity.RepeatedRelease, oddities, by.Offset);
            return false;
        }

        // A driver that was not yet listened to at the acquire leaves 0; the acquire event, if there is one, knows better.
        ulong acquiredAt = released.AcquiredAt == 0 && place >= 0 ? _line[place].AcquiredAt : released.AcquiredAt;
        hold = time.Judge(acquiredAt, released.ReleasedAt);
        bool isPossible = hold.Verdict != IntervalVerdict.Impossible;
        _holds.Add(hold);
        if (!isPossible)
        {
            Contradict(EventOddity.ImpossibleTime, oddities, by.Offset);
        }

        long overlapping = HoldsOverlapping;
        _line.Release(place, released.Sequence, acquiredAt, released.ReleasedAt, isPossible, by.Thread, by.Site);
        NoteOverlap(overlapping, oddities, by.Offset);
        return true;
    }

    /// <summary>Ends the account: decides about what is still open.</summary>
    /// <param name="time">The edges of the recording.</param>
    /// <param name="end">The last tick at which the mutex can have been held: the end of the recording, or of the driver.</param>
    /// <param name="complete">True when no event can be missing, so that a hold without a release was still going on.</param>
    /// <param name="everyRelease">True when every acquire and release was asked for, so that one without the other means something.</param>
    public void Close(TraceTime time, ulong end, bool complete, bool everyRelease)
    {
        OpenHold newest = _line.OpenBefore(ulong.MaxValue);
        _line.Close(end);
        if (!everyRelease)
        {
            return;
        }

        // A later acquire, or the free, proves that an earlier hold has ended: when is not known.
        _holds.Lost += _line.LostReleases;
        if (newest.Sequence == 0)
        {
            return;
        }

        _holds.Lost--;
        if (!time.IsPast(newest.AcquiredAt))
        {
            _holds.Impossible++;
        }
        else if (_mutex.Freed || !complete || MissingSequences > 0 || newest.Sequence < _highestOutermost)
        {
            _holds.Lost++;
        }
        else
        {
            _heldAtEnd = new StrongBox<OpenHold>(newest);
            ulong since = Math.Max(newest.AcquiredAt, time.Start);
            _holds.AddCutByEnd(end > since ? end - since : 0);
        }
    }

    /// <summary>
    /// Decides whether it was held all through the recording: a rundown says so, and nobody was seen to acquire or release it. For recordings in which no
    /// event can be missing.
    /// </summary>
    public void CloseHeldThroughout()
    {
        if (!_mutex.Freed && _highestOutermost == 0 && LastCounters?.Owner is OpenHold owner)
        {
            _heldAtEnd = new StrongBox<OpenHold>(owner);
        }
    }

    private WaitTallies Waiting => _waits ??= new WaitTallies();

    private void NoteOverlap(long before, OddityCounter oddities, long offset)
    {
        if (HoldsOverlapping > before)
        {
            Contradict(EventOddity.OverlappingHolds, oddities, offset);
        }
    }

    /// <summary>Counts an event that contradicts itself or another.</summary>
    public void Contradict(EventOddity oddity, OddityCounter oddities, long offset)
    {
        Contradictions++;
        oddities.Add(oddity, offset);
    }

    /// <summary>Most of many mutexes are never waited for: made with the first wait.</summary>
    private sealed class WaitTallies
    {
        public DurationTally Acquired;
        public DurationTally GivenUp;
    }
}
