namespace Tracing.Driver;

/// <summary>Why a call on a mutex did not do what was asked. Nothing has changed unless the member says so.</summary>
internal enum MutexError
{
    /// <summary>It did.</summary>
    None = 0,

    /// <summary>The IRQL is above the operation's limit in <see cref="IrqlLimits"/>.</summary>
    IrqlTooHigh,

    /// <summary>Non-paged pool is exhausted.</summary>
    OutOfPool,

    /// <summary>The kernel's wait failed with a negative NTSTATUS; the mutex was not acquired.</summary>
    WaitFailed,

    /// <summary>A try: another thread holds it.</summary>
    Busy,

    /// <summary>The timeout has passed: STATUS_TIMEOUT.</summary>
    TimedOut,

    /// <summary>The thread was alerted in an alertable wait: STATUS_ALERTED.</summary>
    Alerted,

    /// <summary>A user APC is to be delivered to the waiting thread: STATUS_USER_APC.</summary>
    UserApc,

    /// <summary>The guard or the handle is empty: never filled, or used up by an earlier release or free.</summary>
    Empty,

    /// <summary>Released while no thread holds it: a copy of the guard has released before.</summary>
    NotHeld,

    /// <summary>The calling thread holds it already, and a FAST_MUTEX cannot be acquired twice: waiting would be for ever.</summary>
    AlreadyOwned,

    /// <summary>The release of a FastMutex below APC_LEVEL: something has lowered the IRQL that the acquire had raised. It stays held.</summary>
    IrqlNotApcLevel,

    /// <summary>Freed while the registry holds it: <see cref="Grt.Destroy"/> frees it. The memory is kept.</summary>
    Registered,

    /// <summary>Released by a thread that is not the owner.</summary>
    NotOwner,

    /// <summary>Freed while a thread holds it, and no other waits. The memory is kept.</summary>
    Held,

    /// <summary>Freed while threads wait for it, whether or not one holds it. The memory is kept.</summary>
    Awaited,
}
