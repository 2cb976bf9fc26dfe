namespace Tracing.Driver;

/// <summary>How the zero-timeout try of an acquire ended, and what is left to do.</summary>
internal enum FirstTry
{
    /// <summary>The mutex is held, all is recorded. The common case.</summary>
    Done = 0,

    /// <summary>The mutex is held; nothing is recorded yet, because a session listens.</summary>
    AcquiredUnderTrace,

    /// <summary>The mutex is held; its previous owner ended without releasing it. Nothing is recorded yet.</summary>
    AcquiredAbandoned,

    /// <summary>Another thread holds it: the acquire is contended.</summary>
    TimedOut,

    /// <summary>The IRQL is too high to try.</summary>
    IrqlTooHigh,

    /// <summary>The wait failed.</summary>
    Failed,
}
