namespace Tracing.Analyzer.Tests.Naive;

/// <summary>What a lock event is.</summary>
internal enum LockEventKind
{
    Allocated,
    Blocked,
    Acquired,
    Failed,
    Released,
    Freed,
}

/// <summary>One event as the driver would write it; fields that its kind has not are 0.</summary>
internal sealed record LockEvent(LockEventKind Kind, long Time, int Thread, ulong Mutex)
{
    public ulong Sequence { get; init; }

    public int Depth { get; init; }

    public ulong RequestedAt { get; init; }

    /// <summary>AcquiredAt of an acquire, FailedAt of one that gave up, ReleasedAt of a release.</summary>
    public ulong At { get; init; }

    /// <summary>AcquiredAt in a release.</summary>
    public ulong HeldSince { get; init; }

    /// <summary>Whether the acquire had to wait, or others waited at the release.</summary>
    public bool Contended { get; init; }

    /// <summary>Who held the mutex when a thread began to wait, as the driver sees it without a lock: 0 while the owner has not yet noted that it is.</summary>
    public int Owner { get; init; }

    /// <summary>The latest number given to an acquire of the mutex then.</summary>
    public ulong OwnerSequence { get; init; }

    /// <summary>Where the acquire stands that it belongs to.</summary>
    public uint Site { get; init; }

    public Analysis.MutexCounters Counters { get; init; }
}

/// <summary>Threads that waited for each other in a circle.</summary>
/// <param name="Mutexes">What for, ascending.</param>
/// <param name="FormedAt">When the last of them began to.</param>
/// <param name="EndedAt">When the first of them gave up; null for never.</param>
internal sealed record TrueDeadlock(string Mutexes, long FormedAt, long? EndedAt);

/// <summary>
/// Threads that take and give back recursive mutexes at random, by the rules of a KMUTEX: it passes to its first waiter at the release. Events are
/// written as the driver writes them: an acquire at once, a release some time after the mutex has passed on.
/// An owner may look at the clock some time after it has become the owner.
/// </summary>
internal sealed class Schedule
{
    private const int LongestDelay = 300;
    private const int LongestBlink = 60;

    // With more threads than these, whoever holds gives back now and then though it is not its turn: else the crowd would wait for ever.
    private const int Crowd = 64;
    private const int StepsPerCrowdedHold = 16;
    private const int Sites = 5;

    private readonly Random _random;
    private readonly Worker[] _workers;
    private readonly Lock[] _locks;
    private readonly List<LockEvent> _events = [];
    private readonly List<TrueDeadlock> _deadlocks = [];
    private long _now;

    private Schedule(int seed, int threads, int mutexes, long start)
    {
        _random = new Random(seed);
        _workers = [.. Enumerable.Range(1, threads).Select(id => new Worker(id))];

        // The first half lives before the recording, the other half is born in it.
        _locks = [.. Enumerable.Range(1, mutexes).Select(id => new Lock((ulong)id, id > (mutexes + 1) / 2))];
        _now = start - 200;
        foreach (Lock born in _locks.Where(candidate => candidate.BornInTrace))
        {
            _events.Add(new LockEvent(LockEventKind.Allocated, start + 1, 1, born.Id) { At = (ulong)start + 1 });
        }

        Start = start;
    }

    private long Start { get; }

    /// <summary>All events from the start of the recording on, by header time.</summary>
    public IEnumerable<LockEvent> Events => AllEvents.Where(one => one.Time >= Start);

    /// <summary>The same, and what went on before.</summary>
    public IEnumerable<LockEvent> AllEvents => _events.OrderBy(one => one.Time);

    /// <summary>The deadlocks that formed since then.</summary>
    public IEnumerable<TrueDeadlock> Deadlocks => _deadlocks;

    /// <summary>Lets the threads run.</summary>
    public static Schedule Make(int seed, int threads, int mutexes, int steps, long start)
    {
        var schedule = new Schedule(seed, threads, mutexes, start);
        for (int i = 0; i < steps; i++)
        {
            schedule.Step();
        }

        schedule.NoteDeadlocksAtEnd();
        schedule.FreeWhatIsFree();
        return schedule;
    }

