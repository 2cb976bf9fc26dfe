namespace Tracing.Driver;

/// <summary>
/// What other drivers are told: NTSTATUS values, of which every one that means "not done" is negative, so that NT_SUCCESS answers for the lock.
/// STATUS_TIMEOUT and STATUS_ALERTED would not: they count as successes. The values are those of kmutex.h and never change.
/// </summary>
internal static class ExportStatus
{
    /// <summary>The IRQL is too high for the call.</summary>
    internal const int IrqlTooHigh = unchecked((int)0xE04D_0001);

    /// <summary>A try: another thread holds the mutex.</summary>
    internal const int Busy = unchecked((int)0xE04D_0002);

    /// <summary>The time has passed.</summary>
    internal const int TimedOut = unchecked((int)0xE04D_0003);

    /// <summary>The thread was alerted, or has a user APC to run.</summary>
    internal const int Alerted = unchecked((int)0xE04D_0004);

    /// <summary>The handle or the guard is empty.</summary>
    internal const int Empty = unchecked((int)0xE04D_0005);

    /// <summary>Unlocked while no thread holds it.</summary>
    internal const int NotHeld = unchecked((int)0xE04D_0006);

    /// <summary>Unlocked by a thread that is not the owner.</summary>
    internal const int NotOwner = unchecked((int)0xE04D_0007);

    /// <summary>Freed while a thread holds it.</summary>
    internal const int Held = unchecked((int)0xE04D_0008);

    /// <summary>Freed while threads wait for it.</summary>
    internal const int Awaited = unchecked((int)0xE04D_0009);

    /// <summary>The kernel's wait failed.</summary>
    internal const int WaitFailed = unchecked((int)0xE04D_000A);

    /// <summary>A FAST_MUTEX: the thread holds it already.</summary>
    internal const int AlreadyOwned = unchecked((int)0xE04D_000B);

    /// <summary>A FAST_MUTEX, unlocked below APC_LEVEL: the IRQL was lowered meanwhile.</summary>
    internal const int IrqlLowered = unchecked((int)0xE04D_000C);

    /// <summary>Translates what the lock library says.</summary>
    internal static int Of(MutexError error) => error switch
    {
        MutexError.None => NtStatus.Success,
        MutexError.IrqlTooHigh => IrqlTooHigh,
        MutexError.OutOfPool => NtStatus.InsufficientResources,
        MutexError.Busy => Busy,
        MutexError.TimedOut => TimedOut,
        MutexError.Alerted or MutexError.UserApc => Alerted,
        MutexError.Empty => Empty,
        MutexError.NotHeld => NotHeld,
        MutexError.NotOwner => NotOwner,
        MutexError.Held => Held,
        MutexError.Awaited => Awaited,
        MutexError.AlreadyOwned => AlreadyOwned,
        MutexError.IrqlNotApcLevel => IrqlLowered,
        _ => WaitFailed,
    };
}
