using Tracing.Analysis.Blame;
using Tracing.Analysis.Durations;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Ordering;
using Tracing.Analysis.Trust;

namespace Tracing.Analysis.Mutexes;

/// <summary>Everything known about one mutex: who it is, and the running account of its acquires, waits and holds.</summary>
/// <remarks>
/// A driver that makes a mutex for each request has a million of them, and most are acquired once, do not wait, and are released. Such a use is kept as it is, in a fraction
/// of the memory; the account is opened by whatever says more, and begins with it.
/// </remarks>
public sealed class MutexLedger
{
    private static readonly DurationTally None;

    private readonly BlameLedger _load;
    private MutexAccount? _account;
    private SoleUse _use;

    /// <summary>A ledger for a mutex that some event has named.</summary>
    /// <param name="id">The driver's number of the mutex.</param>
    /// <param name="load">What the mutexes of a load share.</param>
    internal MutexLedger(ulong id, BlameLedger load)
    {
        Id = id;
        _load = load;
    }

    /// <summary>The driver's number of the mutex.</summary>
    public ulong Id { get; }

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

    /// <summary>The waits of contended acquires.</summary>
    public ref readonly DurationTally Waits => ref _account is null ? ref None : ref _account.Waits;

    /// <summary>The waits of acquires that gave up.</summary>
    public ref readonly DurationTally FailedWaits => ref _account is null ? ref None : ref _account.FailedWaits;

    /// <summary>The outermost holds; a copy.</summary>
    public DurationTally Holds => _account?.Holds ?? HoldsOfSoleUse();

    /// <summary>Acquires seen, recursive ones included.</summary>
    public long Acquires => _account?.Acquires ?? Uses;

    /// <summary>Those of them that waited.</summary>
    public long Contended => _account?.Contended ?? 0;

    /// <summary>Outermost acquires among them.</summary>
    public long OutermostAcquires => _account?.OutermostAcquires ?? Uses;

    /// <summary>Acquires that gave up.</summary>
    public long Failed => _account?.Failed ?? 0;

    /// <summary>Calls refused because of the IRQL.</summary>
    public long Rejections => _account?.Rejections ?? 0;

    /// <summary>The deepest recursion seen.</summary>
    public int DeepestRecursion => _account?.DeepestRecursion ?? Uses;

    /// <summary>Outermost releases whose acquire event was not seen. Complete after <see cref="Close"/>.</summary>
    public long ReleasesWithoutAcquire => _account?.ReleasesWithoutAcquire ?? 0;

    /// <summary>Pairs of holds that were compared in time.</summary>
    public long HoldsCompared => _account?.HoldsCompared ?? 0;

    /// <summary>Those of them that overlap.</summary>
    public long HoldsOverlapping => _account?.HoldsOverlapping ?? 0;

    /// <summary>How often it passed from one thread to another.</summary>
    public long OwnerSwitches => _account?.OwnerSwitches ?? 0;

    /// <summary>Events about it that contradict themselves or each other.</summary>
    public long Contradictions => _account?.Contradictions ?? 0;

    /// <summary>The counters in its first rundown, as they stood when the recording began; null for none.</summary>
    public CounterSnapshot? FirstState => _account?.FirstState;

    /// <summary>The latest counters: of its end if it was freed, of the last rundown otherwise; null for none.</summary>
    public CounterSnapshot? LastCounters => _account is not null ? _account.LastCounters : Freed ? new CounterSnapshot(CountersOfSoleUse(), owner: null) : null;

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
    public ulong MissingSequences => _account?.MissingSequences ?? 0;

    /// <summary>Sequence numbers seen in acquire events, each counted once.</summary>
    public ulong DistinctSequences => _account?.DistinctSequences ?? (ulong)Uses;

    /// <summary>The latest outermost acquire while its release has not been seen; its sequence is 0 when there is none. To be asked before <see cref="Close"/>.</summary>
    public OpenHold Owner => _account?.Owner ?? OwnerOfSoleUse;

    /// <summary>The number of that acquire; 0 when there is none.</summary>
    public ulong OwnerSequence => _account?.OwnerSequence ?? (_use.IsOpen ? _use.Sequence : 0);

    /// <summary>When the latest outermost acquire was released, in ticks; 0 while that has not been seen.</summary>
    public ulong LastReleasedAt => _account?.LastReleasedAt ?? _use.ReleasedAt;

