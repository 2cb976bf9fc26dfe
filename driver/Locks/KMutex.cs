using System.Runtime.CompilerServices;

namespace Tracing.Driver;

/// <summary>
/// A mutex over a KMUTEX that owns the data it guards: the data can only be reached through the guard that <see cref="Lock"/> gives.
/// </summary>
/// <remarks>
/// Recursive, like the KMUTEX beneath: a thread that locks twice has two guards over the same data. The value is a handle; copies of it
/// name the same mutex. Lock from any number of threads; <see cref="Free"/> only when none uses the mutex any more.
/// </remarks>
/// <typeparam name="T">The data. It lies in non-paged pool.</typeparam>
internal unsafe struct KMutex<T>
    where T : unmanaged
{
    private MutexHeader* _mutex;

    /// <summary>Allocates a mutex, free, holding <paramref name="data"/>. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    /// <param name="data">Copied.</param>
    /// <param name="label">What reports call it: a literal; null for none. Several mutexes may share a label.</param>
    /// <param name="mutex">The mutex; empty on failure.</param>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns><see cref="MutexError.IrqlTooHigh"/> or <see cref="MutexError.OutOfPool"/> on failure.</returns>
    internal static MutexError New(
        in T data,
        string? label,
        out KMutex<T> mutex,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string member = "")
    {
        CallSite site = new(file, line, member);
        MutexError error = MutexBlock.Allocate((uint)sizeof(T), label, out mutex._mutex, in site);
        if (error == MutexError.None)
        {
            *(T*)((byte*)mutex._mutex + MutexBlock.DataOffset) = data;
        }

        return error;
    }

    /// <summary>
    /// Acquires the mutex, waiting as long as it takes. IRQL: &lt;= APC_LEVEL; above it nothing happens but an error and an event.
    /// </summary>
    /// <param name="guard">Access to the data, until it is disposed or released; empty on failure.</param>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns><see cref="MutexError.IrqlTooHigh"/>, <see cref="MutexError.WaitFailed"/> or <see cref="MutexError.Empty"/> on failure.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly MutexError Lock(
        out KMutexGuard<T> guard,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string member = "")
    {
        guard = default;
        if (_mutex == null)
        {
            return MutexError.Empty;
        }

        fixed (GuardState* state = &guard.State)
        {
            FirstTry first = LockCore.TryAcquire(_mutex, state);
            if (first == FirstTry.Done)
            {
                return MutexError.None;
            }

            CallSite site = new(file, line, member);
            return LockSlowPath.Acquire(_mutex, state, first, in site);
        }
    }

    /// <summary>
    /// Frees the mutex and its data; this handle becomes empty, copies of it dangle. IRQL: &lt;= DISPATCH_LEVEL. No other thread may be
    /// inside a call on the mutex; one that visibly holds it or waits for it makes this call fail, and the memory is kept.
    /// </summary>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns>
    /// <see cref="MutexError.IrqlTooHigh"/>, <see cref="MutexError.Held"/>, <see cref="MutexError.Awaited"/> or
    /// <see cref="MutexError.Empty"/> on failure.
    /// </returns>
    internal MutexError Free(
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "")
    {
        if (_mutex == null)
        {
            return MutexError.Empty;
        }

        CallSite site = new(file, line, member);
        MutexError error = MutexBlock.Free(_mutex, FreeReason.Disposed, in site);
        if (error == MutexError.None)
        {
            _mutex = null;
        }

        return error;
    }
}
