using System.Runtime.InteropServices;
using Tracing.Host.Native;

namespace Tracing.Host.Kernel;

/// <summary>
/// Ordinary pool. Freed blocks are filled with a pattern, kept, and handed out again to the next allocation of their size, as a lookaside list
/// does: a driver sees its addresses reused, and a write after a free is found when the block is reused or when the machine ends. Every block
/// ends in a guard.
/// </summary>
internal sealed unsafe class PoolHeap : IPoolHeap
{
    internal const byte FreedPattern = 0xEE;
    internal const byte GuardPattern = 0xFD;
    internal const int GuardSize = 16;

    private readonly Dictionary<nuint, Stack<PoolBlock>> _free = [];
    private readonly Dictionary<nuint, PoolBlock?> _ever = [];
    private readonly List<PoolBlock> _written = [];

    /// <inheritdoc/>
    public nuint Allocate(nuint size, bool zeroed)
    {
        nuint capacity = CapacityFor(size);
        nuint address;
        if (_free.TryGetValue(capacity, out Stack<PoolBlock>? blocks) && blocks.TryPop(out PoolBlock? reused))
        {
            address = reused.Address;
            if (!IsUntouched(reused))
            {
                _written.Add(reused);
            }
        }
        else
        {
            // ExAllocatePool2: blocks of a page or more begin on a page, others on 16 bytes.
            address = (nuint)NativeMemory.AlignedAlloc(capacity, size >= PageMemory.PageSize ? (nuint)PageMemory.PageSize : 16);
            if (address == 0)
            {
                return 0;
            }
        }

        _ever[address] = null;
        Span<byte> block = new((void*)address, (int)capacity);
        block[(int)size..].Fill(GuardPattern);
        if (zeroed)
        {
            block[..(int)size].Clear();
        }

        return address;
    }

    /// <inheritdoc/>
    public bool IsGuardWhole(PoolBlock block) =>
        !new ReadOnlySpan<byte>((void*)(block.Address + block.Size), (int)(CapacityFor(block.Size) - block.Size)).ContainsAnyExcept(GuardPattern);

    /// <inheritdoc/>
    public void Free(PoolBlock block)
    {
        nuint capacity = CapacityFor(block.Size);
        new Span<byte>((void*)block.Address, (int)capacity).Fill(FreedPattern);
        if (!_free.TryGetValue(capacity, out Stack<PoolBlock>? blocks))
        {
            _free[capacity] = blocks = new Stack<PoolBlock>();
        }

        blocks.Push(block);
        _ever[block.Address] = block;
    }

    /// <inheritdoc/>
    public PoolBlock? FindFreed(nuint address) => _ever.GetValueOrDefault(address);

    /// <inheritdoc/>
    public IEnumerable<PoolBlock> TakeWrittenWhileFree()
    {
        PoolBlock[] taken = [.. _written];
        _written.Clear();
        return taken;
    }

    /// <summary>Looks at every free block, at the end.</summary>
    internal void Inspect() => _written.AddRange(_free.Values.SelectMany(blocks => blocks).Where(block => !IsUntouched(block)));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (nuint address in _ever.Keys)
        {
            NativeMemory.AlignedFree((void*)address);
        }

        _ever.Clear();
        _free.Clear();
    }

    private static nuint CapacityFor(nuint size) => ((size + 15) & ~(nuint)15) + GuardSize;

    private static bool IsUntouched(PoolBlock block) =>
        !new ReadOnlySpan<byte>((void*)block.Address, (int)CapacityFor(block.Size)).ContainsAnyExcept(FreedPattern);
}
