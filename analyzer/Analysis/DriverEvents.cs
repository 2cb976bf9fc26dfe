using System.Runtime.InteropServices;

namespace Tracing.Analysis;

// What the analysis is told, one struct per event of the driver that it learns from. They hold values only, already checked for shape by the
// decoder; whether a value makes sense is decided by the analysis. All times are ticks of the driver's clock (QPC).

/// <summary>Where and by whom an event was written: what its record header says.</summary>
/// <param name="Time">Header time, in ticks of the recording's clock.</param>
/// <param name="ThreadId">The thread that wrote it.</param>
/// <param name="Offset">Offset of the record in its file, in bytes, for messages.</param>
/// <param name="ProcessId">The process of that thread.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EventOrigin(long Time, int ThreadId, long Offset, int ProcessId = 0);

/// <summary>MutexAcquired or MutexAcquiredContended.</summary>
[StructLayout(LayoutKind.Auto)]
public record struct AcquiredEvent(
    ulong MutexId, ulong Sequence, int Depth, ulong RequestedAt, ulong AcquiredAt, bool Contended, uint SiteId = 0, byte Flags = 0);

/// <summary>MutexReleased or MutexReleasedContended. <c>AcquiredAt</c> is that of the outermost acquire, 0 when it was not timed.</summary>
[StructLayout(LayoutKind.Auto)]
public record struct ReleasedEvent(
    ulong MutexId, ulong Sequence, int Depth, ulong AcquiredAt, ulong ReleasedAt, uint SiteId = 0, uint Waiters = 0);

/// <summary>AcquireBlocked: the zero-timeout try failed and the thread is about to wait.</summary>
public readonly record struct BlockedEvent(
    ulong MutexId, ulong RequestedAt, uint SiteId = 0, uint OwnerThreadId = 0, ulong OwnerSequence = 0, uint Waiters = 0);

/// <summary>AcquireFailed: the thread gave up.</summary>
public readonly record struct FailedEvent(ulong MutexId, ulong RequestedAt, ulong FailedAt, uint SiteId = 0, byte Reason = 0);

/// <summary>What MutexAllocated and MutexState say of the mutex itself.</summary>
/// <param name="MutexId">Its number.</param>
/// <param name="Kind">Raw value of the manifest's MutexKind.</param>
/// <param name="Address">Its address.</param>
/// <param name="PoolSize">Bytes taken from the pool.</param>
/// <param name="SiteId">Where it was allocated.</param>
/// <param name="AllocatedAt">When, 0 if not known.</param>
/// <param name="Label">Its label; empty for none.</param>
public readonly record struct MutexDescription(
    ulong MutexId, byte Kind, ulong Address, uint PoolSize, uint SiteId, ulong AllocatedAt, string Label);

/// <summary>The counters that the driver keeps in each mutex. Times in ticks.</summary>
public readonly record struct MutexCounters(
    ulong Acquires, ulong Contended, ulong Rejected, ulong WaitTotal, ulong WaitMax, ulong TimedHolds, ulong HoldTotal, ulong HoldMax);

/// <summary>MutexFreed.</summary>
public readonly record struct FreedEvent(ulong MutexId, MutexCounters Counters, ulong FreedAt = 0);

/// <summary>MutexState: one live mutex in a rundown.</summary>
public readonly record struct StateEvent(
    uint RundownId, MutexDescription Mutex, MutexCounters Counters, uint OwnerThreadId = 0, ulong OwnerSequence = 0, ulong HeldSince = 0);

/// <summary>IrqlRejected.</summary>
/// <param name="MutexId">The mutex meant, 0 when there was none yet.</param>
/// <param name="Operation">Raw value of the manifest's LockOperation.</param>
/// <param name="Irql">IRQL of the call.</param>
/// <param name="MaximumIrql">Highest legal IRQL of the operation.</param>
/// <param name="SiteId">Where the call stands.</param>
/// <param name="RejectedAt">When.</param>
public readonly record struct RejectedEvent(ulong MutexId, byte Operation, byte Irql, byte MaximumIrql, uint SiteId, ulong RejectedAt);

/// <summary>MisuseDetected.</summary>
/// <param name="MutexId">The mutex.</param>
/// <param name="Kind">Raw value of the manifest's MisuseKind.</param>
/// <param name="SiteId">Where the call stands.</param>
/// <param name="DetectedAt">When.</param>
public readonly record struct MisuseEvent(ulong MutexId, byte Kind, uint SiteId, ulong DetectedAt);
