using Tracing.Analysis.Durations;
using Tracing.Analysis.Trust;

namespace Tracing.Analysis.Mutexes;

/// <summary>
/// Everything known about one mutex: who it is, and the running account of its acquires, waits and holds.
/// </summary>
/// <remarks>
/// <para>Events of one mutex arrive by header time, which is not their true order: the driver writes a release after it has let go, so the next
/// acquire may come first. Nothing here depends on that order. A wait is read from the acquire event alone and a hold from the outermost release
/// alone, since each carries both its ends; acquire and release are matched by sequence number only to find what is still open, and what is
/// missing.</para>
/// <para>An event is one dictionary look-up away from its ledger and allocates nothing, apart from the first of its kind.</para>
/// </remarks>
public sealed class MutexLedger
{
    // Releases that came before, or without, their acquire: kept while the acquire may still come.
    private const int MostEarlyReleases = 64;

    private DurationTally _waits;
    private DurationTally _failedWaits;
    private DurationTally _holds;
    private OpenHolds _open;
    private SequenceWindow _sequences;
    private List<ulong>? _earlyReleases;
    private ulong _highestOutermost;
    private ulong _lastHoldSequence;
    private ulong _lastHoldAcquiredAt;
    private ulong _lastHoldReleasedAt;

    /// <summary>A ledger for a mutex that some event has named.</summary>
    public MutexLedger(ulong id) => Id = id;

    /// <summary>The driver's number of the mutex.</summary>
    public ulong Id { get; }

    /// <summary>The waits of contended acquires.</summary>
    public ref DurationTally Waits => ref _waits;

    /// <summary>The waits of acquires that gave up.</summary>
    public ref DurationTally FailedWaits => ref _failedWaits;

    /// <summary>The outermost holds.</summary>
    public ref DurationTally Holds => ref _holds;

    /// <summary>Its label; empty for none.</summary>
    public string Label { get; private set; } = "";

    /// <summary>Raw value of the manifest's MutexKind; 0 for unknown.</summary>
    public byte Kind { get; private set; }

    /// <summary>Its address; 0 for unknown.</summary>
    public ulong Address { get; private set; }

    /// <summary>Bytes taken from the pool.</summary>
    public uint PoolSize { get; private set; }

    /// <summary>Where it was allocated; 0 for unknown.</summary>
    public uint SiteId { get; private set; }

    /// <summary>When it was allocated, in ticks; 0 for unknown.</summary>
    public ulong AllocatedAt { get; private set; }

    /// <summary>True when its allocation is in the recording.</summary>
    public bool BornInTrace { get; private set; }

    /// <summary>True when it was freed.</summary>
    public bool Freed { get; private set; }

    /// <summary>Allocated or run down, and not freed.</summary>
    public bool Live => !Freed && (BornInTrace || FirstState is not null);

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
    public long ReleasesWithoutAcquire { get; private set; }

    /// <summary>Pairs of holds that were compared in time.</summary>
    public long HoldsCompared { get; private set; }

    /// <summary>Those of them that overlap.</summary>
    public long HoldsOverlapping { get; private set; }

    /// <summary>The counters in its first rundown, as they stood when the recording began; null for none.</summary>
    public CounterSnapshot? FirstState { get; private set; }

    /// <summary>The latest counters: of its end if it was freed, of the last rundown otherwise; null for none.</summary>
    public CounterSnapshot? LastCounters { get; private set; }

    /// <summary>Acquires within the recording by the driver's own counters, as far as those tell.</summary>
    public ulong CountedAcquires
    {
        get
        {
            ulong last = LastCounters?.Values.Acquires ?? 0;
            ulong first = FirstState?.Values.Acquires ?? (BornInTrace ? 0 : last);
            return last > first ? last - first : 0;
        }
    }

    /// <summary>Acquisitions that certainly happened and were not seen.</summary>
    public ulong MissingSequences => _sequences.Missing;

    /// <summary>Sequence numbers seen in acquire events, each counted once.</summary>
    public ulong DistinctSequences => _sequences.Distinct;

    /// <summary>The latest outermost acquire while its release has not been seen; its sequence is 0 when there is none.</summary>
    public OpenHold Owner => _open.Newest;

    /// <summary>The outermost acquire before the given one, if its release has not been seen; its sequence is 0 when there is none.</summary>
    public OpenHold OwnerBefore(ulong sequence) => _open.Before(sequence);

    /// <summary>The hold that is still going on at the end of the recording; null when none is known to. Set by <see cref="Close"/>.</summary>
    public OpenHold? HeldAtEnd { get; private set; }