    private void Step()
    {
        bool isCrowded = _workers.Length > Crowd;
        _now += _random.Next(1, isCrowded ? 5 : 40);
        Lock any = _locks[_random.Next(_locks.Length)];
        if (isCrowded && _random.Next(StepsPerCrowdedHold) == 0 && any.Owner is { WaitsFor: null } owner && owner.BusyUntil < _now)
        {
            Release(owner, any);
            return;
        }

        Worker worker = _workers[_random.Next(_workers.Length)];
        if (worker.BusyUntil >= _now)
        {
            return;
        }

        if (worker.WaitsFor is Lock awaited)
        {
            if (_random.Next(20) == 0)
            {
                GiveUp(worker, awaited);
            }

            return;
        }

        if (_random.Next(10) < 5 && worker.Held.Count < 4)
        {
            Lock wanted = _locks[_random.Next(_locks.Length)];
            if (!wanted.BornInTrace || _now > Start + 1)
            {
                Acquire(worker, wanted);
            }
        }
        else if (worker.Held.Count > 0)
        {
            Release(worker, worker.Held[_random.Next(worker.Held.Count)]);
        }
    }

    private void Acquire(Worker worker, Lock wanted)
    {
        uint site = (uint)_random.Next(Sites);
        if (wanted.Owner is not null && wanted.Owner != worker)
        {
            worker.WaitsFor = wanted;
            worker.RequestedAt = (ulong)_now;
            worker.Site = site;
            wanted.Waiters.AddLast(worker);
            bool isNoted = (long)wanted.HeldSince <= _now;
            Write(worker, new LockEvent(LockEventKind.Blocked, _now, worker.Id, wanted.Id)
            {
                RequestedAt = (ulong)_now,
                Site = site,
                Owner = isNoted ? wanted.Owner.Id : 0,
                OwnerSequence = isNoted ? wanted.Sequence : wanted.Sequence - 1,
            });
            return;
        }

        // It may lose the processor between getting the mutex and looking at the clock: others ask in vain meanwhile.
        ulong acquiredAt = (ulong)_now + (wanted.Owner is null && _random.Next(4) == 0 ? (ulong)_random.Next(LongestBlink) : 0);
        Own(worker, wanted, acquiredAt, acquiredAt, site, contended: false);
    }

    private void GiveUp(Worker worker, Lock awaited)
    {
        NoteDeadlock(CircleOf(worker), _now);
        worker.WaitsFor = null;
        awaited.Waiters.Remove(worker);
        Write(worker, new LockEvent(LockEventKind.Failed, _now + _random.Next(3), worker.Id, awaited.Id)
        {
            RequestedAt = worker.RequestedAt,
            At = (ulong)_now,
            Site = worker.Site,
        });
    }

    private void Own(Worker worker, Lock taken, ulong requestedAt, ulong acquiredAt, uint site, bool contended)
    {
        taken.Owner = worker;
        taken.Open.Push((++taken.Sequence, site));
        taken.HeldSince = taken.Open.Count == 1 ? acquiredAt : taken.HeldSince;
        worker.Held.Add(taken);
        taken.Count(contended, acquiredAt - requestedAt);
        Write(worker, new LockEvent(LockEventKind.Acquired, (long)acquiredAt + _random.Next(3), worker.Id, taken.Id)
        {
            Sequence = taken.Sequence,
            Depth = taken.Open.Count,
            RequestedAt = requestedAt,
            At = acquiredAt,
            Contended = contended,
            Site = site,
        });
    }

