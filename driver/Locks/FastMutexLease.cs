namespace Tracing.Driver;

/// <summary>
/// A <see cref="FastMutex{T}"/> got from the registry: valid until it is given back. Meant for <c>using</c>, around that of the guard; a copy must not
/// be given back as well.
/// </summary>
/// <typeparam name="T">The data.</typeparam>
internal unsafe ref struct FastMutexLease<T>
    where T : unmanaged
{
    private MutexHeader* _mutex;

    /// <summary>Takes over one use, already counted.</summary>
    internal FastMutexLease(MutexHeader* mutex) => _mutex = mutex;

    /// <summary>The mutex; empty when there is none, or no longer.</summary>
    internal readonly FastMutex<T> Mutex => new(_mutex);

    /// <summary>Gives the mutex back, if that has not been done. IRQL: &lt;= DISPATCH_LEVEL; above it the mutex stays in use.</summary>
    /// <returns><see cref="GrtError.IrqlTooHigh"/> on failure.</returns>
    internal GrtError GiveBack()
    {
        GrtError error = _mutex == null ? GrtError.None : RegistryTable.GiveBack(_mutex);
        if (error == GrtError.None)
        {
            _mutex = null;
        }

        return error;
    }

    /// <summary>Gives the mutex back, if that has not been done.</summary>
    public void Dispose() => _ = GiveBack();
}
