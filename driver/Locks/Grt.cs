using System.Runtime.CompilerServices;

namespace Tracing.Driver;

/// <summary>
/// The registry: mutexes of the whole driver by label, for code that shares a mutex and has no place to keep its handle. IRQL of every
/// call: &lt;= DISPATCH_LEVEL.
/// </summary>
/// <remarks>
/// Any threads may register, get and destroy at once. What <see cref="GetKMutex{T}"/> hands out is counted, and stays valid until it is given back: while it
/// is out, its label is not replaced, and <see cref="Destroy"/> leaves it alone and says so. Mutexes in the registry belong to it:
/// freeing one by its handle is refused with <see cref="MutexError.Registered"/>.
/// </remarks>
internal static unsafe class Grt
{
    /// <summary>Makes the registry, empty.</summary>
    /// <returns><see cref="GrtError.AlreadyExists"/> or <see cref="GrtError.IrqlTooHigh"/> on failure.</returns>
    internal static GrtError Init() => RegistryTable.Open();

    /// <summary>
    /// Makes a <see cref="KMutex{T}"/> and registers it. A mutex that had the label is freed, unless it is in use: then the call is refused and reported.
    /// </summary>
    /// <param name="label">A literal.</param>
    /// <param name="data">Copied.</param>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns>
    /// <see cref="GrtError.IsNull"/>, <see cref="GrtError.InUse"/>, <see cref="GrtError.IrqlTooHigh"/> or <see cref="GrtError.OutOfPool"/> on failure.
    /// </returns>
    internal static GrtError RegisterKMutex<T>(
        string label, in T data, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "")
        where T : unmanaged =>
        Register(MutexKind.KMutex, label, in data, replaces: true, new CallSite(file, line, member));

    /// <summary>Makes a <see cref="KMutex{T}"/> and registers it under a label that is free.</summary>
    /// <inheritdoc cref="RegisterKMutex{T}" path="/param"/>
    /// <returns><see cref="GrtError.KeyExists"/> when the label is taken; else as <see cref="RegisterKMutex{T}"/>.</returns>
    internal static GrtError RegisterKMutexChecked<T>(
        string label, in T data, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "")
        where T : unmanaged =>
        Register(MutexKind.KMutex, label, in data, replaces: false, new CallSite(file, line, member));

    /// <summary>Makes a <see cref="FastMutex{T}"/> and registers it, like <see cref="RegisterKMutex{T}"/>.</summary>
    /// <inheritdoc cref="RegisterKMutex{T}" path="/param"/>
    /// <returns>As <see cref="RegisterKMutex{T}"/>.</returns>
    internal static GrtError RegisterFastMutex<T>(
        string label, in T data, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "")
        where T : unmanaged =>
        Register(MutexKind.FastMutex, label, in data, replaces: true, new CallSite(file, line, member));

    /// <summary>Makes a <see cref="FastMutex{T}"/> and registers it under a label that is free.</summary>
    /// <inheritdoc cref="RegisterKMutex{T}" path="/param"/>
    /// <returns>As <see cref="RegisterKMutexChecked{T}"/>.</returns>
    internal static GrtError RegisterFastMutexChecked<T>(
        string label, in T data, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "")
        where T : unmanaged =>
        Register(MutexKind.FastMutex, label, in data, replaces: false, new CallSite(file, line, member));

    /// <summary>Gets the mutex of a label.</summary>
    /// <param name="label">Compared by its characters.</param>
    /// <param name="error">
    /// <see cref="GrtError.IsNull"/>, <see cref="GrtError.IsEmpty"/>, <see cref="GrtError.KeyNotFound"/>, <see cref="GrtError.TypeMismatch"/> or
    /// <see cref="GrtError.IrqlTooHigh"/> on failure.
    /// </param>
    /// <returns>The mutex, until it is disposed; empty on failure. Meant for <c>using</c>, around that of the guard.</returns>
    internal static KMutexLease<T> GetKMutex<T>(string label, out GrtError error)
        where T : unmanaged
    {
        error = RegistryTable.Get(MutexKind.KMutex, label, TypeToken<T>.Value, out MutexHeader* mutex);
        return new KMutexLease<T>(mutex);
    }

    /// <inheritdoc cref="GetKMutex{T}"/>
    internal static FastMutexLease<T> GetFastMutex<T>(string label, out GrtError error)
        where T : unmanaged
    {
        error = RegistryTable.Get(MutexKind.FastMutex, label, TypeToken<T>.Value, out MutexHeader* mutex);
        return new FastMutexLease<T>(mutex);
    }

    /// <summary>
    /// Frees every mutex that is not in use, and the registry with the last of them. When something is in use the registry stays, with
    /// just that in it: call again when it has been given back.
    /// </summary>
    /// <param name="file">Left to the compiler.</param>
    /// <param name="line">Left to the compiler.</param>
    /// <param name="member">Left to the compiler.</param>
    /// <returns><see cref="GrtError.IsNull"/>, <see cref="GrtError.InUse"/> or <see cref="GrtError.IrqlTooHigh"/> on failure.</returns>
    internal static GrtError Destroy(
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "") =>
        RegistryTable.Close(new CallSite(file, line, member));

    private static GrtError Register<T>(MutexKind kind, string label, in T data, bool replaces, in CallSite site)
        where T : unmanaged
    {
        // The label is looked at before anything is allocated: a refusal costs nothing.
        GrtError error = RegistryTable.CheckLabel(label, replaces, in site);
        if (error != GrtError.None)
        {
            return error;
        }

        MutexError allocation = MutexBlock.Allocate(kind, (uint)sizeof(T), label, out MutexHeader* mutex, in site);
        if (allocation != MutexError.None)
        {
            return allocation == MutexError.OutOfPool ? GrtError.OutOfPool : GrtError.IrqlTooHigh;
        }

        *(T*)MutexBlock.DataOf(mutex) = data;
        error = RegistryTable.Add(mutex, TypeToken<T>.Value, replaces, in site);
        if (error != GrtError.None)
        {
            // Another thread has taken the label meanwhile, or the registry is gone. Nobody has seen this mutex: nobody can be using it.
            _ = MutexBlock.Free(mutex, FreeReason.Disposed, in site);
        }

        return error;
    }
}
