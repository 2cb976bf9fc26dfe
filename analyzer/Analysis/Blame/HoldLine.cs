using System.Runtime.CompilerServices;
using Tracing.Analysis.Mutexes;

namespace Tracing.Analysis.Blame;

/// <summary>
/// Puts the acquisitions of one mutex back into their true order. Events come by header time, and the driver writes a release after the mutex has
/// passed on; so the latest acquisitions are kept for a while, by number, until their releases have come and the waits that span them have ended.
/// </summary>
/// <remarks>A mutable struct, to be used as a field and never copied while in use.</remarks>
internal struct HoldLine
{
    // A thread is seldom kept from writing its release for so many acquisitions of others. With the one that is being taken they fill a ring of 64.
    private const int KeptAlways = 63;

    // For one that is, by others that have the processor for a few milliseconds, more is kept: without its hold the waits that span it could not be divided.
    private const int KeptWhileOpen = 1 << 10;
    private const int KeptAtMost = 1 << 16;

    // A thread writes its release before it does anything else, so that no more are awaited than there are threads, but for those that were lost.
    private const int MostAwaited = 1 << 12;

    // How many acquisitions ahead a long queue is announced: long enough for memory to answer, and in two steps, since the first brings what the second goes by.
    private const int Soon = 16;
    private const int Sooner = 8;

    private readonly BlameLedger _shared;
    private readonly ulong _mutex;
    private HoldWindow _window;
    private WaitDivision? _division;
    private int _kept;
    private int _spare;

    // Numbers of the latest acquires that were let go of without their releases, ascending; null until there is one.
    private List<ulong>? _awaited;

    public HoldLine(BlameLedger shared, ulong mutex)
    {
        _shared = shared;
        _mutex = mutex;
        _kept = KeptAlways;
    }

    /// <summary>Who waits for the mutex, once anybody has.</summary>
    public OpenRequests? Requests { get; set; }

    /// <summary>How its waits were divided; null when there were none.</summary>
    public readonly WaitDivision? Division => _division;

    /// <summary>How often successive acquisitions were of different threads.</summary>
    public long OwnerSwitches { get; private set; }

    /// <summary>Acquires whose releases have not come in time.</summary>
    public long LostReleases { get; private set; }

    /// <summary>Releases whose acquires have not come in time.</summary>
    public long LostAcquires { get; private set; }

    /// <summary>Pairs of successive holds that were compared.</summary>
    public long HoldsCompared { get; private set; }

    /// <summary>Those of them that overlap.</summary>
    public long HoldsOverlapping { get; private set; }

    /// <summary>The last acquisition, while it has no release; with number 0 otherwise.</summary>
    public readonly OpenHold Owner => _window.Count > 0 && _window.Last.IsOpen ? Open(_window.Last) : default;

    /// <summary>The number of the last acquisition, while it has no release; 0 otherwise.</summary>
    public readonly ulong OwnerSequence => _window.Count > 0 && _window.Last.IsOpen ? _window.Last.Sequence : 0;

    /// <summary>When the last acquisition was released, in ticks; 0 while it has no release, or for unknown.</summary>
    public readonly ulong LastReleasedAt => _window.Count > 0 ? _window.Last.ReleasedAt : 0;

    /// <summary>The latest outermost acquisition that has no release yet; with number 0 when there is none.</summary>
    public readonly OpenHold NewestOpen
    {
        get
        {
            for (int i = _window.Count - 1; i >= 0; i--)
            {
                if (_window[i].IsOpen)
                {
                    return Open(_window[i]);
                }
            }

            return default;
        }
    }

    /// <summary>The outermost acquisition that ends where a number follows, if it has no release yet; with number 0 otherwise.</summary>
    public readonly OpenHold OpenRightBefore(ulong sequence)
    {
        int at = _window.FindAtOrBefore(sequence - 1);
        return at >= 0 && _window[at].IsOpen && _window[at].Sequence + _window[at].Numbers == sequence ? Open(_window[at]) : default;
    }