    /// <summary>The thread that holds it at the end of the recording; null when none is known to. Set by <see cref="Close"/>.</summary>
    public int? HeldBy => HeldAtEnd?.ThreadId;

    /// <summary>Takes what an allocation says.</summary>
    public void Allocated(in MutexDescription mutex, OddityCounter oddities, long offset)
    {
        if (BornInTrace)
        {
            oddities.Add(EventOddity.RepeatedMutexId, offset);
            return;
        }

        BornInTrace = true;
        Describe(mutex);
        _sequences.ExpectFrom(1);
    }

    /// <summary>Takes what a rundown says.</summary>
    public void RunDown(in StateEvent state)
    {
        Describe(state.Mutex);
        if (Freed)
        {
            // The rundown looked before the free and wrote after it.
            return;
        }

        LastCounters = new CounterSnapshot(state.Counters);
        if (FirstState is null && !BornInTrace)
        {
            FirstState = LastCounters;
            if (!_sequences.Any && state.Counters.Acquires < ulong.MaxValue)
            {
                _sequences.ExpectFrom(state.Counters.Acquires + 1);
            }
        }
    }

    /// <summary>Takes a free, with the final counters.</summary>
    public void Free(in FreedEvent freed, OddityCounter oddities, long offset)
    {
        if (Freed)
        {
            oddities.Add(EventOddity.RepeatedMutexId, offset);
            return;
        }

        Freed = true;
        LastCounters = new CounterSnapshot(freed.Counters);
        if (freed.Counters.Acquires > 0 && !_sequences.NoteExists(freed.Counters.Acquires))
        {
            oddities.Add(EventOddity.ImpossibleSequence, offset);
        }
    }

    /// <summary>Takes an acquire.</summary>
    /// <returns>False when the event cannot be true and was left out.</returns>
    public bool Acquire(in AcquiredEvent acquired, in EventOrigin origin, TraceTime time, OddityCounter oddities)
    {
        if (acquired.Depth < 1)
        {
            oddities.Add(EventOddity.ImpossibleDepth, origin.Offset);
            return false;
        }

        SequenceVerdict verdict = _sequences.Add(acquired.Sequence);
        if (verdict != SequenceVerdict.New)
        {
            oddities.Add(
                verdict == SequenceVerdict.Duplicate ? EventOddity.RepeatedAcquire : EventOddity.ImpossibleSequence, origin.Offset);
            return false;
        }

        Acquires++;
        DeepestRecursion = Math.Max(DeepestRecursion, acquired.Depth);
        IntervalVerdict wait = time.Judge(acquired.RequestedAt, acquired.AcquiredAt, out ulong ticks);
        if (wait == IntervalVerdict.Impossible)
        {
            oddities.Add(EventOddity.ImpossibleTime, origin.Offset);
        }

        if (acquired.Contended)
        {
            Contended++;
            Record(ref _waits, wait, ticks);
        }

        if (acquired.Depth == 1)
        {
            OutermostAcquires++;
            _highestOutermost = Math.Max(_highestOutermost, acquired.Sequence);
            if (_earlyReleases?.Remove(acquired.Sequence) != true)
            {
                _open.Add(new OpenHold(acquired.Sequence, acquired.AcquiredAt, origin.ThreadId, acquired.SiteId));
            }
        }

        return true;
    }

    /// <summary>Takes an acquire that gave up.</summary>
    public void Fail(in FailedEvent failed, in EventOrigin origin, TraceTime time, OddityCounter oddities)
    {
        Failed++;
        IntervalVerdict wait = time.Judge(failed.RequestedAt, failed.FailedAt, out ulong ticks);
        Record(ref _failedWaits, wait, ticks);
        if (wait == IntervalVerdict.Impossible)
        {
            oddities.Add(EventOddity.ImpossibleTime, origin.Offset);
        }
    }

