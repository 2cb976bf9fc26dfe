using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;

namespace Tracing.Analysis;

/// <summary>
/// Is told of each acquire and hold that the analysis takes into account, once, in the order of arrival: for collectors that not every report needs. What the analysis
/// leaves out as impossible or repeated is not told, so that what is collected agrees with the report.
/// </summary>
public interface ILockObserver
{
    /// <summary>A mutex was acquired.</summary>
    void Acquired(in ObservedAcquire acquire);

    /// <summary>An outermost hold has ended.</summary>
    void Held(in ObservedHold hold);

    /// <summary>A thread has waited and given up.</summary>
    void GaveUp(DriverLoad load, MutexLedger mutex, in FailedEvent failed, in EventOrigin origin)
    {
    }

    /// <summary>A call was refused because of the IRQL.</summary>
    /// <param name="load">The life of the driver that it belongs to.</param>
    /// <param name="mutex">The mutex that it was meant for; null for none.</param>
    /// <param name="rejected">What the event says.</param>
    /// <param name="origin">Who called.</param>
    void Rejected(DriverLoad load, MutexLedger? mutex, in RejectedEvent rejected, in EventOrigin origin)
    {
    }

    /// <summary>The driver saw misuse. The parameters are those of a refused call.</summary>
    /// <inheritdoc cref="Rejected"/>
    void Misused(DriverLoad load, MutexLedger? mutex, in MisuseEvent misuse, in EventOrigin origin)
    {
    }

    /// <summary>A wait goes on when the recording, or the driver, ends.</summary>
    /// <param name="load">The life of the driver that it belongs to.</param>
    /// <param name="mutex">The mutex.</param>
    /// <param name="threadId">Who waits.</param>
    /// <param name="siteId">Where the acquire stands; 0 for unknown.</param>
    /// <param name="since">Its first tick within the recording.</param>
    /// <param name="end">The last tick.</param>
    void StillWaiting(DriverLoad load, MutexLedger mutex, int threadId, uint siteId, ulong since, ulong end)
    {
    }

    /// <summary>A hold goes on when the recording, or the driver, ends. The parameters are those of a wait.</summary>
    /// <inheritdoc cref="StillWaiting"/>
    void StillHeld(DriverLoad load, MutexLedger mutex, int threadId, uint siteId, ulong since, ulong end)
    {
    }
}

/// <summary>An acquire.</summary>
/// <param name="Load">The life of the driver that it belongs to.</param>
/// <param name="Mutex">The mutex.</param>
/// <param name="Event">What the event says.</param>
/// <param name="Origin">Who acquired.</param>
/// <param name="Wait">Whether the wait is whole, cut by the start of the recording, or has impossible times. Of a contended acquire only.</param>
/// <param name="WaitTicks">Its length in ticks, or the certain part of it.</param>
public readonly record struct ObservedAcquire(
    DriverLoad Load, MutexLedger Mutex, AcquiredEvent Event, EventOrigin Origin, IntervalVerdict Wait, ulong WaitTicks);

/// <summary>An outermost hold with both ends.</summary>
/// <param name="Load">The life of the driver that it belongs to.</param>
/// <param name="Mutex">The mutex.</param>
/// <param name="Event">What the release event says.</param>
/// <param name="Origin">Who released.</param>
/// <param name="Hold">Whether it is whole, cut by the start of the recording, or has impossible times.</param>
/// <param name="Ticks">Its length in ticks, or the certain part of it.</param>
public readonly record struct ObservedHold(
    DriverLoad Load, MutexLedger Mutex, ReleasedEvent Event, EventOrigin Origin, IntervalVerdict Hold, ulong Ticks);
