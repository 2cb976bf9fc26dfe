using Tracing.Driver.Tests.Support;
using Tracing.Host.Kernel;

namespace Tracing.Driver.Tests.Kernel;

/// <summary>Fast mutexes of the simulated machine, by their DDI pages.</summary>
public unsafe class FastMutexTests
{
    [Theory]
    [InlineData("ExAcquireFastMutex", 0, 1)]
    [InlineData("ExTryToAcquireFastMutex", 0, 1)]
    [InlineData("ExReleaseFastMutex", 1, 1)]
    public void The_range_of_a_routine_is_that_of_its_DDI_page(string name, byte minimum, byte maximum)
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Kernel.Imports.TryFind(name, out int index));
        Assert.Equal(new IrqlRange(minimum, maximum), kernel.Kernel.Imports[index].Irql);
    }

    [Fact]
    public void The_holder_is_at_APC_LEVEL_and_returns_to_where_it_came_from()
    {
        using KernelFixture kernel = new();
        ulong mutex = FastMutex(kernel);
        Assert.True(kernel.Run(thread =>
        {
            kernel.Call(thread, "ExAcquireFastMutex", mutex);
            Assert.Equal(Irql.Apc, thread.Irql);
            kernel.Call(thread, "ExReleaseFastMutex", mutex);
            Assert.Equal(Irql.Passive, thread.Irql);
        }));
        Assert.Empty(kernel.Violations);
    }

    [Fact]
    public void One_thread_at_a_time_holds_it()
    {
        using KernelFixture kernel = new();
        ulong mutex = FastMutex(kernel);
        using ManualResetEventSlim tried = new();
        Assert.True(kernel.Run(thread =>
        {
            Assert.Equal(1, (byte)kernel.Call(thread, "ExTryToAcquireFastMutex", mutex));
            RunningStep other = kernel.Start(second =>
            {
                Assert.Equal(0, (byte)kernel.Call(second, "ExTryToAcquireFastMutex", mutex));
                Assert.Equal(Irql.Passive, second.Irql);
                tried.Set();
                kernel.Call(second, "ExAcquireFastMutex", mutex);
                kernel.Call(second, "ExReleaseFastMutex", mutex);
            });
            Assert.True(tried.Wait(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken), "the other thread has not tried");
            kernel.Call(thread, "ExReleaseFastMutex", mutex);
            Assert.True(other.Join());
        }));
        Assert.Empty(kernel.Violations);
    }

    [Fact]
    public void A_second_acquire_by_the_holder_stops_the_machine()
    {
        using KernelFixture kernel = new();
        ulong mutex = FastMutex(kernel);
        Assert.False(kernel.Run(thread =>
        {
            kernel.Call(thread, "ExAcquireFastMutex", mutex);
            kernel.Call(thread, "ExAcquireFastMutex", mutex);
        }));
        Assert.Contains("wait for ever", Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void A_release_of_what_is_not_held_is_a_violation()
    {
        using KernelFixture kernel = new();
        ulong mutex = FastMutex(kernel);
        Assert.True(kernel.Run(thread =>
        {
            thread.Irql = Irql.Apc;
            kernel.Call(thread, "ExReleaseFastMutex", mutex);
            thread.Irql = Irql.Passive;
        }));
        Assert.Contains("not held", Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void The_pool_block_of_one_that_is_held_may_not_be_freed()
    {
        const uint Tag = 0x31747341;
        using KernelFixture kernel = new();
        Assert.False(kernel.Run(thread =>
        {
            ulong block = kernel.Call(thread, "ExAllocatePool2", 0x40, FastMutexImports.Size, Tag);
            *(int*)block = 1;
            kernel.Call(thread, "KeInitializeEvent", block + 0x18, 1, 0);
            kernel.Call(thread, "ExAcquireFastMutex", block);
            kernel.Call(thread, "ExFreePoolWithTag", block, Tag);
            kernel.Call(thread, "ExReleaseFastMutex", block);
        }));
        Assert.Contains(kernel.Violations, violation => violation.Contains("holds a FAST_MUTEX that thread", StringComparison.Ordinal));
    }

    /// <summary>A free one: ExInitializeFastMutex, inline in wdm.h, sets the count to 1 and initialises the event.</summary>
    internal static ulong FastMutex(KernelFixture kernel)
    {
        const int synchronizationEvent = 1;
        ulong mutex = kernel.Memory(FastMutexImports.Size);
        *(int*)mutex = 1;
        Assert.True(kernel.Run(thread => kernel.Call(thread, "KeInitializeEvent", mutex + 0x18, synchronizationEvent, 0)));
        return mutex;
    }
}
