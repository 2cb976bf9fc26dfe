using System.Runtime.CompilerServices;
using Tracing.Analysis.Durations;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;
using Tracing.Analysis.Ordering;
using Tracing.Analysis.Results;
using Tracing.Analysis.Scheduling;
using Tracing.Analysis.Trust;
using Tracing.Reports.Model;

namespace Tracing.Analysis;

/// <summary>
/// One pass over the driver's events: told of each in the order of header times, it keeps what a report needs and forgets the event.
/// </summary>
/// <remarks>
/// State grows with mutexes, threads, sites and kinds of rejection, never with the number of events. It believes nothing: an event that
/// contradicts itself or its neighbours is counted as an oddity and changes no total. Not safe for use from several threads.
/// </remarks>
public sealed class TraceAnalysis
{
    private readonly List<DriverLoad> _loads;
    private DriverLoad _load = new();
    private Scheduler? _scheduler;

    /// <summary>An analysis about to begin.</summary>
    /// <param name="time">The edges of the recording.</param>
    /// <param name="clockFrequency">Ticks per second of the driver's clock, by the file header.</param>
    public TraceAnalysis(TraceTime time, long clockFrequency)
    {
        Time = time;
        ClockFrequency = clockFrequency;
        _loads = [_load];
    }

    /// <summary>Who is told of acquires and holds beside the report; null for nobody.</summary>
    public ILockObserver? Observer { get; init; }

    /// <summary>What did not fit, counted.</summary>
    public OddityCounter Oddities { get; } = new();

    /// <summary>The edges of the recording, as far as it was read.</summary>
    public TraceTime Time { get; }

    /// <summary>Ticks per second of the driver's clock: the header's word until the driver gives its own.</summary>
    public long ClockFrequency { get; private set; }

    /// <summary>The lives of the driver in the recording; at least one.</summary>
    public IReadOnlyList<DriverLoad> Loads => _loads;

    /// <summary>Events of the driver.</summary>
    public long DriverEvents { get; private set; }

    /// <summary>Acquires by the first try that were taken into account.</summary>
    public long UncontendedAcquires { get; private set; }

    /// <summary>Acquires after a wait that were taken into account.</summary>
    public long ContendedAcquires { get; private set; }

    /// <summary>
    /// True once an event was seen that only the keyword Lock brings: every acquire and release was asked for. An analysis of a part of a recording is told so, since
    /// the part need not have one.
    /// </summary>
    public bool LockEventsRecorded { get; internal set; }

    /// <summary>
    /// True when acquires are known to have happened without events of their own: the keyword Lock was off. A recording in which no lock was
    /// taken at all lacks nothing.
    /// </summary>
    public bool IsLight => !LockEventsRecorded && (ContendedAcquires > 0 || _loads.SelectMany(load => load.Mutexes).Any(mutex => mutex.CountedAcquires > 0));

    /// <summary>True once an allocation or a free was seen: lifetimes were asked for.</summary>
    public bool LifetimesRecorded { get; private set; }

    /// <summary>Takes note of a record, of any provider, before its own method is called.</summary>
    public void Pass(long time) => Time.Pass(time);

    /// <summary>Takes note of an event of the driver, before its own method is called.</summary>
    /// <param name="origin">Its origin.</param>
    /// <param name="payloadTime">The latest time in its payload; 0 for none.</param>
    public void PassDriverEvent(in EventOrigin origin, ulong payloadTime)
    {
        DriverEvents++;
        Time.PassDriverEvent(origin.Time, payloadTime);
    }

    /// <summary>Takes over what is known of the recording as a whole, for an analysis that begins within it.</summary>
    internal void ContinueFrom(TraceAnalysis earlier)
    {
        LifetimesRecorded = earlier.LifetimesRecorded;
        _scheduler = earlier._scheduler;
    }

