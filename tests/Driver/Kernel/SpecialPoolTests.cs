using Tracing.Driver.Tests.Support;
using Tracing.Host;
using Tracing.Host.Faults;
using Tracing.Host.Kernel;

namespace Tracing.Driver.Tests.Kernel;

/// <summary>Pool whose blocks end where nobody may touch anything, and whose freed blocks nobody may touch: touched by driver code.</summary>
public unsafe class SpecialPoolTests
{
    private const ulong NonPaged = 0x40;
    private const uint Tag = 0x7874_4D4B; // 'KMtx'

    [Theory]
    [InlineData(64, 64, "0 bytes behind the end of Pool 'KMtx' of 64 bytes")]
    [InlineData(40, 48, "8 bytes behind the end of Pool 'KMtx' of 40 bytes")] // up to 48 is the alignment's
    [InlineData(4096, 4096, "0 bytes behind the end of Pool 'KMtx' of 4096 bytes")]
    public void An_access_behind_the_end_faults_and_names_the_block(int size, int offset, string expected)
    {
        FaultStop stop = Touch(write: false, size, offset, free: false);
        Assert.Equal(FaultKind.ReadAccessViolation, stop.Report.Kind);
        Assert.Contains($"That is {expected} from ", stop.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, FaultKind.WriteAccessViolation)]
    [InlineData(false, FaultKind.ReadAccessViolation)]
    public void An_access_after_the_free_faults_and_names_the_block_and_who_freed_it(bool write, FaultKind kind)
    {
        FaultStop stop = Touch(write, size: 64, offset: 24, free: true);
        Assert.Equal(kind, stop.Report.Kind);
        Assert.Matches("That is 24 bytes into Pool 'KMtx' of 64 bytes from .*, freed at .* by thread \\d+\\.", stop.Sentence);
    }