    /// <summary>What was said of any of its acquires: raw values of the manifest's AcquiredFlags.</summary>
    public byte AcquireFlags => _account?.AcquireFlags ?? _use.Flags;

    /// <summary>When it was last acquired, as far as events tell, in ticks; 0 for never.</summary>
    public ulong LastUsedAt => _account?.LastUsedAt ?? _use.AcquiredAt;

    /// <summary>Who acquired it then, by the index of the thread.</summary>
    public int LastUser => _account?.LastUser ?? _use.Thread;

    /// <summary>The hold that is still going on at the end of the recording; null when none is known to. Set by <see cref="Close"/>.</summary>
    public OpenHold? HeldAtEnd => _account?.HeldAtEnd;

    /// <summary>True when the account begins within the recording: counters count what came before it, too, and say nothing of what is in it.</summary>
    public bool BeginsWithin => _account?.BeginsWithin ?? false;

    /// <summary>Whether it was used more than once, waited for, or told of in another way that needs an account.</summary>
    internal bool HasAccount => _account is not null;

    /// <summary>How its waits were divided over its holds; null when it was never waited for.</summary>
    internal WaitDivision? Division => _account?.Division;

    private int Uses => _use.Any ? 1 : 0;

    private MutexAccount Account => _account ?? OpenAccount();

    private OpenHold OwnerOfSoleUse => _use.IsOpen ? new OpenHold(_use.Sequence, _use.AcquiredAt, _load.Threads.All[_use.Thread].Id, _load.Sites.All[_use.Site].Id) : default;

    /// <summary>The outermost acquire right before the given one, if its release has not been seen; its sequence is 0 when there is none, or another may have come between.</summary>
    public OpenHold OwnerRightBefore(ulong sequence) => Account.OwnerRightBefore(sequence);

    /// <summary>Takes over what is known of the mutex from an account of the time before.</summary>
    internal void ContinueFrom(MutexLedger earlier)
    {
        (Label, Kind, Address, PoolSize) = (earlier.Label, earlier.Kind, earlier.Address, earlier.PoolSize);
        (SiteId, AllocatedAt) = (earlier.SiteId, earlier.AllocatedAt);
        Account.BeginWithin(
            earlier.Live ? new CounterSnapshot(earlier.LastCounters?.Values ?? default, owner: null) : null,
            earlier._account?.HighestSequence ?? earlier._use.Sequence);
    }

    /// <summary>Takes over a hold that had begun before.</summary>
    internal void ContinueHold(in OpenHold hold, in LockUser by) => Account.ContinueHold(hold, by);

    /// <summary>Takes what an allocation says.</summary>
    public void Allocated(in MutexDescription mutex, OddityCounter oddities, long offset)
    {
        if (BornInTrace)
        {
            Account.Contradict(EventOddity.RepeatedMutexId, oddities, offset);
            return;
        }

        // Acquires before a use that is not the first one are missing: an account can count them.
        if (_account is not null || _use.Sequence > 1)
        {
            Account.ExpectFromFirst();
        }

        BornInTrace = true;
        Describe(mutex);
    }

    /// <summary>Takes what a rundown says.</summary>
    public void RunDown(in StateEvent state)
    {
        Describe(state.Mutex);
        if (!Freed)
        {
            Account.RunDown(state);
        }

        // Else the rundown looked before the free and wrote after it.
    }

    /// <summary>Takes a free, with the final counters.</summary>
    public void Free(in FreedEvent freed, OddityCounter oddities, long offset)
    {
        if (Freed)
        {
            Account.Contradict(EventOddity.RepeatedMutexId, oddities, offset);
            return;
        }

        if (_account is not null || !BornInTrace || _use.IsOpen || freed.Counters != CountersOfSoleUse())
        {
            Account.Free(freed.Counters, oddities, offset);
        }

        Freed = true;
    }

    /// <summary>Takes note that a thread is about to wait.</summary>
    public void Request(ThreadLocks thread, ulong requestedAt) => Account.Request(thread, requestedAt);

    /// <summary>Takes a call that was refused because of the IRQL.</summary>
    public void Reject() => Account.Rejections++;