    /// <summary>ProviderStarted: the driver was loaded, or a session has begun to listen.</summary>
    public void ProviderStarted(ulong qpcFrequency, Guid buildId, in EventOrigin origin)
    {
        if (_load.Stopped is not null)
        {
            _load = new DriverLoad();
            _loads.Add(_load);
        }

        _load.BuildId = buildId;

        // Any clock Windows has used lies between 1 kHz and 100 GHz; outside of that it is damage, not a frequency.
        if (qpcFrequency is >= 1_000 and <= 100_000_000_000 && (long)qpcFrequency != ClockFrequency)
        {
            Oddities.Add(EventOddity.FrequencyMismatch, origin.Offset);
            ClockFrequency = (long)qpcFrequency;
        }
    }

    /// <summary>ProviderStopped: what is live now has leaked for certain.</summary>
    public void ProviderStopped(uint liveMutexes, ulong liveBytes) => _load.Stopped = new DriverLoad.Unload(Time.End, liveMutexes, liveBytes);

    /// <summary>MutexAllocated.</summary>
    public void Allocated(in MutexDescription mutex, in EventOrigin origin)
    {
        LifetimesRecorded = true;
        MutexLedger ledger = _load.Mutex(mutex.MutexId);
        bool wasLive = ledger.Live;
        ledger.Allocated(mutex, Oddities, origin.Offset);
        if (!wasLive && ledger.Live)
        {
            _load.LiveCurves.Allocated(ledger.SiteId, Time);
        }
    }

    /// <summary>MutexFreed.</summary>
    public void Freed(in FreedEvent freed, in EventOrigin origin)
    {
        LifetimesRecorded = true;
        MutexLedger ledger = _load.Mutex(freed.MutexId);
        if (ledger.Live)
        {
            _load.LiveCurves.Freed(ledger.SiteId, Time);
        }

        ledger.Free(freed, Oddities, origin.Offset);
    }

    /// <summary>AllocationFailed.</summary>
    /// <param name="kind">Raw value of the manifest's MutexKind.</param>
    /// <param name="siteId">Where.</param>
    /// <param name="bytes">What was asked of the pool.</param>
    public void AllocationFailed(byte kind, uint siteId, uint bytes) => _load.AllocationFailures.Add(kind, siteId, bytes, Time.End);

    /// <summary>SiteDefined. The strings are made only for a site not known yet.</summary>
    public void SiteDefined(uint siteId, uint line, ReadOnlySpan<char> file, ReadOnlySpan<char> member)
    {
        if (!_load.Sites.IsDefined(siteId))
        {
            _load.Sites.Define(siteId, new SourceSite(file.ToString(), line > int.MaxValue ? 0 : (int)line, member.ToString()));
        }
    }

    /// <summary>AcquireBlocked.</summary>
    public void Blocked(in BlockedEvent blocked, in EventOrigin origin)
    {
        MutexLedger mutex = _load.Mutex(blocked.MutexId);
        if (Time.Judge(blocked.RequestedAt, blocked.RequestedAt).Verdict != IntervalVerdict.Impossible)
        {
            ThreadLocks locks = _load.Locking.Of(origin.ThreadId);
            mutex.Request(locks, blocked.RequestedAt);
            _load.Locking.Blocked(blocked, mutex, locks, origin.Time);
        }
        else
        {
            // Its acquire carries the same time and is judged by itself.
            Oddities.Add(EventOddity.ImpossibleTime, origin.Offset);
        }
    }

    /// <summary>MutexAcquired and MutexAcquiredContended.</summary>
    public void Acquired(in AcquiredEvent acquired, in EventOrigin origin)
    {
        LockEventsRecorded |= !acquired.Contended;
        MutexLedger mutex = _load.Mutex(acquired.MutexId);
        ThreadLocks locks = _load.Locking.Of(origin.ThreadId);
        ThreadLedger thread = _load.Threads.Of(locks, origin.ProcessId);
        SiteLedger site = _load.Sites.Get(acquired.SiteId);
        if (acquired.Contended)
        {
            thread.Waits.Prefetch();
        }

        if (!mutex.Acquire(acquired, new LockUser(thread.Index, site.Index, origin.Offset), Time, Oddities, out Interval wait))
        {
            return;
        }

        if (acquired.Depth == 1 && wait.Verdict != IntervalVerdict.Impossible)
        {
            _scheduler?.Acquired(origin.ThreadId, acquired.MutexId, acquired.Sequence, (long)acquired.AcquiredAt);
        }

        thread.Acquire(acquired, wait);
        site.Acquire(acquired, wait);
        _load.Locking.Acquired(acquired, mutex, locks, origin.Time);
        if (Observer is not null)
        {
            Tell(Observer, mutex, acquired, origin, wait);
        }

        if (acquired.Contended)
        {
            ContendedAcquires++;
        }
        else
        {
            UncontendedAcquires++;
        }
    }

