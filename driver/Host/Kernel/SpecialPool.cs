using Tracing.Host.Native;

namespace Tracing.Host.Kernel;

/// <summary>
/// Pool in which each block has pages of its own: it ends where a page begins that nobody may touch, so that an access behind its end faults at
/// once, and when it is freed its pages are closed, so that every later access faults too. What lies on the pages beside the block holds
/// a pattern, which is looked at when the block is freed.
/// </summary>
/// <remarks>
/// <para>Bounded: so many blocks at once, and then it has no memory, and the ordinary pool serves; so many closed blocks, and then the oldest is given
/// back to the system, and an access to it is a plain fault or, where the address is in use again, not seen. The bounds keep a machine within the
/// 65,530 mappings that Linux grants a process.</para>
/// <para>Source of the idea: Driver Verifier's "Special Pool". Blocks of a page and more begin on a page, as ExAllocatePool2's page promises, and end
/// with up to 4,095 bytes of the pattern.</para>
/// </remarks>
internal sealed unsafe class SpecialPool : IPoolHeap
{
    internal const int MaximumBlocks = 4096;
    internal const int MaximumClosed = 2048;
    internal const ulong MaximumBytes = 256 << 20;
    internal const byte GuardPattern = 0xFD;

    private const int Alignment = 16;

    private readonly Queue<PoolBlock> _closed = new();
    private readonly Dictionary<nuint, nuint> _open = [];
    private ulong _bytes;

    /// <inheritdoc/>
    public nuint Allocate(nuint size, bool zeroed)
    {
        nuint pages = PageMemory.RoundUp(size);
        if (_open.Count == MaximumBlocks || _bytes + pages > MaximumBytes)
        {
            return 0;
        }

        byte* start = PageMemory.Current.Allocate(pages + PageMemory.PageSize);
        PageMemory.Current.Protect(start + pages, PageMemory.PageSize, PageProtection.None);
        nuint address = (nuint)start + OffsetOf(size);
        _open.Add(address, pages);
        _bytes += pages;
        new Span<byte>(start, (int)pages).Fill(GuardPattern);
        if (zeroed)
        {
            new Span<byte>((void*)address, (int)size).Clear();
        }

        return address;
    }

    /// <inheritdoc/>
    public bool IsGuardWhole(PoolBlock block)
    {
        nuint start = StartOf(block);
        nuint end = block.Address + block.Size;
        return !new ReadOnlySpan<byte>((void*)start, (int)(block.Address - start)).ContainsAnyExcept(GuardPattern)
            && !new ReadOnlySpan<byte>((void*)end, (int)(start + PageMemory.RoundUp(block.Size) - end)).ContainsAnyExcept(GuardPattern);
    }

    /// <inheritdoc/>
    public void Free(PoolBlock block)
    {
        _ = _open.Remove(block.Address, out nuint pages);
        PageMemory.Current.Protect((byte*)StartOf(block), pages, PageProtection.None);
        _closed.Enqueue(block);
        _bytes -= pages;
        if (_closed.Count > MaximumClosed)
        {
            GiveBack(StartOf(_closed.Peek()), _closed.Dequeue().Size);
        }
    }

    /// <inheritdoc/>
    public PoolBlock? FindFreed(nuint address) => _closed.LastOrDefault(block => IsAround(block, address));

    /// <summary>Nobody can write to a closed block.</summary>
    public IEnumerable<PoolBlock> TakeWrittenWhileFree() => [];

    /// <summary>Whether an address lies on the pages of a block, the untouchable one behind it included.</summary>
    internal static bool IsAround(PoolBlock block, nuint address) =>
        address >= StartOf(block) && address - StartOf(block) < PageMemory.RoundUp(block.Size) + PageMemory.PageSize;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PoolBlock block in _closed)
        {
            GiveBack(StartOf(block), block.Size);
        }

        foreach ((nuint address, nuint pages) in _open)
        {
            GiveBack(address & ~(nuint)(PageMemory.PageSize - 1), pages);
        }

        _closed.Clear();
        _open.Clear();
    }

    /// <summary>Where a block lies on its pages: at their end, as far as alignment allows.</summary>
    private static nuint OffsetOf(nuint size) =>
        size >= PageMemory.PageSize ? 0 : PageMemory.PageSize - ((size + (Alignment - 1)) & ~(nuint)(Alignment - 1));

    private static nuint StartOf(PoolBlock block) => block.Address - OffsetOf(block.Size);

    private static void GiveBack(nuint start, nuint size) =>
        PageMemory.Current.Free((byte*)start, PageMemory.RoundUp(size) + PageMemory.PageSize);
}