    /// <summary>Takes an outermost acquire.</summary>
    /// <param name="sequence">Its number, not seen in an acquire before.</param>
    /// <param name="acquiredAt">When, in ticks.</param>
    /// <param name="isPossible">Whether that time may be true.</param>
    /// <param name="thread">Index of the thread.</param>
    /// <param name="site">Index of the call site.</param>
    /// <returns>Its index, or -1 when it comes too late.</returns>
    public int Acquire(ulong sequence, ulong acquiredAt, bool isPossible, int thread, int site)
    {
        int at = Prepare(sequence);
        if (at >= 0 && _window[at].Sequence == sequence)
        {
            _window[at].Seen |= HoldParts.Acquire;
            return at;
        }

        at = Insert(at, sequence, acquiredAt, isPossible, thread, site);
        if (at < 0)
        {
            LostReleases++;
            Await(sequence);
            return at;
        }

        _window[at].Seen |= HoldParts.Acquire;
        return at;
    }

    /// <summary>Takes a nested acquire: its number belongs to the hold around it.</summary>
    public readonly void Nest(ulong sequence)
    {
        int at = _window.FindAtOrBefore(sequence);
        if (at >= 0 && (_window[at].Seen & HoldParts.Acquire) != 0 && _window[at].Sequence + _window[at].Numbers == sequence)
        {
            _window[at].Numbers++;
        }
    }

    /// <summary>Takes the release of an outermost acquire.</summary>
    /// <param name="at">Where the acquisition is, by <see cref="Find"/>.</param>
    /// <param name="sequence">Number of the acquire.</param>
    /// <param name="acquiredAt">When the hold began, in ticks; 0 when nobody looked at the clock then.</param>
    /// <param name="releasedAt">When, in ticks.</param>
    /// <param name="isPossible">Whether that time may be true.</param>
    /// <param name="thread">Index of the thread.</param>
    /// <param name="site">Index of the call site of the acquire.</param>
    public void Release(int at, ulong sequence, ulong acquiredAt, ulong releasedAt, bool isPossible, int thread, int site)
    {
        if (at < 0)
        {
            at = Insert(Prepare(sequence), sequence, acquiredAt, isPossible, thread, site);
            if (at < 0)
            {
                TakeLateRelease(sequence);
                return;
            }
        }

        ref HoldEntry entry = ref _window[at];
        entry.Seen |= HoldParts.Release;
        if (isPossible)
        {
            entry.ReleasedAt = releasedAt;
            CompareWithNeighbours(at);
        }
    }

    /// <summary>Where an acquisition is; -1 when it is not kept.</summary>
    public readonly int Find(ulong sequence)
    {
        int at = _window.FindAtOrBefore(sequence);
        return at >= 0 && _window[at].Sequence == sequence ? at : -1;
    }

    /// <summary>Whether an acquisition that is not kept any more still lacks its release, or may.</summary>
    public readonly bool Awaits(ulong sequence) => _shared.ForgotReleases || _awaited?.BinarySearch(sequence) >= 0;

    /// <summary>What is known of an acquisition.</summary>
    /// <param name="at">Where it is, by <see cref="Find"/>; not -1.</param>
    public readonly ref readonly HoldEntry this[int at] => ref _window[at];

    /// <summary>Takes the measured wait that ended with an acquisition.</summary>
    /// <param name="at">Index of the acquisition; -1 when it is not kept.</param>
    /// <param name="requestedAt">When it began, in ticks.</param>
    /// <param name="acquiredAt">When it ended.</param>
    /// <param name="thread">Index of the thread.</param>
    /// <param name="site">Index of the call site.</param>
    public void Divide(int at, ulong requestedAt, ulong acquiredAt, int thread, int site)
    {
        WaitDivision division = MakeDivision();
        if (at <= 0 || (_window[at].Seen & HoldParts.Disordered) != 0 || _window[at].AcquiredAt != acquiredAt)
        {
            // What went before this acquisition is out of sight.
            division.AddUnknown(site, acquiredAt - requestedAt);
            return;
        }

        int number = _shared.Waits.Take();
        ref PendingWait wait = ref _shared.Waits[number];
        wait.RequestedAt = requestedAt;
        wait.EndedAt = acquiredAt;
        wait.EndSequence = _window[at].Sequence;
        wait.Thread = thread;
        wait.Site = site;
        wait.IsDivided = true;
        wait.Holder = default;
        wait.History = _shared.Slowest.HistoryOf(thread);
        wait.PlaceInHistory = wait.History.Add(_mutex, wait.EndSequence, requestedAt, acquiredAt, site);
        Begin(number, at);
        _window[at].EndingWait = number;
    }