    /// <summary>AcquireFailed.</summary>
    public void AcquireFailed(in FailedEvent failed, in EventOrigin origin)
    {
        MutexLedger mutex = _load.Mutex(failed.MutexId);
        ThreadLocks locks = _load.Locking.Of(origin.ThreadId);
        ThreadLedger thread = _load.Threads.Of(locks, origin.ProcessId);
        SiteLedger site = _load.Sites.Get(failed.SiteId);
        mutex.Fail(failed, new LockUser(thread.Index, site.Index, origin.Offset), Time, Oddities);
        thread.Failed++;
        site.Failed++;
        _load.Locking.Failed(failed, mutex, locks, origin.Time);
        Observer?.GaveUp(_load, mutex, failed, origin);
    }

    /// <summary>MutexReleased and MutexReleasedContended.</summary>
    /// <param name="released">The event.</param>
    /// <param name="contended">Whether it is the latter, which a light trace has too.</param>
    /// <param name="origin">Its origin.</param>
    public void Released(in ReleasedEvent released, bool contended, in EventOrigin origin)
    {
        LockEventsRecorded |= !contended;
        MutexLedger mutex = _load.Mutex(released.MutexId);
        ThreadLocks locks = _load.Locking.Of(origin.ThreadId);
        ThreadLedger thread = _load.Threads.Of(locks, origin.ProcessId);
        SiteLedger site = _load.Sites.Get(released.SiteId);
        var by = new LockUser(thread.Index, site.Index, origin.Offset);
        if (mutex.Release(released, by, Time, Oddities, out Interval hold))
        {
            thread.Holds.Add(hold);
            site.Holds.Add(hold);
            Divide(hold, released, origin.ThreadId, site);
            if (Observer is not null)
            {
                Tell(Observer, mutex, released, origin, hold);
            }
        }

        _load.Locking.Released(released, mutex, locks, origin.Time, Time.Start);
    }

    /// <summary>IrqlRejected.</summary>
    public void IrqlRejected(in RejectedEvent rejected, in EventOrigin origin)
    {
        ThreadLocks locks = _load.Locking.Of(origin.ThreadId);
        _load.Threads.Of(locks, origin.ProcessId).Rejections++;
        _load.Sites.Get(rejected.SiteId).Rejections++;
        RejectionTable.Tally tally = _load.Rejections.Add(rejected);
        MutexLedger? mutex = rejected.MutexId == 0 ? null : _load.Mutex(rejected.MutexId);
        if (mutex is not null)
        {
            mutex.Reject();
            LockingThreads.Refused(rejected.MutexId, tally, locks);
        }

        Observer?.Rejected(_load, mutex, rejected, origin);
    }

    /// <summary>The kernel's event that a thread has ended.</summary>
    /// <param name="threadId">The thread.</param>
    /// <param name="time">Header time of the event.</param>
    public void ThreadEnded(int threadId, long time) => _load.Locking.Ended(threadId, Time.IsSameClock ? (ulong)Math.Max(0, time) : Time.End, time);

    /// <summary>What the kernel says of threads and processors. A recording whose records have another clock than the driver's times gains nothing by it.</summary>
    internal void Scheduled(in SchedulingEvent scheduling)
    {
        if (Time.IsSameClock)
        {
            _scheduler ??= new Scheduler();
            _scheduler.Take(scheduling);
        }
    }

