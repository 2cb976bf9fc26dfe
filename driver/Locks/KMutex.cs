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

    /// <summary>A handle to a mutex that exists.</summary>
    internal KMutex(MutexHeader* mutex) => _mutex = mutex;

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
            *(T*)MutexBlock.DataOf(mutex._mutex) = data;
        }

        return error;
    }

    /// <summary>Whether this handle names a mutex: false before <see cref="New"/> and after a successful free.</summary>
    internal readonly bool IsAllocated => _mutex != null;

    /// <summary>The thread that holds it, 0 when none does or there is no mutex. IRQL: any; may be old before it arrives.</summary>
    internal readonly uint OwnerThreadId => _mutex == null ? 0 : _mutex->OwnerThreadId;

    /// <summary>Whether a thread holds it. IRQL: any; may be old before it arrives.</summary>
    internal readonly bool IsHeld => OwnerThreadId != 0;

    /// <summary>How many threads wait for it, or are about to. IRQL: any; may be old before it arrives.</summary>
    internal readonly uint Waiters => _mutex == null ? 0 : (uint)_mutex->Waiters;

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

    /// <summary>Acquires the mutex if it is free, or the calling thread's already. IRQL: &lt;= APC_LEVEL.</summary>
    /// <param name="error"><see cref="MutexError.Busy"/> when another thread holds it; else as <see cref="Lock"/>.</param>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns>As <see cref="Lock"/>.</returns>
    internal readonly KMutexGuard<T> TryLock(
        out MutexError error, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "") =>
        Acquire(AcquireRequest.Try(new CallSite(file, line, member)), out error);

    /// <summary>Acquires the mutex, waiting no longer than stated. IRQL: &lt;= APC_LEVEL.</summary>
    /// <param name="milliseconds">The longest wait.</param>
    /// <param name="error"><see cref="MutexError.TimedOut"/> when the time has passed; else as <see cref="Lock"/>.</param>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns>As <see cref="Lock"/>.</returns>
    internal readonly KMutexGuard<T> LockWithin(
        uint milliseconds,
        out MutexError error,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string member = "") =>
        Acquire(AcquireRequest.Within(milliseconds, new CallSite(file, line, member)), out error);

    /// <summary>Acquires the mutex in a wait that an alert ends. IRQL: &lt;= APC_LEVEL.</summary>
    /// <param name="error">
    /// <see cref="MutexError.Alerted"/> or <see cref="MutexError.UserApc"/> when the wait ended without the mutex; else as <see cref="Lock"/>.
    /// </param>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns>As <see cref="Lock"/>.</returns>
    internal readonly KMutexGuard<T> LockAlertable(
        out MutexError error, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "") =>
        Acquire(AcquireRequest.Alertable(new CallSite(file, line, member)), out error);

    /// <summary>Acquires the mutex in a wait that an alert or the time ends. IRQL: &lt;= APC_LEVEL.</summary>
    /// <param name="milliseconds">The longest wait.</param>
    /// <param name="error">As <see cref="LockWithin"/> and <see cref="LockAlertable"/>.</param>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns>As <see cref="Lock"/>.</returns>
    internal readonly KMutexGuard<T> LockAlertableWithin(
        uint milliseconds,
        out MutexError error,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string member = "") =>
        Acquire(AcquireRequest.AlertableWithin(milliseconds, new CallSite(file, line, member)), out error);

    /// <summary>
    /// Frees the mutex and its data; this handle becomes empty, copies of it dangle. IRQL: &lt;= DISPATCH_LEVEL. No other thread may be
    /// inside a call on the mutex; one that visibly holds it or waits for it makes this call fail, and the memory is kept.
    /// </summary>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns>
    /// <see cref="MutexError.IrqlTooHigh"/>, <see cref="MutexError.Held"/>, <see cref="MutexError.Awaited"/>,
    /// <see cref="MutexError.Registered"/> or <see cref="MutexError.Empty"/> on failure.
    /// </returns>
    internal MutexError Free(
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "")
    {
        CallSite site = new(file, line, member);
        return MutexOwner.Free(ref _mutex, FreeReason.Disposed, in site);
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
        return MutexOwner.Take(ref _mutex, out data, in site);
    }

    /// <summary>Frees the mutex like <see cref="Free"/> and moves the data into pool of its own: for data too large for the stack.</summary>
    /// <param name="box">What the mutex guarded, to be freed by the caller; empty on failure.</param>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns>As <see cref="Free"/>, and <see cref="MutexError.OutOfPool"/>: then the mutex is as it was.</returns>
    internal MutexError ToOwnedBox(
        out PoolBox<T> box, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "")
    {
        CallSite site = new(file, line, member);
        return MutexOwner.TakeBox(ref _mutex, out box, in site);
    }

    private readonly KMutexGuard<T> Acquire(scoped in AcquireRequest request, out MutexError error)
    {
        KMutexGuard<T> guard;
        error = LockSlowPath.Acquire(_mutex, &guard.State, in request);
        return guard;
    }
}
