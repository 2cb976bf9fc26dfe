namespace Tracing.Driver;

/// <summary>What the event of a release says, copied to the stack while the mutex is still held.</summary>
internal struct ReleaseEvent
{
    /// <summary>Whether a session listened when the release began: otherwise nothing was timed, and nothing is written.</summary>
    internal bool IsWanted;

    /// <summary>The mutex.</summary>
    internal ulong MutexId;

    /// <summary>The acquire that is undone.</summary>
    internal ulong Sequence;

    /// <summary>QPC ticks of that acquire, of the outermost one at depth 1; 0 when not timed.</summary>
    internal ulong AcquiredAt;

    /// <summary>QPC ticks right before the release; 0 when nobody listened.</summary>
    internal ulong ReleasedAt;

    /// <summary>Depth before the release.</summary>
    internal uint Depth;

    /// <summary>Threads that waited.</summary>
    internal uint Waiters;

    /// <summary>Call site of the acquire.</summary>
    internal uint SiteId;
}
