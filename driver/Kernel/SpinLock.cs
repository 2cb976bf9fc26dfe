namespace Tracing.Driver;

/// <summary>A KSPIN_LOCK: a resident pointer-sized word, free when zero. While it is held, the processor is at DISPATCH_LEVEL.</summary>
internal unsafe struct SpinLock
{
#pragma warning disable IDE0044 // The kernel writes it.
    private nuint _word;
#pragma warning restore IDE0044

    /// <summary>Acquires. IRQL: &lt;= DISPATCH_LEVEL; returns at DISPATCH_LEVEL.</summary>
    /// <returns>The IRQL before, for <see cref="Release"/>.</returns>
    internal byte Acquire()
    {
        fixed (nuint* word = &_word)
        {
            return Kernel.KeAcquireSpinLockRaiseToDpc(word);
        }
    }

    /// <summary>Releases. IRQL: DISPATCH_LEVEL; returns at <paramref name="irql"/>.</summary>
    internal void Release(byte irql)
    {
        fixed (nuint* word = &_word)
        {
            Kernel.KeReleaseSpinLock(word, irql);
        }
    }
}
