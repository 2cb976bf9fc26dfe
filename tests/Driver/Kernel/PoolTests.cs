using Tracing.Driver.Tests.Support;
using Tracing.Host.Kernel;

namespace Tracing.Driver.Tests.Kernel;

/// <summary>Pool by its DDI pages: ExAllocatePool2, ExFreePoolWithTag.</summary>
public unsafe class PoolTests
{
    private const ulong NonPaged = 0x40;
    private const ulong Paged = 0x100;
    private const ulong Uninitialized = 0x02;
    private const uint Tag = 0x7874_4D4B; // 'KMtx'

    [Theory]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(10_000)]
    public void A_block_is_zeroed_and_aligned(int size)
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            ulong block = kernel.Call(thread, "ExAllocatePool2", NonPaged, (ulong)size, Tag);
            Assert.Equal(0ul, block % (size >= 4096 ? 4096u : 16u));
            Assert.False(new ReadOnlySpan<byte>((void*)block, size).ContainsAnyExcept((byte)0));
            kernel.Call(thread, "ExFreePoolWithTag", block, Tag);
        }));
        Assert.Empty(kernel.Violations);
    }

    [Fact]
    public void An_uninitialized_block_is_not_zeroed_and_a_freed_address_is_used_again()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            ulong first = kernel.Call(thread, "ExAllocatePool2", NonPaged, 100, Tag);
            kernel.Call(thread, "ExFreePoolWithTag", first, Tag);
            ulong second = kernel.Call(thread, "ExAllocatePool2", NonPaged | Uninitialized, 100, Tag);
            Assert.Equal(first, second);
            Assert.Equal(PoolHeap.FreedPattern, *(byte*)second);
        }));
    }

    [Fact]
    public void What_is_still_allocated_is_listed_with_size_and_tag()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            kernel.Call(thread, "ExAllocatePool2", NonPaged, 100, Tag);
            ulong freed = kernel.Call(thread, "ExAllocatePool2", NonPaged, 200, Tag);
            kernel.Call(thread, "ExAllocatePool2", NonPaged, 300, 0x01_41_42_43);
            kernel.Call(thread, "ExFreePoolWithTag", freed, Tag);
        }));
        Assert.Equal(
            [(100ul, "KMtx"), (300ul, "CBA.")], kernel.Kernel.Pool.Allocated().OrderBy(leak => leak.Size).Select(leak => (leak.Size, leak.Tag)));
    }

    [Theory]
    [InlineData(true, "is free already")]
    [InlineData(false, "was never allocated")]
    public void Freeing_what_is_not_allocated_stops_the_machine(bool twice, string expected)
    {
        using KernelFixture kernel = new();
        Assert.False(kernel.Run(thread =>
        {
            ulong block = kernel.Call(thread, "ExAllocatePool2", NonPaged, 64, Tag);
            kernel.Call(thread, "ExFreePoolWithTag", block, Tag);
            kernel.Call(thread, "ExFreePoolWithTag", twice ? block : block + 16, Tag);
        }));
        Assert.Equal(0xC2u, Assert.IsType<BugCheckStop>(kernel.Kernel.Stopped).Code);
        Assert.Contains(expected, Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_tag_at_the_free_is_a_violation()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            ulong block = kernel.Call(thread, "ExAllocatePool2", NonPaged, 64, Tag);
            kernel.Call(thread, "ExFreePoolWithTag", block, 0x4141_4141);
        }));
        Assert.Contains("freed with tag 'AAAA'", Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)] // inside the rounding to 16
    [InlineData(48)] // inside the guard
    public void A_write_behind_the_end_is_found_at_the_free(int offset)
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            ulong block = kernel.Call(thread, "ExAllocatePool2", NonPaged, 40, Tag);
            *((byte*)block + offset) = 1;
            kernel.Call(thread, "ExFreePoolWithTag", block, Tag);
        }));
        Assert.Contains("written outside of its bounds", Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_write_after_the_free_is_found_when_the_block_is_used_again_or_at_the_end(bool reuse)
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            ulong block = kernel.Call(thread, "ExAllocatePool2", NonPaged, 40, Tag);
            kernel.Call(thread, "ExFreePoolWithTag", block, Tag);
            *((byte*)block + 8) = 1;
            if (reuse)
            {
                Assert.Equal(block, kernel.Call(thread, "ExAllocatePool2", NonPaged, 40, Tag));
            }
        }));
        kernel.Kernel.Pool.Inspect();
        Assert.Contains("written after it was freed", Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void Freeing_a_block_with_a_held_mutex_and_a_waiter_is_two_violations()
    {
        using KernelFixture kernel = new();
        RunningStep? waiter = null;
        kernel.Run(owner =>
        {
            ulong block = kernel.Call(owner, "ExAllocatePool2", NonPaged, 0x80, Tag);
            ulong mutex = block + 0x40;
            kernel.Call(owner, "KeInitializeMutex", mutex, 0);
            kernel.Wait(owner, mutex);
            waiter = kernel.Start(thread => kernel.Wait(thread, mutex));
            KernelFixture.Until(() => kernel.Waiters(mutex) == 1, "a thread waits");
            kernel.Call(owner, "ExFreePoolWithTag", block, Tag);
            kernel.Kernel.Stop(new CancelledStop());
        });
        Assert.False(waiter!.Join());
        Assert.Equal(2, kernel.Violations.Count);
        Assert.Contains("holds a KMUTEX that thread", kernel.Violations[0], StringComparison.Ordinal);
        Assert.Contains("holds a KMUTEX with 1 waiting threads", kernel.Violations[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_mutex_dies_with_its_block()
    {
        using KernelFixture kernel = new();
        Assert.False(kernel.Run(thread =>
        {
            ulong block = kernel.Call(thread, "ExAllocatePool2", NonPaged, 0x38, Tag);
            kernel.Call(thread, "KeInitializeMutex", block, 0);
            kernel.Call(thread, "ExFreePoolWithTag", block, Tag);
            kernel.Wait(thread, block);
        }));
        Assert.Contains("no initialised dispatcher object", Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x00, 64, Tag, "name not exactly one kind of pool")]
    [InlineData(0x140, 64, Tag, "name not exactly one kind of pool")]
    [InlineData(0x40, 64, 0, "the tag is zero")]
    [InlineData(0x40, 0, Tag, "the size is zero")]
    public void An_allocation_that_makes_no_sense_is_a_violation(ulong flags, ulong size, uint tag, string expected)
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread => kernel.Call(thread, "ExAllocatePool2", flags, size, tag)));
        Assert.Contains(expected, Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void Paged_pool_at_DISPATCH_LEVEL_is_a_violation()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            thread.Irql = Irql.Dispatch;
            kernel.Call(thread, "ExAllocatePool2", Paged, 64, Tag);
            thread.Irql = Irql.Passive;
        }));
        Assert.Contains("paged pool asked for at DISPATCH_LEVEL", Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_the_machine_has_is_refused_with_null()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread => Assert.Equal(0ul, kernel.Call(thread, "ExAllocatePool2", NonPaged, 1ul << 40, Tag))));
        Assert.Empty(kernel.Violations);
    }
}