    /// <summary>Takes an acquire.</summary>
    /// <param name="acquired">The event.</param>
    /// <param name="by">Who acquired, and where.</param>
    /// <param name="time">The edges of the recording.</param>
    /// <param name="oddities">Told of what does not fit.</param>
    /// <param name="wait">The wait before it; of length 0 when the first try succeeded.</param>
    /// <returns>False when the event cannot be true and was left out.</returns>
    public bool Acquire(in AcquiredEvent acquired, in LockUser by, TraceTime time, OddityCounter oddities, out Interval wait)
    {
        if (_account is null && !_use.Any && !Freed && IsPlain(acquired) && time.Judge(acquired.RequestedAt, acquired.AcquiredAt) is { Verdict: IntervalVerdict.Complete } known)
        {
            _use = new SoleUse(acquired.Sequence, acquired.AcquiredAt, 0, by.Thread, by.Site, acquired.Flags);
            wait = known;
            return true;
        }

        return Account.Acquire(acquired, by, time, oddities, out wait);
    }

    /// <summary>Takes an acquire that gave up.</summary>
    public void Fail(in FailedEvent failed, in LockUser by, TraceTime time, OddityCounter oddities) => Account.Fail(failed, by, time, oddities);

    /// <summary>Takes note of a wait whose end was lost.</summary>
    public void LoseWait() => Account.LoseWait();

    /// <summary>Takes a wait that had not ended with the recording.</summary>
    /// <param name="requestedAt">When it began, in ticks.</param>
    /// <param name="end">The end of the recording.</param>
    public void StillWaiting(ulong requestedAt, ulong end) => Account.StillWaiting(requestedAt, end);

    /// <summary>Takes a release. An inner one changes nothing but the depth.</summary>
    /// <param name="released">The event.</param>
    /// <param name="by">Who released, and where that one had acquired.</param>
    /// <param name="time">The edges of the recording.</param>
    /// <param name="oddities">Told of what does not fit.</param>
    /// <param name="hold">The hold that ended.</param>
    /// <returns>False when no hold ended, or the event cannot be true.</returns>
    public bool Release(in ReleasedEvent released, in LockUser by, TraceTime time, OddityCounter oddities, out Interval hold)
    {
        if (_account is null && _use.IsOpen && EndsSoleUse(released) && time.Judge(released.AcquiredAt, released.ReleasedAt) is { Verdict: IntervalVerdict.Complete } known)
        {
            _use.ReleasedAt = released.ReleasedAt;
            hold = known;
            return true;
        }

        return Account.Release(released, by, time, oddities, out hold);
    }

    /// <summary>Ends the account: decides about what is still open.</summary>
    /// <param name="time">The edges of the recording.</param>
    /// <param name="end">The last tick at which the mutex can have been held: the end of the recording, or of the driver.</param>
    /// <param name="complete">True when no event can be missing, so that a hold without a release was still going on.</param>
    /// <param name="everyRelease">True when every acquire and release was asked for, so that one without the other means something.</param>
    public void Close(TraceTime time, ulong end, bool complete, bool everyRelease)
    {
        if (_account is not null || _use.IsOpen)
        {
            Account.Close(time, end, complete, everyRelease);
        }
    }

    /// <summary>
    /// Decides whether it was held all through the recording: a rundown says so, and nobody was seen to acquire or release it. For recordings in which no
    /// event can be missing.
    /// </summary>
    public void CloseHeldThroughout() => _account?.CloseHeldThroughout();

    private bool IsPlain(in AcquiredEvent acquired) =>
        acquired is { Depth: 1, Contended: false } && (BornInTrace ? acquired.Sequence == 1 : acquired.Sequence != 0);

    private bool EndsSoleUse(in ReleasedEvent released) =>
        released.Depth == 1 && released.Sequence == _use.Sequence && released.AcquiredAt == _use.AcquiredAt;

    private DurationTally HoldsOfSoleUse()
    {
        DurationTally holds = default;
        if (_use.Any && !_use.IsOpen)
        {
            holds.Add(_use.ReleasedAt - _use.AcquiredAt);
        }

        return holds;
    }

    /// <summary>What the driver's own counters say at the end of a mutex of which the recording has all.</summary>
    private MutexCounters CountersOfSoleUse()
    {
        ulong hold = _use.ReleasedAt - _use.AcquiredAt;
        return new MutexCounters((ulong)Uses, 0, 0, 0, 0, (ulong)Uses, hold, hold);
    }

    private MutexAccount OpenAccount()
    {
        var account = new MutexAccount(this, _load, LastCounters);
        if (BornInTrace)
        {
            account.ExpectFromFirst();
        }

        if (_use.Any)
        {
            account.BeginWith(_use);
        }

        return _account = account;
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
}
