namespace Tracing.Host.Kernel;

/// <summary>Pool with tags. Thread-safe. DDI pages: ExAllocatePool2, ExFreePoolWithTag, ExFreePool.</summary>
internal sealed unsafe class PoolImports : IImportFamily, IDisposable
{
    /// <summary>The largest block: what the simulated machine has of memory for one.</summary>
    internal const ulong MaximumBlock = 1 << 30;

    private const string WrittenOutside = "was written outside of its bounds";
    private const ulong FlagUninitialized = 0x02;
    private const ulong FlagRaiseOnFailure = 0x20;
    private const ulong FlagPaged = 0x100;
    private const ulong PoolKinds = 0x40 | 0x80 | FlagPaged;

    private readonly SimulatedKernel _kernel;
    private readonly Lock _gate = new();
    private readonly PoolHeap _heap = new();
    private readonly SpecialPool? _special;
    private readonly Dictionary<nuint, PoolBlock> _blocks = [];

    internal PoolImports(SimulatedKernel kernel, PoolKind kind)
    {
        _kernel = kernel;
        _special = kind == PoolKind.Special ? new SpecialPool() : null;
        Imports =
        [
            new("ExAllocatePool2", "wdm/nf-wdm-exallocatepool2", IrqlRange.UpToDispatch, ExAllocatePool2)
            {
                Rules = ["exactly one kind of pool", "a tag and a size other than zero", "paged pool at <= APC_LEVEL only"],
                Failures = [new("null", (_, call) => Refuse(call.UInt64(0)))],
            },
            new("ExFreePoolWithTag", "wdm/nf-wdm-exfreepoolwithtag", IrqlRange.UpToDispatch, (caller, call) => Free(caller, call, "ExFreePoolWithTag", call.UInt32(1)))
            {
                Rules =
                [
                    "an allocated block",
                    "the tag it was allocated with, or zero",
                    "nothing in it that a thread owns or waits for",
                    "nothing written outside of its bounds",
                ],
            },
            new("ExFreePool", "ntddk/nf-ntddk-exfreepool", IrqlRange.UpToDispatch, (caller, call) => Free(caller, call, "ExFreePool", null))
            {
                Rules =
                [
                    "an allocated block",
                    "nothing in it that a thread owns or waits for",
                    "nothing written outside of its bounds",
                ],
            },
        ];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Import> Imports { get; }

    /// <summary>The blocks that are allocated now.</summary>
    internal IReadOnlyList<PoolLeak> Allocated()
    {
        lock (_gate)
        {
            return [.. _blocks.Values.Select(block => new PoolLeak(block.Address, block.Size, block.TagName, block.Allocator))];
        }
    }

    /// <summary>Looks over all memory for writes where none may be. By the controlling thread, at the end.</summary>
    internal void Inspect()
    {
        lock (_gate)
        {
            foreach (PoolBlock block in _blocks.Values.Where(block => !block.Heap.IsGuardWhole(block)))
            {
                _kernel.Violations.Add($"{block} {WrittenOutside}.");
            }

            _heap.Inspect();
            TellWrittenWhileFree();
        }
    }

    /// <summary>Says which block an address lies in or beside, if one is known there: for the message of a fault.</summary>
    internal string? Describe(nuint address)
    {
        lock (_gate)
        {
            if (_special?.FindFreed(address) is { } freed)
            {
                return $"{Place(freed, address)}, freed {freed.Freed}";
            }

            return _blocks.Values.FirstOrDefault(block => block.Heap is SpecialPool && SpecialPool.IsAround(block, address)) is { } block
                ? Place(block, address)
                : null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _heap.Dispose();
        _special?.Dispose();
    }

    /// <summary>DDI: ExAllocatePool2.</summary>
    private ulong ExAllocatePool2(SimulatedThread caller, KernelCall call)
    {
        ulong flags = call.UInt64(0);
        ulong size = call.UInt64(1);
        uint tag = call.UInt32(2);
        ulong kind = flags & PoolKinds;
        if (kind == 0 || (kind & (kind - 1)) != 0)
        {
            _kernel.Violate(caller, call, "ExAllocatePool2", $"flags 0x{flags:X} name not exactly one kind of pool");
            return 0;
        }

        if (kind == FlagPaged && caller.Irql > Irql.Apc)
        {
            _kernel.Violate(
                caller, call, "ExAllocatePool2", $"paged pool asked for at {Irql.Name(caller.Irql)}; its DDI page allows {IrqlRange.UpToApc}");
        }

        if (tag == 0 || size == 0)
        {
            _kernel.Violate(caller, call, "ExAllocatePool2", tag == 0 ? "the tag is zero" : "the size is zero");
        }

        nuint address = 0;
        if (size is > 0 and <= MaximumBlock)
        {
            string allocator = _kernel.Describe(call.ReturnAddress);
            bool zeroed = (flags & FlagUninitialized) == 0;
            lock (_gate)
            {
                IPoolHeap heap = _heap;
                if (_special?.Allocate((nuint)size, zeroed) is { } fenced and not 0)
                {
                    (address, heap) = (fenced, _special);
                }
                else
                {
                    address = _heap.Allocate((nuint)size, zeroed);
                }

                if (address != 0)
                {
                    _blocks[address] = new PoolBlock(address, (nuint)size, tag, allocator, heap);
                }

                TellWrittenWhileFree();
            }
        }

        return address == 0 ? Refuse(flags) : address;
    }

    /// <summary>There is no memory: null, or an exception for who asked for that.</summary>
    private ulong Refuse(ulong flags) => (flags & FlagRaiseOnFailure) == 0 ? 0ul : throw _kernel.BugCheck(new BugCheckStop(
        BugCheckCode.KModeExceptionNotHandled,
        unchecked((uint)NtStatus.InsufficientResources),
        0,
        0,
        0,
        "ExAllocatePool2 raised, and nobody catches."));

    /// <summary>DDI: ExFreePoolWithTag, ExFreePool.</summary>
    private ulong Free(SimulatedThread caller, KernelCall call, string routine, uint? tag)
    {
        nuint address = call.Address(0);
        lock (_gate)
        {
            if (!_blocks.Remove(address, out PoolBlock? block))
            {
                PoolBlock? freed = _special?.FindFreed(address) ?? _heap.FindFreed(address);
                string problem = freed?.Address == address ? $"is free already: {freed}, freed {freed.Freed}" : "was never allocated";
                throw _kernel.StopForViolation(caller, call, routine, $"the block at 0x{address:X} {problem}", BugCheckCode.BadPoolCaller, 7, address);
            }

            if (tag is { } given && given != 0 && given != block.Tag)
            {
                _kernel.Violate(caller, call, routine, $"{block} is freed with tag '{(block with { Tag = given }).TagName}'");
            }

            if (!block.Heap.IsGuardWhole(block))
            {
                _kernel.Violate(caller, call, routine, $"{block} {WrittenOutside}");
            }

            ForgetObjects(caller, call, routine, block);
            block.Heap.Free(block with { Freed = $"at {_kernel.Describe(call.ReturnAddress)} by thread {caller.Id}" });
        }

        return KernelResult.Void;
    }

    /// <summary>The dispatcher objects in a block die with it; those in use may not.</summary>
    private void ForgetObjects(SimulatedThread caller, KernelCall call, string routine, PoolBlock block)
    {
        foreach (DispatcherObject dying in _kernel.Dispatcher.In(block.Address, block.Size))
        {
            lock (dying.Gate)
            {
                if (dying is KernelMutex { Owner: { } owner })
                {
                    _kernel.Violate(caller, call, routine, $"{block} holds a KMUTEX that thread {owner.Id} owns");
                }

                if (dying is KernelEvent { FastMutex: not null } passed && _kernel.FastMutexes.OwnerOf(passed) is { } holder)
                {
                    _kernel.Violate(caller, call, routine, $"{block} holds a FAST_MUTEX that thread {holder.Id} owns");
                }

                if (dying.WaiterCount > 0)
                {
                    _kernel.Violate(caller, call, routine, $"{block} holds a {dying.Kind} with {dying.WaiterCount} waiting threads");
                }

                dying.Bury();
            }

            _kernel.Dispatcher.Remove(dying);
        }
    }

    private void TellWrittenWhileFree()
    {
        foreach (PoolBlock block in _heap.TakeWrittenWhileFree())
        {
            _kernel.Blame($"{block}, freed {block.Freed}, was written after it was freed.");
        }
    }

    private static string Place(PoolBlock block, nuint address)
    {
        long offset = (long)(address - block.Address);
        string place = offset < 0 ? $"{-offset} bytes before"
            : offset >= (long)block.Size ? $"{offset - (long)block.Size} bytes behind the end of"
            : $"{offset} bytes into";
        return $"{place} {block}";
    }
}