    /// <summary>Takes a wait that counts for the queue only: one that was given up, or that an edge of the recording cuts.</summary>
    /// <param name="from">When it began, or the recording did.</param>
    /// <param name="to">When it ended, or the recording did.</param>
    public void Queue(ulong from, ulong to)
    {
        _ = MakeDivision();
        _ = Prepare(0);
        int number = _shared.Waits.Take();
        ref PendingWait wait = ref _shared.Waits[number];
        wait.RequestedAt = from;
        wait.EndedAt = to;
        wait.IsDivided = false;
        Begin(number, _window.Count);
    }

    /// <summary>Lets go of what need not be kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Trim()
    {
        if (_window.Count > KeptAlways)
        {
            TrimBeyond();
        }
    }

    /// <summary>Ends the line.</summary>
    /// <param name="end">The last tick of the recording, or of the driver.</param>
    public void Close(ulong end)
    {
        while (_window.Count > 1)
        {
            PassFirst();
        }

        if (_window.Count == 1)
        {
            Pass(_window[0], default, Math.Max(end, _window[0].From));
            _window.RemoveFirst();
        }

        _window.Release();
    }

    private readonly OpenHold Open(in HoldEntry entry) =>
        new(entry.Sequence, entry.AcquiredAt, _shared.Threads.All[entry.Thread].Id, _shared.Sites.All[entry.Site].Id);

    private WaitDivision MakeDivision()
    {
        if (_division is null)
        {
            _division = new WaitDivision(_shared, _mutex);
            _shared.WaitedFor.Add(_mutex);
        }

        return _division;
    }

    /// <summary>Opens the window with what stands for all that was before, and finds the place of a number.</summary>
    private int Prepare(ulong sequence)
    {
        if (_window.Count == 0)
        {
            _ = _window.Insert(0, new HoldEntry { Numbers = 1, EndingWait = HoldEntry.None, BeginningWaits = HoldEntry.None });
        }

        return _window.FindAtOrBefore(sequence);
    }

    private int Insert(int before, ulong sequence, ulong acquiredAt, bool isPossible, int thread, int site)
    {
        if (before < 0)
        {
            return -1;
        }

        int at = before + 1;
        ulong previous = _window[before].From;
        bool isOrdered = isPossible && acquiredAt >= previous && (at == _window.Count || acquiredAt <= _window[at].From);
        var entry = new HoldEntry
        {
            Sequence = sequence,
            AcquiredAt = acquiredAt,
            From = isOrdered ? acquiredAt : previous,
            Numbers = 1,
            Thread = thread,
            Site = site,
            EndingWait = HoldEntry.None,
            BeginningWaits = HoldEntry.None,
            Seen = isOrdered ? HoldParts.None : HoldParts.Disordered,
        };
        if (!_window.Insert(at, entry))
        {
            return -1;
        }

        if (at + 1 < _window.Count)
        {
            Part(in _window[before], in _window[at + 1]);
        }

        if (isPossible && !isOrdered && acquiredAt != 0)
        {
            HoldsCompared++;
            HoldsOverlapping++;
        }

        MoveWaits(before, at);
        return at;
    }

    /// <summary>Waits that began after an acquisition which comes late were put to the one before it.</summary>
    private readonly void MoveWaits(int from, int to)
    {
        ref HoldEntry source = ref _window[from];
        ref HoldEntry target = ref _window[to];
        int number = source.BeginningWaits;
        source.BeginningWaits = HoldEntry.None;
        while (number != HoldEntry.None)
        {
            ref PendingWait wait = ref _shared.Waits[number];
            int next = wait.Next;
            ref HoldEntry place = ref wait.RequestedAt >= target.From ? ref target : ref source;
            wait.Next = place.BeginningWaits;
            place.BeginningWaits = number;
            number = next;
        }
    }

    /// <summary>Puts a wait to the acquisition that it began after.</summary>
    private void Begin(int number, int before)
    {
        ref PendingWait wait = ref _shared.Waits[number];
        int at = _window.FindAcquiredBy(wait.RequestedAt, before);
        if (at < 0)
        {
            // It reaches back to before what is kept, so more is kept from now on, once as much as was meant to be is.
            at = 0;
            ulong since = _window[0].From;
            if (_window.Count >= _kept)
            {
                _kept = Math.Min(_kept * 2, KeptAtMost);
            }

            if (wait.IsDivided)
            {
                _division!.AddUnknown(wait.Site, since - wait.RequestedAt);
            }

            // One that had ended by then has no length left, and is in no queue.
            wait.RequestedAt = since;
        }

        wait.Next = _window[at].BeginningWaits;
        _window[at].BeginningWaits = number;
    }

