namespace Tracing.Host.Kernel;

/// <summary>Memory under the pool. Not thread-safe: the pool locks.</summary>
internal interface IPoolHeap : IDisposable
{
    /// <summary>Gets memory, with a guard around it.</summary>
    /// <param name="size">The bytes asked for, not zero.</param>
    /// <param name="zeroed">Whether to clear them; else they hold anything.</param>
    /// <returns>The block, or 0 if there is no memory.</returns>
    nuint Allocate(nuint size, bool zeroed);

    /// <summary>Whether nothing was written around a block.</summary>
    bool IsGuardWhole(PoolBlock block);

    /// <summary>Takes a block back.</summary>
    void Free(PoolBlock block);

    /// <summary>The block that was freed last at an address or around it, or null if none is remembered.</summary>
    PoolBlock? FindFreed(nuint address);

    /// <summary>Blocks that were written to while they were free; each is told once.</summary>
    IEnumerable<PoolBlock> TakeWrittenWhileFree();
}
