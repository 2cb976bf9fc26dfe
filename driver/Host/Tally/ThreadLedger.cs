namespace Tracing.Host.Kernel;

/// <summary>
/// What one simulated thread must remember for the bounds of its waits and holds; see <see cref="TallyInterval"/> for what they are. Used
/// by that thread alone.
/// </summary>
internal sealed class ThreadLedger(uint threadId, KernelClock clock)
{
    private readonly List<OpenHold> _holds = [];
    private MutexLedger? _tried;
    private long _triedAt;
    private long _lastClock;
    private MutexLedger? _openWaitOf;
    private TallyInterval _openWait;
    private bool _openWaitSawClock;

    /// <summary>The mutexes the thread holds.</summary>
    internal IEnumerable<MutexLedger> Held => _holds.Select(hold => hold.Mutex);

    /// <summary>Whether the end of a wait is still to be bounded: then <see cref="EnterKernel"/> must be called.</summary>
    internal bool AwaitsNextCall => _openWaitOf is not null;

    /// <summary>The thread calls the kernel, or leaves the driver.</summary>
    internal void EnterKernel(bool readsClock)
    {
        if (_openWaitOf is null)
        {
            return;
        }

        if (readsClock && !_openWaitSawClock)
        {
            _openWaitSawClock = true;
            return;
        }

        _openWaitOf.AddWait(_openWait with { OuterEnd = clock.Now });
        _openWaitOf = null;
    }

    /// <summary>The thread was told the time.</summary>
    internal void ServeClock(long value)
    {
        _lastClock = value;
        foreach (OpenHold hold in _holds)
        {
            if (hold.FirstClock == 0)
            {
                hold.FirstClock = value;
            }
        }
    }

    /// <summary>A zero-timeout try has failed and is about to return.</summary>
    internal void FailTry(MutexLedger mutex)
    {
        mutex.CountFailedTry();
        _tried = mutex;
        _triedAt = clock.Now;
    }

    /// <summary>The thread has acquired a mutex and is about to return from the wait.</summary>
    /// <param name="mutex">Which it now owns.</param>
    /// <param name="isOutermost">Whether it did not own it before.</param>
    /// <param name="number">The number of the acquisition.</param>
    /// <param name="entered">QPC ticks at the entry of the wait.</param>
    /// <param name="grantedAt">QPC ticks at which the mutex passed to the thread.</param>
    /// <param name="couldBlock">Whether it was no zero-timeout try.</param>
    /// <param name="blocked">Whether the thread had to queue.</param>
    internal void Acquire(MutexLedger mutex, bool isOutermost, long number, long entered, long grantedAt, bool couldBlock, bool blocked)
    {
        bool tried = _tried == mutex;
        if (couldBlock && (tried || blocked))
        {
            mutex.CountContended();
            _openWaitOf = mutex;
            _openWait = new TallyInterval(number, threadId, entered, grantedAt, tried ? _triedAt : entered, grantedAt);
            _openWaitSawClock = false;
        }

        if (tried)
        {
            _tried = null;
        }

        if (isOutermost)
        {
            _holds.Add(new OpenHold(mutex, number, grantedAt));
        }
    }

    /// <summary>The thread calls the release that will make the mutex free. Before it passes on.</summary>
    internal void Release(MutexLedger mutex, long entered)
    {
        int index = _holds.FindLastIndex(hold => hold.Mutex == mutex);
        OpenHold open = _holds[index];
        _holds.RemoveAt(index);
        long first = open.FirstClock == 0 ? open.GrantedAt : open.FirstClock;
        long last = open.FirstClock == 0 ? open.GrantedAt : _lastClock;
        mutex.AddHold(new TallyInterval(open.Number, threadId, first, last, open.GrantedAt, entered));
    }

    private sealed class OpenHold(MutexLedger mutex, long number, long grantedAt)
    {
        internal MutexLedger Mutex { get; } = mutex;

        internal long Number { get; } = number;

        internal long GrantedAt { get; } = grantedAt;

        /// <summary>The first clock value served since, or 0.</summary>
        internal long FirstClock { get; set; }
    }
}
