using Tracing.Driver.Tests.Support;
using Tracing.Host.Kernel;

namespace Tracing.Driver.Tests.Kernel;

public unsafe class IrqlTests
{
    /// <summary>The highest IRQL on each routine's DDI page; spin lock releases also have a lowest.</summary>
    [Theory]
    [InlineData("ExAllocatePool2", 0, 2)]
    [InlineData("ExFreePoolWithTag", 0, 2)]
    [InlineData("KeInitializeMutex", 0, 15)]
    [InlineData("KeReleaseMutex", 0, 2)]
    [InlineData("KeReadStateMutex", 0, 2)]
    [InlineData("KeWaitForSingleObject", 0, 2)]
    [InlineData("KeDelayExecutionThread", 0, 1)]
    [InlineData("KeInitializeEvent", 0, 15)]
    [InlineData("KeSetEvent", 0, 2)]
    [InlineData("KeAcquireSpinLockRaiseToDpc", 0, 2)]
    [InlineData("KeReleaseSpinLock", 2, 2)]
    [InlineData("KeGetCurrentIrql", 0, 15)]
    [InlineData("KeQueryPerformanceCounter", 0, 15)]
    [InlineData("KeStallExecutionProcessor", 0, 15)]
    [InlineData("KeGetCurrentProcessorNumberEx", 0, 15)]
    [InlineData("PsCreateSystemThread", 0, 0)]
    [InlineData("PsTerminateSystemThread", 0, 0)]
    [InlineData("PsGetCurrentThreadId", 0, 15)]
    [InlineData("ObReferenceObjectByHandle", 0, 0)]
    [InlineData("ObfDereferenceObject", 0, 2)]
    [InlineData("ZwClose", 0, 0)]
    [InlineData("IoCreateDevice", 0, 1)]
    [InlineData("IoDeleteDevice", 0, 1)]
    [InlineData("IoCreateSymbolicLink", 0, 0)]
    [InlineData("IoDeleteSymbolicLink", 0, 0)]
    [InlineData("IofCompleteRequest", 0, 2)]
    [InlineData("EtwRegister", 0, 0)]
    [InlineData("EtwUnregister", 0, 0)]
    [InlineData("EtwWrite", 0, 15)]
    [InlineData("KeBugCheckEx", 0, 15)]
    public void The_range_of_a_routine_is_that_of_its_DDI_page(string name, byte minimum, byte maximum)
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Kernel.Imports.TryFind(name, out int index));
        Assert.Equal(new IrqlRange(minimum, maximum), kernel.Kernel.Imports[index].Irql);
    }

    [Fact]
    public void A_call_above_the_range_is_a_violation_that_names_routine_and_level_and_counts()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            thread.Irql = Irql.Dispatch;
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(unchecked((int)0xC0000008), kernel.CallStatus(thread, "EtwUnregister", 77));
            }

            thread.Irql = Irql.Passive;
        }));

        Assert.Equal(2, kernel.Violations.Count);
        Assert.Equal(
            "EtwUnregister from 0x0: called at DISPATCH_LEVEL; its DDI page allows PASSIVE_LEVEL. (3 times)", kernel.Violations[0]);
    }

    [Fact]
    public void A_wait_that_can_block_is_allowed_up_to_APC_LEVEL_and_a_try_up_to_DISPATCH_LEVEL()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            ulong mutex = kernel.Mutex(thread);
            thread.Irql = Irql.Apc;
            kernel.Wait(thread, mutex);
            thread.Irql = Irql.Dispatch;
            kernel.Wait(thread, mutex, 0);
            Assert.Empty(kernel.Violations);
            kernel.Wait(thread, mutex);
            thread.Irql = Irql.Passive;
            kernel.Release(thread, mutex);
            kernel.Release(thread, mutex);
            kernel.Release(thread, mutex);
        }));
        Assert.Contains("a wait that can block, at DISPATCH_LEVEL", Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void A_spin_lock_raises_to_DISPATCH_LEVEL_and_its_release_restores()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            ulong spinLock = kernel.Memory(8);
            thread.Irql = Irql.Apc;
            byte before = (byte)kernel.Call(thread, "KeAcquireSpinLockRaiseToDpc", spinLock);
            Assert.Equal((Irql.Apc, Irql.Dispatch), (before, thread.Irql));
            Assert.NotEqual(0ul, *(ulong*)spinLock);
            kernel.Call(thread, "KeReleaseSpinLock", spinLock, before);
            Assert.Equal(Irql.Apc, thread.Irql);
            Assert.Equal(0ul, *(ulong*)spinLock);
            thread.Irql = Irql.Passive;
        }));
        Assert.Empty(kernel.Violations);
    }

    [Fact]
    public void Increments_under_a_spin_lock_are_exact()
    {
        using KernelFixture kernel = new();
        ulong spinLock = kernel.Memory(8);
        long counter = 0;
        RunningStep[] all = [.. Enumerable.Range(0, 4).Select(_ => kernel.Start(thread =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                byte before = (byte)kernel.Call(thread, "KeAcquireSpinLockRaiseToDpc", spinLock);
                counter++;
                kernel.Call(thread, "KeReleaseSpinLock", spinLock, before);
            }
        }))];
        Assert.All(all, step => Assert.True(step.Join()));
        Assert.Equal(80_000, counter);
    }

    [Fact]
    public void A_spin_lock_taken_twice_by_its_owner_stops_the_machine_instead_of_hanging_it()
    {
        using KernelFixture kernel = new();
        Assert.False(kernel.Run(thread =>
        {
            ulong spinLock = kernel.Memory(8);
            kernel.Call(thread, "KeAcquireSpinLockRaiseToDpc", spinLock);
            kernel.Call(thread, "KeAcquireSpinLockRaiseToDpc", spinLock);
        }));
        Assert.Contains("spin lock it holds", Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void Releasing_a_spin_lock_that_is_not_held_is_a_violation()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            thread.Irql = Irql.Dispatch;
            kernel.Call(thread, "KeReleaseSpinLock", kernel.Memory(8), 0);
        }));
        Assert.Contains("not held by the thread that releases it", Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void A_thread_may_not_end_above_PASSIVE_LEVEL()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread => thread.Irql = Irql.Dispatch));
        KernelFixture.Until(() => kernel.Violations.Count == 1, "the end is judged");
        Assert.Contains("ended at DISPATCH_LEVEL", kernel.Violations[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_narrow_result_has_rubbish_above_it_as_the_convention_allows()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            Assert.NotEqual(0ul, kernel.Call(thread, "KeGetCurrentIrql"));
            Assert.Equal(0, (byte)kernel.Call(thread, "KeGetCurrentIrql"));
        }));
    }

    [Fact]
    public void A_stall_beyond_50_microseconds_is_a_violation_and_lasts_as_long_as_asked()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            kernel.Call(thread, "KeStallExecutionProcessor", 50);
            Assert.Empty(kernel.Violations);
            long start = kernel.Clock(thread);
            kernel.Call(thread, "KeStallExecutionProcessor", 51);
            Assert.InRange(kernel.Clock(thread) - start, 510, long.MaxValue);
        }));
        Assert.Single(kernel.Violations);
    }
}
