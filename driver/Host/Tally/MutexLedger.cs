namespace Tracing.Host.Kernel;

/// <summary>
/// Counts one KMUTEX while it lives. Everything but the failures is written by the owner of the mutex while it owns it, which orders the
/// writes; the failures are counted atomically.
/// </summary>
internal sealed class MutexLedger(nuint address, int generation)
{
    private readonly List<TallyInterval> _waits = [];
    private readonly List<TallyInterval> _holds = [];
    private long _acquires;
    private long _recursive;
    private long _contended;
    private long _failedTries;
    private long _timedOut;

    /// <summary>Counts an acquisition. Under the mutex's gate.</summary>
    /// <returns>Its number, from 1.</returns>
    internal long CountAcquire(bool recursive)
    {
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
    internal void AddHold(in TallyInterval hold) => _holds.Add(hold);

    /// <summary>The sums, when no thread can add to them any more.</summary>
    internal MutexTally Close(bool held) =>
        new(address, generation, _acquires, _recursive, _contended, _failedTries, _timedOut, held, [.. _waits], [.. _holds]);
}
