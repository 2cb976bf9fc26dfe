namespace Tracing.Driver;

/// <summary>
/// The end of a mutex, for whoever owns its handle: freed, with or without its data. By contract nobody else uses the mutex any more, so
/// the data holds still while it is copied. IRQL: &lt;= DISPATCH_LEVEL.
/// </summary>
internal static unsafe class MutexOwner
{
    /// <summary>Frees the mutex with its data.</summary>
    /// <param name="mutex">Null afterwards; unchanged on failure.</param>
    /// <param name="reason">What the event says.</param>
    /// <param name="site">Where the call stands.</param>
    internal static MutexError Free(ref MutexHeader* mutex, FreeReason reason, in CallSite site)
    {
        if (mutex == null)
        {
            return MutexError.Empty;
        }

        MutexError error = MutexBlock.Free(mutex, reason, in site);
        if (error == MutexError.None)
        {
            mutex = null;
        }

        return error;
    }

    /// <summary>Frees the mutex and hands out its data.</summary>
    internal static MutexError Take<T>(ref MutexHeader* mutex, out T data, in CallSite site)
        where T : unmanaged
    {
        data = default;
        if (mutex == null)
        {
            return MutexError.Empty;
        }

        T held = *(T*)MutexBlock.DataOf(mutex);
        MutexError error = Free(ref mutex, FreeReason.ToOwned, in site);
        if (error == MutexError.None)
        {
            data = held;
        }

        return error;
    }

    /// <summary>Frees the mutex and hands out its data in pool. The pool is asked first: when it has nothing, nothing has happened.</summary>
    internal static MutexError TakeBox<T>(ref MutexHeader* mutex, out PoolBox<T> box, in CallSite site)
        where T : unmanaged
    {
        box = default;
        if (mutex == null)
        {
            return MutexError.Empty;
        }

        // Checked before the pool is asked, which has the same limit.
        byte irql = Kernel.KeGetCurrentIrql();
        if (irql > IrqlLimits.Free)
        {
            LockTrace.Rejected(mutex, LockOperation.Free, irql, IrqlLimits.Free, in site);
            return MutexError.IrqlTooHigh;
        }

        if (!PoolBox<T>.TryAllocate(in *(T*)MutexBlock.DataOf(mutex), out PoolBox<T> copy))
        {
            return MutexError.OutOfPool;
        }

        MutexError error = Free(ref mutex, FreeReason.ToOwnedBox, in site);
        if (error == MutexError.None)
        {
            box = copy;
        }
        else
        {
            copy.Free();
        }

        return error;
    }
}
