namespace Tracing.Host.Kernel;

/// <summary>
/// Counts one KMUTEX or FAST_MUTEX while it lives. Everything but the failures is written by the owner of the mutex while it owns it, which orders the
/// writes; the failures are counted atomically.
/// </summary>
internal sealed class MutexLedger(nuint address, int generation, bool isFast)
{
    private readonly List<TallyInterval> _waits = [];
    private readonly List<TallyInterval> _holds = [];
    private long _acquires;
    private long _recursive;
    private long _contended;
    private long _failedTries;
    private long _timedOut;
    private bool _isHeld;

    /// <summary>The address of the mutex.</summary>
    internal nuint Address => address;

    /// <summary>Whether it is a FAST_MUTEX.</summary>
    internal bool IsFast => isFast;

    /// <summary>Counts an acquisition. By the new owner, or on its behalf.</summary>
    /// <returns>Its number, from 1.</returns>
    internal long CountAcquire(bool recursive)
    {
        _isHeld = true;
        _recursive += recursive ? 1 : 0;
        return ++_acquires;
    }

    /// <summary>By the new owner.</summary>
    internal void CountContended() => _contended++;

    internal void CountFailedTry() => Interlocked.Increment(ref _failedTries);

    internal void CountTimedOut() => Interlocked.Increment(ref _timedOut);

    /// <summary>By the owner.</summary>
    internal void AddWait(in TallyInterval wait) => _waits.Add(wait);

    /// <summary>By the owner, before the mutex passes on.</summary>
    internal void AddHold(in TallyInterval hold)
    {
        _isHeld = false;
        _holds.Add(hold);
    }

    /// <summary>The sums, when no thread can add to them any more.</summary>
    internal MutexTally Close() =>
        new(address, generation, isFast, _acquires, _recursive, _contended, _failedTries, _timedOut, _isHeld, [.. _waits], [.. _holds]);
}