    /// <summary>MisuseDetected.</summary>
    public void MisuseDetected(in MisuseEvent misuse, in EventOrigin origin)
    {
        _load.Misuses.Add(misuse, origin.ThreadId);
        _load.Sites.Get(misuse.SiteId).Misuses++;
        _load.Threads.Of(_load.Locking.Of(origin.ThreadId), origin.ProcessId).Misuses++;
        Observer?.Misused(_load, _load.Find(misuse.MutexId), misuse, origin);
    }

    /// <summary>RundownStarted.</summary>
    public void RundownStarted(uint rundownId) => _load.Rundowns.Start(rundownId);

    /// <summary>MutexState.</summary>
    public void State(in StateEvent state)
    {
        _load.Rundowns.State(state.RundownId);
        MutexLedger ledger = _load.Mutex(state.Mutex.MutexId);
        bool wasLive = ledger.Live;
        ledger.RunDown(state);
        if (!wasLive && ledger.Live)
        {
            _load.LiveCurves.FoundAlive(ledger.SiteId, Time);
        }
    }

    /// <summary>RundownEnded.</summary>
    public void RundownEnded(uint rundownId, uint written) => _load.Rundowns.End(rundownId, written);

    /// <summary>Ends the analysis and makes the report. To be called once.</summary>
    /// <param name="recording">What the file says of itself.</param>
    public LockReport Finish(RecordingFacts recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        bool isLight = IsLight;
        foreach (DriverLoad load in _loads)
        {
            ulong end = load.Stopped?.At ?? Time.End;
            if (recording.IsComplete)
            {
                ObserveOpenWaits(load, end);
            }

            load.Locking.CloseWaits(Time.Start, end, recording.IsComplete);
            load.Locking.Close(end, recording.IsComplete && LockEventsRecorded);
            load.LiveCurves.Close(end);
            foreach (MutexLedger mutex in load.Mutexes)
            {
                if (recording.IsComplete && !isLight)
                {
                    mutex.CloseHeldThroughout();
                }

                mutex.Close(Time, end, recording.IsComplete, LockEventsRecorded);
                if (mutex.HeldAtEnd is OpenHold hold)
                {
                    ulong since = Math.Max(hold.AcquiredAt, Time.Start);
                    load.Locking.Of(hold.ThreadId).Ledger?.Holds.AddCutByEnd(end > since ? end - since : 0);
                    Observer?.StillHeld(load, mutex, hold.ThreadId, hold.SiteId, since, Math.Max(since, end));
                }

                if (LockEventsRecorded && mutex.ReleasesWithoutAcquire > 0)
                {
                    Oddities.Add(EventOddity.ReleaseWithoutAcquire, -1, mutex.ReleasesWithoutAcquire);
                }
            }
        }

        return new ReportBuilder(this, recording).Build();
    }

    // What is told is large and seldom wanted: made apart, it costs those nothing who do not want it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Tell(ILockObserver observer, MutexLedger mutex, in AcquiredEvent acquired, in EventOrigin origin, in Interval wait) =>
        observer.Acquired(new ObservedAcquire(_load, mutex, acquired, origin, wait.Verdict, wait.Ticks));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Tell(ILockObserver observer, MutexLedger mutex, in ReleasedEvent released, in EventOrigin origin, in Interval hold) =>
        observer.Held(new ObservedHold(_load, mutex, released, origin, hold.Verdict, hold.Ticks));

    private void Divide(in Interval hold, in ReleasedEvent released, int threadId, SiteLedger site)
    {
        if (_scheduler is { IsInformed: true } scheduler && hold.Verdict == IntervalVerdict.Complete)
        {
            long releasedAt = (long)released.ReleasedAt;
            site.Division.Add(hold.Ticks, scheduler.Released(threadId, released.MutexId, released.Sequence, releasedAt - (long)hold.Ticks, releasedAt));
        }
    }

    private void ObserveOpenWaits(DriverLoad load, ulong end)
    {
        if (Observer is not null)
        {
            foreach (ThreadLocks thread in load.Locking.Waiting)
            {
                ulong since = Math.Max(thread.Wait.RequestedAt, Time.Start);
                Observer.StillWaiting(load, thread.Wait.Mutex!, thread.ThreadId, thread.Wait.SiteId, since, Math.Max(since, end));
            }
        }
    }
}
