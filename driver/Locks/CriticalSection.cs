using System.Runtime.CompilerServices;

namespace Tracing.Driver;

/// <summary>A section of code that one thread at a time is in: a KMUTEX that guards no data. Recursive; the value is a handle.</summary>
internal unsafe struct CriticalSection
{
    private MutexHeader* _mutex;

    /// <inheritdoc cref="KMutex{T}.IsAllocated"/>
    internal readonly bool IsAllocated => _mutex != null;

    /// <summary>The thread that is in it, 0 when none is. IRQL: any; may be old before it arrives.</summary>
    internal readonly uint OwnerThreadId => _mutex == null ? 0 : _mutex->OwnerThreadId;

    /// <summary>Allocates a section that nobody is in. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    /// <param name="label">What reports call it: a literal; null for none.</param>
    /// <param name="section">The section; empty on failure.</param>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns><see cref="MutexError.IrqlTooHigh"/> or <see cref="MutexError.OutOfPool"/> on failure.</returns>
    internal static MutexError New(
        string? label,
        out CriticalSection section,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string member = "")
    {
        CallSite site = new(file, line, member);
        return MutexBlock.Allocate(MutexKind.CriticalSection, 0, label, out section._mutex, in site);
    }

    /// <summary>Enters, waiting as long as it takes. IRQL: &lt;= APC_LEVEL.</summary>
    /// <param name="error">As <see cref="KMutex{T}.Lock"/>.</param>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns>Leaves when disposed or released; empty on failure. Meant for <c>using</c>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly CriticalSectionGuard Enter(
        out MutexError error, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "")
    {
        CriticalSectionGuard guard;
        error = LockCore.Acquire(_mutex, &guard.State, file, line, member);
        return guard;
    }

    /// <summary>Enters if nobody else is in it. IRQL: &lt;= APC_LEVEL.</summary>
    /// <param name="error">As <see cref="KMutex{T}.TryLock"/>.</param>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns>As <see cref="Enter"/>.</returns>
    internal readonly CriticalSectionGuard TryEnter(
        out MutexError error, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "") =>
        Acquire(AcquireRequest.Try(new CallSite(file, line, member)), out error);

    /// <summary>Enters, waiting no longer than stated. IRQL: &lt;= APC_LEVEL.</summary>
    /// <param name="milliseconds">The longest wait.</param>
    /// <param name="error">As <see cref="KMutex{T}.LockWithin"/>.</param>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns>As <see cref="Enter"/>.</returns>
    internal readonly CriticalSectionGuard EnterWithin(
        uint milliseconds,
        out MutexError error,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0,
        [CallerMemberName] string member = "") =>
        Acquire(AcquireRequest.Within(milliseconds, new CallSite(file, line, member)), out error);

    /// <summary>Enters in a wait that an alert ends. IRQL: &lt;= APC_LEVEL.</summary>
    /// <param name="error">As <see cref="KMutex{T}.LockAlertable"/>.</param>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns>As <see cref="Enter"/>.</returns>
    internal readonly CriticalSectionGuard EnterAlertable(
        out MutexError error, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "") =>
        Acquire(AcquireRequest.Alertable(new CallSite(file, line, member)), out error);

    /// <inheritdoc cref="KMutex{T}.Free"/>
    internal MutexError Free(
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "")
    {
        CallSite site = new(file, line, member);
        return MutexOwner.Free(ref _mutex, FreeReason.Disposed, in site);
    }

    private readonly CriticalSectionGuard Acquire(scoped in AcquireRequest request, out MutexError error)
    {
        CriticalSectionGuard guard;
        error = LockSlowPath.Acquire(_mutex, &guard.State, in request);
        return guard;
    }
}
