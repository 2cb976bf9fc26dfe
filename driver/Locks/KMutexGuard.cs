using System.Runtime.CompilerServices;

namespace Tracing.Driver;

/// <summary>
/// Holds a <see cref="KMutex{T}"/>: access to its data, and the duty to release it. Being a ref struct it stays on the stack of the
/// thread that locked, which is the only thread that may release.
/// </summary>
/// <remarks>
/// Use it with <c>using</c>. A copy names the same acquire: releasing both is a double release, which is refused and reported where it
/// can be told apart from a recursive hold.
/// </remarks>
/// <typeparam name="T">The data.</typeparam>
internal unsafe ref struct KMutexGuard<T>
    where T : unmanaged
{
    /// <summary>What the release needs.</summary>
    internal GuardState State;

    /// <summary>Whether this guard holds the mutex.</summary>
    internal readonly bool IsHeld => State.Mutex != null;

    /// <summary>The data. Only while <see cref="IsHeld"/>: an empty guard has none, and reading it is a page fault.</summary>
    internal readonly ref T Value => ref *(T*)MutexBlock.DataOf(State.Mutex);

    /// <summary>
    /// Releases early. IRQL: &lt;= APC_LEVEL; above it the mutex stays held, so that the caller can lower the IRQL and release again.
    /// </summary>
    /// <returns>
    /// <see cref="MutexError.IrqlTooHigh"/>, <see cref="MutexError.NotHeld"/>, <see cref="MutexError.NotOwner"/> or
    /// <see cref="MutexError.Empty"/> on failure.
    /// </returns>
    internal MutexError Release() => LockSlowPath.Release(ref State);

    /// <summary>Prints the mutex, the hold and the data, for a log or a debugger: see <see cref="GuardText"/>. IRQL: any.</summary>
    /// <param name="destination">Receives the text, with a zero at its end.</param>
    /// <param name="capacity">Characters there is room for, the zero included.</param>
    /// <returns>Characters written, without the zero; what had no room is left out.</returns>
    internal readonly uint Print(char* destination, uint capacity) => GuardText.Print(in State, destination, capacity);

    /// <summary>Releases, if that has not been done. What goes wrong is in the trace: <c>using</c> has nobody to tell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose() => LockCore.Release(ref State);
}
