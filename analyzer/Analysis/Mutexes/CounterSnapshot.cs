namespace Tracing.Analysis.Mutexes;

/// <summary>The driver's own account of one mutex at one moment: kept apart because few events bring it.</summary>
public sealed class CounterSnapshot(in MutexCounters values, OpenHold? owner)
{
    /// <summary>The counters.</summary>
    public MutexCounters Values { get; } = values;

    /// <summary>The hold that was going on; null for none.</summary>
    public OpenHold? Owner { get; } = owner;
}
