namespace Tracing.Driver;

/// <summary>What one acquire leaves behind for its release: the part of a guard that does not depend on the type of the data.</summary>
internal unsafe struct GuardState
{
    /// <summary>The mutex that is held; null when nothing is held, or no longer.</summary>
    internal MutexHeader* Mutex;

    /// <summary>The number of the acquire among all of the mutex.</summary>
    internal ulong Sequence;

    /// <summary>QPC ticks of the acquire; 0 when it was not timed.</summary>
    internal ulong AcquiredAt;

    /// <summary>Call site of the acquire; 0 when no event has needed it.</summary>
    internal uint SiteId;
}
