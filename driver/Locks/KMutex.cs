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
        MutexError error = MutexBlock.Allocate(MutexKind.KMutex, (uint)sizeof(T), label, out mutex._mutex, in site);
        if (error == MutexError.None)
        {
            *(T*)((byte*)mutex._mutex + MutexBlock.DataOffset) = data;
        }

        return error;
    }

    /// <summary>Whether this handle names a mutex: false before <see cref="New"/> and after a successful free.</summary>
    internal readonly bool IsAllocated => _mutex != null;

    /// <summary>
    /// Acquires the mutex, waiting as long as it takes. IRQL: &lt;= APC_LEVEL; above it nothing happens but an error and an event.
    /// </summary>
    /// <param name="error">
    /// <see cref="MutexError.IrqlTooHigh"/>, <see cref="MutexError.WaitFailed"/> or <see cref="MutexError.Empty"/> on failure.
    /// </param>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns>Access to the data, until it is disposed or released; empty on failure. Meant for <c>using</c>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly KMutexGuard<T> Lock(
        out MutexError error,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string member = "")
    {
        KMutexGuard<T> guard;
        error = LockCore.Acquire(_mutex, &guard.State, file, line, member);
        return guard;
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
        CallSite site = new(file, line, member);
        return Take(FreeReason.Disposed, out _, in site);
    }

    /// <summary>Frees the mutex like <see cref="Free"/> and hands out the data it held.</summary>
    /// <param name="data">What the mutex guarded; zeroed on failure.</param>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns>As <see cref="Free"/>.</returns>
    internal MutexError ToOwned(
        out T data, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "")
    {
        CallSite site = new(file, line, member);
        return Take(FreeReason.ToOwned, out data, in site);
    }

    private MutexError Take(FreeReason reason, out T data, in CallSite site)
    {
        data = default;
        if (_mutex == null)
        {
            return MutexError.Empty;
        }

        // By contract nobody else uses the mutex, so its data holds still: copied before the memory goes.
        T held = *(T*)((byte*)_mutex + MutexBlock.DataOffset);
        MutexError error = MutexBlock.Free(_mutex, reason, in site);
        if (error == MutexError.None)
        {
            _mutex = null;
            data = held;
        }

        return error;
    }
}
