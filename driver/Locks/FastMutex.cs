using System.Runtime.CompilerServices;

namespace Tracing.Driver;

/// <summary>
/// A mutex over a FAST_MUTEX that owns the data it guards. Cheaper than <see cref="KMutex{T}"/>; the holder runs at APC_LEVEL, and a second
/// acquire by the holder is refused, where the kernel would wait for ever.
/// </summary>
/// <remarks>
/// The value is a handle; copies of it name the same mutex. Lock from any number of threads; <see cref="Free"/> only when none uses it
/// any more. Fast mutexes know neither timeouts nor alerts.
/// </remarks>
/// <typeparam name="T">The data. It lies in non-paged pool.</typeparam>
internal unsafe struct FastMutex<T>
    where T : unmanaged
{
    private MutexHeader* _mutex;

    /// <summary>A handle to a mutex that exists.</summary>
    internal FastMutex(MutexHeader* mutex) => _mutex = mutex;

    /// <summary>Whether this handle names a mutex: false before <see cref="New"/> and after a successful free.</summary>
    internal readonly bool IsAllocated => _mutex != null;

    /// <summary>The thread that holds it, 0 when none does or there is no mutex. IRQL: any; may be old before it arrives.</summary>
    internal readonly uint OwnerThreadId => _mutex == null ? 0 : _mutex->OwnerThreadId;

    /// <summary>Whether a thread holds it. IRQL: any; may be old before it arrives.</summary>
    internal readonly bool IsHeld => OwnerThreadId != 0;

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
        out FastMutex<T> mutex,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string member = "")
    {
        CallSite site = new(file, line, member);
        MutexError error = MutexBlock.Allocate(MutexKind.FastMutex, (uint)sizeof(T), label, out mutex._mutex, in site);
        if (error == MutexError.None)
        {
            *(T*)MutexBlock.DataOf(mutex._mutex) = data;
        }

        return error;
    }

    /// <summary>Acquires the mutex, waiting as long as it takes. IRQL: &lt;= APC_LEVEL; returns at APC_LEVEL when it has acquired.</summary>
    /// <param name="error">
    /// <see cref="MutexError.IrqlTooHigh"/>, <see cref="MutexError.AlreadyOwned"/> or <see cref="MutexError.Empty"/> on failure.
    /// </param>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns>Access to the data, until it is disposed or released; empty on failure. Meant for <c>using</c>.</returns>
    internal readonly FastMutexGuard<T> Lock(
        out MutexError error, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "") =>
        Acquire(new AcquireRequest(new CallSite(file, line, member)), out error);

    /// <summary>Acquires the mutex if it is free. IRQL: as <see cref="Lock"/>.</summary>
    /// <param name="error"><see cref="MutexError.Busy"/> when another thread holds it; else as <see cref="Lock"/>.</param>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns>As <see cref="Lock"/>.</returns>
    internal readonly FastMutexGuard<T> TryLock(
        out MutexError error, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "") =>
        Acquire(AcquireRequest.Try(new CallSite(file, line, member)), out error);

    /// <inheritdoc cref="KMutex{T}.Free"/>
    internal MutexError Free(
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "")
    {
        CallSite site = new(file, line, member);
        return MutexOwner.Free(ref _mutex, FreeReason.Disposed, in site);
    }

    /// <inheritdoc cref="KMutex{T}.ToOwned"/>
    internal MutexError ToOwned(
        out T data, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "")
    {
        CallSite site = new(file, line, member);
        return MutexOwner.Take(ref _mutex, out data, in site);
    }

    /// <inheritdoc cref="KMutex{T}.ToOwnedBox"/>
    internal MutexError ToOwnedBox(
        out PoolBox<T> box, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "")
    {
        CallSite site = new(file, line, member);
        return MutexOwner.TakeBox(ref _mutex, out box, in site);
    }

    private readonly FastMutexGuard<T> Acquire(scoped in AcquireRequest request, out MutexError error)
    {
        FastMutexGuard<T> guard;
        error = FastLock.Acquire(_mutex, &guard.State, in request);
        return guard;
    }
}