    private void TrimBeyond()
    {
        while (_window.Count > KeptAlways)
        {
            bool isWanted = _window.Count <= _kept || (_window[0].IsOpen && _window.Count <= KeptWhileOpen) || Requests?.Oldest() < _window[1].From;
            bool isRoom = _window.Count < KeptAtMost && _shared.SpareHolds > 0;
            if (isWanted && isRoom)
            {
                break;
            }

            PassFirst();
        }

        int spare = _window.Count - KeptAlways;
        _shared.SpareHolds -= spare - _spare;
        _spare = spare;
    }

    private void PassFirst()
    {
        if (_window[0].IsOpen)
        {
            Await(_window[0].Sequence);
        }

        if (_window.Count > Soon)
        {
            _division?.Announce(in _window[Soon], in _window[Sooner]);
        }

        Pass(in _window[0], in _window[1], _window[1].From);
        _window.RemoveFirst();
    }

    private void Await(ulong sequence)
    {
        _awaited ??= [];
        if (_awaited.Count < MostAwaited && _shared.SpareNumbers > 0)
        {
            _shared.SpareNumbers--;
        }
        else
        {
            _shared.ForgotReleases = true;
            if (_awaited.Count == 0)
            {
                return;
            }

            _awaited.RemoveAt(0);
        }

        // Most come in order; an acquire that itself comes too late does not.
        int at = _awaited.Count == 0 || sequence > _awaited[^1] ? _awaited.Count : ~_awaited.BinarySearch(sequence);
        _awaited.Insert(at, sequence);
    }

    /// <summary>
    /// A thread may be kept from writing its release while others acquire many times. Its hold is known by its own two ends all the same; only the
    /// waits that span it were divided without it.
    /// </summary>
    private void TakeLateRelease(ulong sequence)
    {
        int at = _awaited?.BinarySearch(sequence) ?? -1;
        if (at >= 0)
        {
            _awaited!.RemoveAt(at);
            _shared.SpareNumbers++;
            LostReleases--;
        }
        else
        {
            LostAcquires++;
        }
    }

    /// <summary>Passes from one acquisition to the next, or to the end.</summary>
    private void Pass(in HoldEntry entry, in HoldEntry next, ulong end)
    {
        LostReleases += entry.IsOpen ? 1 : 0;
        LostAcquires += entry.Seen != HoldParts.None && (entry.Seen & HoldParts.Acquire) == 0 ? 1 : 0;
        OwnerSwitches += entry.Seen != HoldParts.None && next.Seen != HoldParts.None && entry.Thread != next.Thread ? 1 : 0;
        if (_division is null || (_division.IsIdle && entry.BeginningWaits == HoldEntry.None))
        {
            _division?.Convoys.Break();
            return;
        }

        ulong held = entry.IsKnown ? Math.Clamp(entry.ReleasedAt, entry.From, end) : entry.From;

        // Acquisitions are numbered from 1: what was before the first one was no hold, and who asked in vain then met an owner that had not looked at the clock yet.
        bool isUnbroken = (entry.IsKnown || entry.Seen == HoldParts.None) && next.Seen != HoldParts.None && (next.Seen & HoldParts.Disordered) == 0
            && entry.Sequence + entry.Numbers == next.Sequence;
        _division.Pass(new HoldSpan(
            entry.From, held, end, entry.Thread, entry.Site, isUnbroken, entry.BeginningWaits,
            next.Seen == HoldParts.None ? HoldEntry.None : next.EndingWait));
    }

    private void CompareWithNeighbours(int at)
    {
        ref readonly HoldEntry entry = ref _window[at];
        if (!entry.IsKnown || at == 0)
        {
            return;
        }

        Compare(in _window[at - 1], in entry);
        if (at + 1 < _window.Count)
        {
            Compare(in entry, in _window[at + 1]);
        }
    }

    /// <summary>They are no neighbours any more: what comes between them comes late.</summary>
    private void Part(in HoldEntry earlier, in HoldEntry later)
    {
        if (earlier.IsKnown && later.IsKnown)
        {
            HoldsCompared--;
            HoldsOverlapping -= later.AcquiredAt < earlier.ReleasedAt ? 1 : 0;
        }
    }

    private void Compare(in HoldEntry earlier, in HoldEntry later)
    {
        if (earlier.IsKnown && later.IsKnown)
        {
            HoldsCompared++;
            HoldsOverlapping += later.AcquiredAt < earlier.ReleasedAt ? 1 : 0;
        }
    }
}
