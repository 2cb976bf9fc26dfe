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
    private ulong _highestOutermost;
    private (ulong Acquires, int OwnerThreadId) _lastState;

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

    /// <inheritdoc cref="MutexLedger.Waits"/>
    public ref readonly DurationTally Waits => ref (_waits ?? NoWaits).Acquired;

    /// <inheritdoc cref="MutexLedger.FailedWaits"/>
    public ref readonly DurationTally FailedWaits => ref (_waits ?? NoWaits).GivenUp;

    /// <inheritdoc cref="MutexLedger.Holds"/>
    public ref readonly DurationTally Holds => ref _holds;

    /// <inheritdoc cref="MutexLedger.Acquires"/>
    public long Acquires { get; private set; }

    /// <inheritdoc cref="MutexLedger.Contended"/>
    public long Contended { get; private set; }

    /// <inheritdoc cref="MutexLedger.OutermostAcquires"/>
    public long OutermostAcquires { get; private set; }

    /// <inheritdoc cref="MutexLedger.Failed"/>
    public long Failed { get; private set; }

    /// <inheritdoc cref="MutexLedger.Rejections"/>
    public long Rejections { get; set; }

    /// <inheritdoc cref="MutexLedger.DeepestRecursion"/>
    public int DeepestRecursion { get; private set; }

    /// <inheritdoc cref="MutexLedger.ReleasesWithoutAcquire"/>
    public long ReleasesWithoutAcquire => _line.LostAcquires;

    /// <inheritdoc cref="MutexLedger.HoldsCompared"/>
    public long HoldsCompared => _line.HoldsCompared;

    /// <inheritdoc cref="MutexLedger.HoldsOverlapping"/>
    public long HoldsOverlapping => _line.HoldsOverlapping;

    /// <inheritdoc cref="MutexLedger.OwnerSwitches"/>
    public long OwnerSwitches => _line.OwnerSwitches;

    /// <inheritdoc cref="MutexLedger.Contradictions"/>
    public long Contradictions { get; private set; }

    /// <inheritdoc cref="MutexLedger.FirstState"/>
    public CounterSnapshot? FirstState { get; private set; }

    /// <inheritdoc cref="MutexLedger.LastCounters"/>
    public CounterSnapshot? LastCounters { get; private set; }

    /// <inheritdoc cref="MutexLedger.MissingSequences"/>
    public ulong MissingSequences => _sequences.Missing;

    /// <summary>The highest number known to exist; 0 for none.</summary>
    public ulong HighestSequence => _sequences.HighestKnown;

    /// <inheritdoc cref="MutexLedger.DistinctSequences"/>
    public ulong DistinctSequences => _sequences.Distinct;

    /// <inheritdoc cref="MutexLedger.Owner"/>
    public OpenHold Owner => _line.Owner;

    /// <inheritdoc cref="MutexLedger.OwnerSequence"/>
    public ulong OwnerSequence => _line.OwnerSequence;

    /// <inheritdoc cref="MutexLedger.LastReleasedAt"/>
    public ulong LastReleasedAt => _line.LastReleasedAt;

    /// <inheritdoc cref="MutexLedger.OwnerRightBefore"/>
    public OpenHold OwnerRightBefore(ulong sequence) => _line.OpenRightBefore(sequence);

    /// <inheritdoc cref="MutexLedger.AcquireFlags"/>
    public byte AcquireFlags { get; private set; }

    /// <inheritdoc cref="MutexLedger.LastUsedAt"/>
    public ulong LastUsedAt { get; private set; }

    /// <inheritdoc cref="MutexLedger.LastUser"/>
    public int LastUser { get; private set; }

    /// <inheritdoc cref="MutexLedger.HeldAtEnd"/>
    public OpenHold? HeldAtEnd { get; private set; }

    /// <inheritdoc cref="MutexLedger.Division"/>
    public WaitDivision? Division => _line.Division;

    /// <inheritdoc cref="MutexLedger.BeginsWithin"/>
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

    /// <inheritdoc cref="MutexLedger.ContinueHold"/>
    public void ContinueHold(in OpenHold hold, in LockUser by)
    {
        OutermostAcquires++;
        _highestOutermost = hold.Sequence;
        _ = _line.Acquire(hold.Sequence, hold.AcquiredAt, isPossible: true, by.Thread, by.Site);
    }

    /// <summary>Says that all numbers from the first on belong into the recording.</summary>
    public void ExpectFromFirst() => _sequences.ExpectFrom(1);

    /// <inheritdoc cref="MutexLedger.RunDown"/>
    public void RunDown(in StateEvent state)
    {
        OpenHold? owner = state.OwnerThreadId == 0 ? null : new OpenHold(state.OwnerSequence, state.HeldSince, (int)state.OwnerThreadId, 0);
        LastCounters = new CounterSnapshot(state.Counters, owner);
        _lastState = (state.Counters.Acquires, (int)state.OwnerThreadId);
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

    /// <inheritdoc cref="MutexLedger.Request"/>
    public void Request(ThreadLocks thread, ulong requestedAt)
    {
        _line.Requests ??= new OpenRequests(_mutex);
        _line.Requests.Add(thread, requestedAt);
    }

    /// <inheritdoc cref="MutexLedger.Acquire"/>
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

    /// <inheritdoc cref="MutexLedger.Fail"/>
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

    /// <inheritdoc cref="MutexLedger.LoseWait"/>
    public void LoseWait() => Waiting.Acquired.Lost++;

    /// <inheritdoc cref="MutexLedger.StillWaiting"/>
    public void StillWaiting(ulong requestedAt, ulong end)
    {
        Waiting.Acquired.AddCutByEnd(end > requestedAt ? end - requestedAt : 0);
        _line.Queue(requestedAt, Math.Max(requestedAt, end));
    }

    /// <inheritdoc cref="MutexLedger.Release"/>
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

    /// <inheritdoc cref="MutexLedger.Close"/>
    public void Close(TraceTime time, ulong end, bool complete, bool everyRelease)
    {
        OpenHold newest = _line.NewestOpen;
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
        else if (_mutex.Freed || !complete || MissingSequences > 0 || newest.Sequence < _highestOutermost || IsOverByRundown(newest))
        {
            _holds.Lost++;
        }
        else
        {
            HeldAtEnd = newest;
            ulong since = Math.Max(newest.AcquiredAt, time.Start);
            _holds.AddCutByEnd(end > since ? end - since : 0);
        }
    }

    /// <inheritdoc cref="MutexLedger.CloseHeldThroughout"/>
    public void CloseHeldThroughout()
    {
        if (!_mutex.Freed && _highestOutermost == 0 && LastCounters?.Owner is OpenHold owner)
        {
            HeldAtEnd = owner;
        }
    }

    private WaitTallies Waiting => _waits ??= new WaitTallies();

    /// <summary>Whether a rundown found the mutex free, or held by another, after that acquire: of what WPR keeps in memory the oldest buffers are overwritten, and a release may have been in one.</summary>
    private bool IsOverByRundown(in OpenHold hold) => _lastState.Acquires >= hold.Sequence && _lastState.OwnerThreadId != hold.ThreadId;

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
