namespace Tracing.Host;

/// <summary>
/// What really happened in a run, counted by the simulated kernel from inside its own routines and not from events: the truth a report is
/// held against. Immutable.
/// </summary>
/// <param name="Mutexes">Every KMUTEX there was, and every FAST_MUTEX that was asked for, in the order in which the kernel saw them first.</param>
/// <param name="IrqlQueriesAboveApc">Calls of KeGetCurrentIrql answered with DISPATCH_LEVEL or above.</param>
/// <param name="IrqlRaisesQueried">
/// Times the IRQL was raised to DISPATCH_LEVEL or above and KeGetCurrentIrql was asked at least once before it was lowered again. A
/// workload that tries one lock each time it has raised its IRQL has that many rejections, however often the driver asks for one of them.
/// </param>
/// <param name="ClockReads">Calls of KeQueryPerformanceCounter.</param>
/// <param name="PoolBlocks">Pool blocks still allocated after the driver was unloaded.</param>
/// <param name="PoolBytes">Their bytes, as requested.</param>
public sealed record Tally(
    IReadOnlyList<MutexTally> Mutexes, long IrqlQueriesAboveApc, long IrqlRaisesQueried, long ClockReads, int PoolBlocks, long PoolBytes)
{
    /// <summary>Acquisitions of all mutexes.</summary>
    public long Acquires => Mutexes.Sum(mutex => mutex.Acquires);

    /// <summary>Contended acquisitions of all mutexes.</summary>
    public long Contended => Mutexes.Sum(mutex => mutex.Contended);
}