    [Theory]
    [InlineData(40, 40)] // between the end and the next multiple of 16
    [InlineData(40, -1)]
    [InlineData(5000, 8191)] // a block of more than a page begins on one, so that its end is not at one
    public void A_write_beside_the_block_that_cannot_fault_is_found_at_the_free(int size, int offset)
    {
        using KernelFixture kernel = new(pool: PoolKind.Special);
        Assert.True(kernel.Run(thread =>
        {
            ulong block = kernel.Call(thread, "ExAllocatePool2", NonPaged, (ulong)size, Tag);
            *((byte*)block + offset) = 1;
            kernel.Call(thread, "ExFreePoolWithTag", block, Tag);
        }));
        Assert.Contains("written outside of its bounds", Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(4096)]
    [InlineData(10_000)]
    public void A_block_is_zeroed_and_aligned(int size)
    {
        using KernelFixture kernel = new(pool: PoolKind.Special);
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
    public void A_second_free_names_the_first()
    {
        using KernelFixture kernel = new(pool: PoolKind.Special);
        Assert.False(kernel.Run(thread =>
        {
            ulong block = kernel.Call(thread, "ExAllocatePool2", NonPaged, 64, Tag);
            kernel.Call(thread, "ExFreePoolWithTag", block, Tag);
            kernel.Call(thread, "ExFreePoolWithTag", block, Tag);
        }));
        Assert.Matches("is free already: Pool 'KMtx' of 64 bytes from .*, freed at .* by thread", Assert.Single(kernel.Violations));
    }

    [Fact]
    public void A_freed_block_given_to_the_kernel_is_the_drivers_fault()
    {
        using KernelFixture kernel = new(pool: PoolKind.Special);
        Assert.False(kernel.Run(thread =>
        {
            ulong block = kernel.Call(thread, "ExAllocatePool2", NonPaged, 64, Tag);
            kernel.Call(thread, "ExFreePoolWithTag", block, Tag);
            kernel.Call(thread, "KeInitializeMutex", block, 0);
        }));
        FaultStop stop = Assert.IsType<FaultStop>(kernel.Kernel.Stopped);
        Assert.StartsWith("KeInitializeMutex, with a pointer it was given by ", stop.Report.Location, StringComparison.Ordinal);
        Assert.Contains("0 bytes into Pool 'KMtx'", stop.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void What_goes_beyond_its_bounds_is_ordinary_pool()
    {
        using KernelFixture kernel = new(pool: PoolKind.Special);
        Assert.True(kernel.Run(thread =>
        {
            HashSet<ulong> blocks = [];
            for (int i = 0; i < SpecialPool.MaximumBlocks + 100; i++)
            {
                blocks.Add(kernel.Call(thread, "ExAllocatePool2", NonPaged, 64, Tag));
            }

            Assert.DoesNotContain(0ul, blocks);
            Assert.Equal(SpecialPool.MaximumBlocks + 100, blocks.Count);
            Assert.Equal(SpecialPool.MaximumBlocks, blocks.Count(block => kernel.Kernel.Pool.Describe((nuint)block) is not null));
        }));
    }

    [Fact]
    public void So_many_freed_blocks_are_remembered_and_no_more()
    {
        using KernelFixture kernel = new(pool: PoolKind.Special);
        Assert.True(kernel.Run(thread =>
        {
            ulong first = kernel.Call(thread, "ExAllocatePool2", NonPaged, 64, Tag);
            kernel.Call(thread, "ExFreePoolWithTag", first, Tag);
            for (int i = 1; i < SpecialPool.MaximumClosed; i++)
            {
                kernel.Call(thread, "ExFreePoolWithTag", kernel.Call(thread, "ExAllocatePool2", NonPaged, 64, Tag), Tag);
            }

            Assert.NotNull(kernel.Kernel.Pool.Describe((nuint)first));
            kernel.Call(thread, "ExFreePoolWithTag", kernel.Call(thread, "ExAllocatePool2", NonPaged, 64, Tag), Tag);
            Assert.Null(kernel.Kernel.Pool.Describe((nuint)first));
        }));
    }

    [Fact]
    public void Who_waits_for_a_mutex_in_a_freed_block_waits_on_and_the_host_survives()
    {
        using KernelFixture kernel = new(pool: PoolKind.Special);
        RunningStep? waiter = null;
        kernel.Run(owner =>
        {
            ulong mutex = kernel.Call(owner, "ExAllocatePool2", NonPaged, 0x38, Tag);
            kernel.Call(owner, "KeInitializeMutex", mutex, 0);
            kernel.Wait(owner, mutex);
            waiter = kernel.Start(thread => kernel.Wait(thread, mutex, -10_000));
            KernelFixture.Until(() => kernel.Waiters(mutex) == 1, "a thread waits");
            kernel.Call(owner, "ExFreePoolWithTag", mutex, Tag);
            kernel.Release(owner, mutex);
        });
        waiter!.Join();
        Assert.Contains("holds a KMUTEX that thread", kernel.Violations[0], StringComparison.Ordinal);
        Assert.Contains("no initialised KMUTEX", kernel.Violations[^1], StringComparison.Ordinal);
    }

    /// <summary>Has driver code access a byte.</summary>
    private static FaultStop Touch(bool write, int size, int offset, bool free)
    {
        using KernelFixture kernel = new(pool: PoolKind.Special);

        // mov [rcx],al or mov al,[rcx]; ret
        using NativeCode code = new(writer =>
        {
            writer.Raw(write ? (byte)0x88 : (byte)0x8A, 0x01);
            writer.Return();
        });
        FaultGuard.Watch(code.Address, 3);
        try
        {
            Assert.False(kernel.Run(thread =>
            {
                ulong block = kernel.Call(thread, "ExAllocatePool2", NonPaged, (ulong)size, Tag);
                DriverCall.Invoke(thread, code.Address, block + (ulong)size - 1);
                if (free)
                {
                    kernel.Call(thread, "ExFreePoolWithTag", block, Tag);
                }

                DriverCall.Invoke(thread, code.Address, block + (ulong)offset);
            }));
        }
        finally
        {
            FaultGuard.Forget(code.Address);
        }

        return Assert.IsType<FaultStop>(kernel.Kernel.Stopped);
    }
}
