namespace Tracing.Host;

/// <summary>
/// What the simulated kernel counted for one mutex until its storage was freed or initialised anew: for a KMUTEX from KeInitializeMutex on, for a FAST_MUTEX,
/// which an inline function initialises, from the first acquire or try. Immutable.
/// </summary>
/// <param name="Address">The address of the mutex.</param>
/// <param name="Generation">From 0: how many of its kind this address held before, since pool is reused.</param>
/// <param name="IsFast">Whether it is a FAST_MUTEX.</param>
/// <param name="Acquires">Acquisitions, recursive ones included.</param>
/// <param name="RecursiveAcquires">Those by a thread that owned the mutex already.</param>
/// <param name="Contended">
/// Acquisitions by a wait that could block whose thread's last zero-timeout try of the mutex had failed, or that did block.
/// </param>
/// <param name="FailedTries">Zero-timeout waits that found the mutex taken, those followed by a longer wait included.</param>
/// <param name="TimedOutWaits">Longer waits that ended without the mutex.</param>
/// <param name="HeldAtEnd">Whether it was held when the run ended; that last hold is not in <paramref name="Holds"/>.</param>
/// <param name="Waits">The contended acquisitions, in order.</param>
/// <param name="Holds">The holds, in order.</param>
public sealed record MutexTally(
    ulong Address,
    int Generation,
    bool IsFast,
    long Acquires,
    long RecursiveAcquires,
    long Contended,
    long FailedTries,
    long TimedOutWaits,
    bool HeldAtEnd,
    IReadOnlyList<TallyInterval> Waits,
    IReadOnlyList<TallyInterval> Holds)
{
    /// <summary>All waits at least, in QPC ticks.</summary>
    public long WaitInner => Waits.Sum(wait => wait.Inner);

    /// <summary>All waits at most, in QPC ticks.</summary>
    public long WaitOuter => Waits.Sum(wait => wait.Outer);

    /// <summary>All holds at least, in QPC ticks.</summary>
    public long HoldInner => Holds.Sum(hold => hold.Inner);

    /// <summary>All holds at most, in QPC ticks.</summary>
    public long HoldOuter => Holds.Sum(hold => hold.Outer);
}