    private void Release(Worker worker, Lock held)
    {
        worker.Held.Remove(held);
        int depth = held.Open.Count;
        (ulong sequence, uint site) = held.Open.Pop();
        var released = new LockEvent(LockEventKind.Released, _now + _random.Next(LongestDelay), worker.Id, held.Id)
        {
            Sequence = sequence,
            Depth = depth,
            HeldSince = held.HeldSince,
            At = (ulong)_now,
            Contended = held.Waiters.Count > 0,
            Site = site,
        };
        Write(worker, released);
        if (depth > 1)
        {
            return;
        }

        held.CountHold((ulong)_now - held.HeldSince);
        held.Owner = null;
        if (held.Waiters.First?.Value is Worker next)
        {
            held.Waiters.RemoveFirst();
            next.WaitsFor = null;
            Own(next, held, next.RequestedAt, (ulong)(_now + _random.Next(1, 20)), next.Site, contended: true);
        }
    }

    private void NoteDeadlocksAtEnd()
    {
        var noted = new HashSet<Worker>();
        foreach (Worker worker in _workers.Where(worker => worker.WaitsFor is not null && !noted.Contains(worker)))
        {
            List<Worker> circle = CircleOf(worker);
            noted.UnionWith(circle);
            NoteDeadlock(circle, null);
        }
    }

    private void NoteDeadlock(List<Worker> circle, long? endedAt)
    {
        // Nobody can know of one of which a thread had begun to wait before the recording.
        if (circle.Count > 0 && circle.All(one => (long)one.RequestedAt >= Start))
        {
            _deadlocks.Add(new TrueDeadlock(
                string.Join(' ', circle.Select(one => one.WaitsFor!.Id).Order()), circle.Max(one => (long)one.RequestedAt), endedAt));
        }
    }

    /// <summary>The threads that each wait for the next one, and the last for the first; none if a thread is in no such circle.</summary>
    private List<Worker> CircleOf(Worker first)
    {
        List<Worker> circle = [];
        for (Worker? one = first; one?.WaitsFor is Lock awaited && circle.Count <= _workers.Length; one = awaited.Owner)
        {
            circle.Add(one);
            if (awaited.Owner == first)
            {
                return circle;
            }
        }

        return [];
    }

    private void FreeWhatIsFree()
    {
        _now += LongestDelay + 1;
        foreach (Lock idle in _locks.Where(candidate => candidate.Owner is null))
        {
            _events.Add(new LockEvent(LockEventKind.Freed, _now, 1, idle.Id) { At = (ulong)_now, Counters = idle.Counters });
        }
    }

    /// <summary>A thread does nothing else until its event is written, so the events of a thread are in order.</summary>
    private void Write(Worker worker, LockEvent written)
    {
        worker.BusyUntil = written.Time;
        _events.Add(written);
    }

    private sealed class Worker(int id)
    {
        public int Id { get; } = id;

        public Lock? WaitsFor { get; set; }

        public ulong RequestedAt { get; set; }

        public uint Site { get; set; }

        public long BusyUntil { get; set; }

        public List<Lock> Held { get; } = [];
    }

    private sealed class Lock(ulong id, bool bornInTrace)
    {
        public ulong Id { get; } = id;

        public bool BornInTrace { get; } = bornInTrace;

        public Worker? Owner { get; set; }

        public ulong Sequence { get; set; }

        /// <summary>Number and site of each acquire that is not released.</summary>
        public Stack<(ulong Sequence, uint Site)> Open { get; } = new();

        public ulong HeldSince { get; set; }

        public LinkedList<Worker> Waiters { get; } = new();

        public Analysis.MutexCounters Counters { get; private set; }

        public void Count(bool contended, ulong wait) => Counters = Counters with
        {
            Acquires = Counters.Acquires + 1,
            Contended = Counters.Contended + (contended ? 1UL : 0),
            WaitTotal = Counters.WaitTotal + wait,
            WaitMax = Math.Max(Counters.WaitMax, wait),
        };

        public void CountHold(ulong hold) => Counters = Counters with
        {
            TimedHolds = Counters.TimedHolds + 1,
            HoldTotal = Counters.HoldTotal + hold,
            HoldMax = Math.Max(Counters.HoldMax, hold),
        };
    }
}