    /// <summary>Takes a release. An inner one changes nothing but the depth.</summary>
    /// <param name="released">The event.</param>
    /// <param name="origin">Its origin.</param>
    /// <param name="time">The edges of the recording.</param>
    /// <param name="oddities">Told of what cannot be true.</param>
    /// <param name="ticks">Length of the hold that ends with it, as far as it is certain.</param>
    /// <returns>What is known of that hold; null when none ends, or the event cannot be true and was left out.</returns>
    public IntervalVerdict? Release(in ReleasedEvent released, in EventOrigin origin, TraceTime time, OddityCounter oddities, out ulong ticks)
    {
        ticks = 0;
        if (released.Depth < 1)
        {
            oddities.Add(EventOddity.ImpossibleDepth, origin.Offset);
            return null;
        }

        DeepestRecursion = Math.Max(DeepestRecursion, released.Depth);
        if (!_sequences.NoteExists(released.Sequence))
        {
            oddities.Add(EventOddity.ImpossibleSequence, origin.Offset);
            return null;
        }

        if (released.Depth > 1)
        {
            return null;
        }

        _highestOutermost = Math.Max(_highestOutermost, released.Sequence);
        ulong acquiredAt = released.AcquiredAt;
        if (_open.Remove(released.Sequence, out OpenHold open))
        {
            // A driver that was not yet listened to at the acquire leaves 0; the acquire event, if there is one, knows better.
            acquiredAt = acquiredAt == 0 ? open.AcquiredAt : acquiredAt;
        }
        else if (!KeepEarly(released.Sequence))
        {
            oddities.Add(EventOddity.RepeatedRelease, origin.Offset);
            return null;
        }

        IntervalVerdict hold = time.Judge(acquiredAt, released.ReleasedAt, out ticks);
        Record(ref _holds, hold, ticks);
        if (hold == IntervalVerdict.Impossible)
        {
            oddities.Add(EventOddity.ImpossibleTime, origin.Offset);
        }
        else if (acquiredAt != 0)
        {
            CompareWithNeighbour(released.Sequence, acquiredAt, released.ReleasedAt, oddities, origin.Offset);
        }

        return hold;
    }

    /// <summary>Ends the account: decides about what is still open. For recordings that hold every acquire and release.</summary>
    /// <param name="time">The edges of the recording.</param>
    /// <param name="end">The last tick at which the mutex can have been held: the end of the recording, or of the driver.</param>
    /// <param name="complete">True when no event can be missing, so that a hold without a release was still going on.</param>
    public void Close(TraceTime time, ulong end, bool complete)
    {
        ReleasesWithoutAcquire += _earlyReleases?.Count ?? 0;

        // A later acquire, or the free, proves that an earlier hold has ended: when is not known.
        _holds.Lost += _open.LateCount + _open.Dropped;
        OpenHold newest = _open.Newest;
        if (newest.Sequence == 0)
        {
            return;
        }

        if (!time.IsPast(newest.AcquiredAt))
        {
            _holds.Impossible++;
        }
        else if (Freed || !complete || MissingSequences > 0 || newest.Sequence < _highestOutermost)
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

    private static void Record(ref DurationTally tally, IntervalVerdict verdict, ulong ticks)
    {
        switch (verdict)
        {
            case IntervalVerdict.Complete:
                tally.Add(ticks);
                break;
            case IntervalVerdict.CutByStart:
                tally.AddCutByStart(ticks);
                break;
            default:
                tally.Impossible++;
                break;
        }
    }

    private void Describe(in MutexDescription mutex)
    {
        Label = mutex.Label;
        Kind = mutex.Kind;
        Address = mutex.Address;
        PoolSize = mutex.PoolSize;
        SiteId = mutex.SiteId;
        AllocatedAt = mutex.AllocatedAt;
    }

    /// <summary>Remembers a release whose acquire is not open.</summary>
    /// <returns>False when that acquire was seen and released before.</returns>
    private bool KeepEarly(ulong sequence)
    {
        if (_sequences.Seen(sequence) == true || _earlyReleases?.Contains(sequence) == true)
        {
            return false;
        }

        _earlyReleases ??= [];
        if (_earlyReleases.Count == MostEarlyReleases)
        {
            _earlyReleases.RemoveAt(0);
            ReleasesWithoutAcquire++;
        }

        _earlyReleases.Add(sequence);
        return true;
    }

    /// <summary>Holds of one mutex exclude each other, in the order of their numbers: compares with the one of the highest number so far.</summary>
    private void CompareWithNeighbour(ulong sequence, ulong acquiredAt, ulong releasedAt, OddityCounter oddities, long offset)
    {
        if (_lastHoldSequence != 0)
        {
            HoldsCompared++;
            bool overlaps = sequence > _lastHoldSequence ? acquiredAt < _lastHoldReleasedAt : releasedAt > _lastHoldAcquiredAt;
            if (overlaps)
            {
                HoldsOverlapping++;
                oddities.Add(EventOddity.OverlappingHolds, offset);
            }
        }

        if (sequence > _lastHoldSequence)
        {
            (_lastHoldSequence, _lastHoldAcquiredAt, _lastHoldReleasedAt) = (sequence, acquiredAt, releasedAt);
        }
    }
}

/// <summary>The driver's counters of one mutex at one moment: kept apart because few events bring them.</summary>
public sealed class CounterSnapshot(in MutexCounters values)
{
    /// <summary>The counters.</summary>
    public MutexCounters Values { get; } = values;
}
