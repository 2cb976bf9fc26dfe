using System.Runtime.InteropServices;

namespace Tracing.Host.Kernel;

/// <summary>
/// The memory under the pool. Freed blocks are filled with a pattern, kept, and handed out again to the next allocation of their size, as a
/// lookaside list does: a driver sees its addresses reused, and a write after a free is found when the block is reused or when the machine
/// ends. Every block ends in a guard. Not thread-safe: the pool locks.
/// </summary>
internal sealed unsafe class PoolHeap : IDisposable
{
    internal const byte FreedPattern = 0xEE;
    internal const byte GuardPattern = 0xFD;
    internal const int GuardSize = 16;

    private readonly Dictionary<nuint, Stack<nuint>> _free = [];
    private readonly Dictionary<nuint, nuint> _capacities = [];

    /// <summary>Gets memory with a guard behind it.</summary>
    /// <param name="size">The bytes asked for, not zero.</param>
    /// <param name="zeroed">Whether to clear them; else they hold what they held.</param>
    /// <param name="capacity">The bytes in all.</param>
    /// <param name="writtenWhileFree">Whether somebody wrote to the block while it was free.</param>
    /// <returns>The block, or 0 if there is no memory.</returns>
    internal nuint Allocate(nuint size, bool zeroed, out nuint capacity, out bool writtenWhileFree)
    {
        capacity = ((size + 15) & ~(nuint)15) + GuardSize;
        writtenWhileFree = false;
        nuint address;
        if (_free.TryGetValue(capacity, out Stack<nuint>? blocks) && blocks.TryPop(out address))
        {
            writtenWhileFree = !IsUntouched(address, capacity);
        }
        else
        {
            // ExAllocatePool2: blocks of a page or more begin on a page, others on 16 bytes.
            address = (nuint)NativeMemory.AlignedAlloc(capacity, size >= Native.PageMemory.PageSize ? (nuint)Native.PageMemory.PageSize : 16);
            if (address == 0)
            {
                return 0;
            }

            _capacities[address] = capacity;
        }

        Span<byte> block = new((void*)address, (int)capacity);
        block[(int)size..].Fill(GuardPattern);
        if (zeroed)
        {
            block[..(int)size].Clear();
        }

        return address;
    }

    /// <summary>Whether nothing was written behind the block's end.</summary>
    internal static bool IsGuardWhole(PoolBlock block) =>
        !new ReadOnlySpan<byte>((void*)(block.Address + block.Size), (int)(block.Capacity - block.Size)).ContainsAnyExcept(GuardPattern);

    internal void Free(PoolBlock block)
    {
        new Span<byte>((void*)block.Address, (int)block.Capacity).Fill(FreedPattern);
        if (!_free.TryGetValue(block.Capacity, out Stack<nuint>? blocks))
        {
            _free[block.Capacity] = blocks = new Stack<nuint>();
        }

        blocks.Push(block.Address);
    }

    /// <summary>Whether an address began a block once.</summary>
    internal bool WasEverAllocated(nuint address) => _capacities.ContainsKey(address);

    /// <summary>The free blocks that were written to.</summary>
    internal IEnumerable<nuint> WrittenWhileFree() =>
        _free.SelectMany(pair => pair.Value.Where(address => !IsUntouched(address, pair.Key)));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (nuint address in _capacities.Keys)
        {
            NativeMemory.AlignedFree((void*)address);
        }

        _capacities.Clear();
        _free.Clear();
    }

    private static bool IsUntouched(nuint address, nuint capacity) =>
        !new ReadOnlySpan<byte>((void*)address, (int)capacity).ContainsAnyExcept(FreedPattern);
}
