using System.Runtime.CompilerServices;

namespace Tracing.Driver;

/// <summary>Is inside a <see cref="CriticalSection"/>, on the stack of the thread that entered.</summary>
internal ref struct CriticalSectionGuard
{
    /// <summary>What the release needs.</summary>
    internal GuardState State;

    /// <summary>Whether the thread is inside by this guard.</summary>
    internal readonly unsafe bool IsHeld => State.Mutex != null;

    /// <inheritdoc cref="KMutexGuard{T}.Release"/>
    internal MutexError Release() => LockSlowPath.Release(ref State);

    /// <inheritdoc cref="KMutexGuard{T}.Dispose"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose() => LockCore.Release(ref State);
}
