namespace Tracing.Driver;

/// <summary>
/// Holds a <see cref="FastMutex{T}"/>: access to its data, and the duty to release it. The thread is at APC_LEVEL meanwhile. Being a ref
/// struct it stays on the stack of the thread that locked, which is the only thread that may release.
/// </summary>
/// <remarks>Release fast mutexes in the opposite order of their acquires: each release restores the IRQL that its acquire found.</remarks>
/// <typeparam name="T">The data.</typeparam>
internal unsafe ref struct FastMutexGuard<T>
    where T : unmanaged
{
    /// <summary>What the release needs.</summary>
    internal GuardState State;

    /// <summary>Whether this guard holds the mutex.</summary>
    internal readonly bool IsHeld => State.Mutex != null;

    /// <summary>The data. Only while <see cref="IsHeld"/>: an empty guard has none, and reading it is a page fault.</summary>
    internal readonly ref T Value => ref *(T*)MutexBlock.DataOf(State.Mutex);

    /// <summary>
    /// Releases early. IRQL: APC_LEVEL, where the acquire left the thread; at any other the mutex stays held, so that the caller can
    /// restore the IRQL and release again. Returns at the IRQL that the acquire found.
    /// </summary>
    /// <returns>
    /// <see cref="MutexError.IrqlTooHigh"/>, <see cref="MutexError.IrqlNotApcLevel"/>, <see cref="MutexError.NotHeld"/>,
    /// <see cref="MutexError.NotOwner"/> or <see cref="MutexError.Empty"/> on failure.
    /// </returns>
    internal MutexError Release() => FastLock.Release(ref State);

    /// <inheritdoc cref="KMutexGuard{T}.Print"/>
    internal readonly uint Print(char* destination, uint capacity) => GuardText.Print(in State, destination, capacity);

    /// <summary>Releases, if that has not been done. What goes wrong is in the trace: <c>using</c> has nobody to tell.</summary>
    public void Dispose() => _ = FastLock.Release(ref State);
}
