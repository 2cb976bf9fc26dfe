using Tracing.Driver.Tests.Support;
using Tracing.Host.Kernel;
using Tracing.Host.Thunks;

namespace Tracing.Driver.Tests.Kernel;

/// <summary>DPCs of the simulated machine, by their DDI pages.</summary>
public unsafe class DpcTests
{
    [Theory]
    [InlineData("KeInitializeDpc", 0, 15)]
    [InlineData("KeInsertQueueDpc", 0, 15)]
    [InlineData("KeFlushQueuedDpcs", 0, 0)]
    public void The_range_of_a_routine_is_that_of_its_DDI_page(string name, byte minimum, byte maximum)
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Kernel.Imports.TryFind(name, out int index));
        Assert.Equal(new IrqlRange(minimum, maximum), kernel.Kernel.Imports[index].Irql);
    }

    [Fact]
    public void It_runs_at_DISPATCH_LEVEL_with_its_arguments_before_the_call_returns()
    {
        using KernelFixture kernel = new();
        ulong* arguments = stackalloc ulong[EntryFrame.MaximumArguments];
        ulong address = (ulong)arguments;
        using NativeCode routine = new(code => DriverRoutines.StoreArguments(code, address, 0));
        Assert.True(kernel.Run(thread =>
        {
            ulong dpc = Dpc(kernel, thread, routine, context: 11);
            Assert.Equal(1, (byte)kernel.Call(thread, "KeInsertQueueDpc", dpc, 22, 33));
            Assert.Equal([dpc, 11ul, 22ul, 33ul], new ReadOnlySpan<ulong>((void*)address, 4).ToArray());
            Assert.Equal(Irql.Passive, thread.Irql);
        }));
        Assert.Empty(kernel.Violations);
    }

    [Fact]
    public void Queued_at_DISPATCH_LEVEL_it_runs_when_the_level_falls_and_not_twice()
    {
        using KernelFixture kernel = new();
        byte seen = 0;
        ulong address = (ulong)&seen;
        using NativeCode routine = new(code => AskIrql(code, kernel, address));
        Assert.True(kernel.Run(thread =>
        {
            ulong dpc = Dpc(kernel, thread, routine, context: 0);
            kernel.Call(thread, "KfRaiseIrql", Irql.Dispatch);
            Assert.Equal(1, (byte)kernel.Call(thread, "KeInsertQueueDpc", dpc, 0, 0));
            Assert.Equal(0, (byte)kernel.Call(thread, "KeInsertQueueDpc", dpc, 0, 0));
            Assert.Equal(0, *(byte*)address);
            kernel.Call(thread, "KeLowerIrql", Irql.Passive);
            Assert.Equal(Irql.Dispatch, *(byte*)address);
            Assert.Equal(1, (byte)kernel.Call(thread, "KeInsertQueueDpc", dpc, 0, 0));
        }));
        Assert.Empty(kernel.Violations);
    }

    [Fact]
    public void Storage_that_was_not_initialised_stops_the_machine()
    {
        using KernelFixture kernel = new();
        Assert.False(kernel.Run(thread => kernel.Call(thread, "KeInsertQueueDpc", kernel.Memory(DpcImports.Size), 0, 0)));
        Assert.Contains("no initialised KDPC", Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    private static ulong Dpc(KernelFixture kernel, SimulatedThread thread, NativeCode routine, ulong context)
    {
        ulong dpc = kernel.Memory(DpcImports.Size);
        kernel.Call(thread, "KeInitializeDpc", dpc, (ulong)routine.Address, context);
        return dpc;
    }

    /// <summary>A routine that stores what KeGetCurrentIrql answers.</summary>
    private static void AskIrql(CodeWriter code, KernelFixture kernel, ulong address)
    {
        code.Subtract(Register.Rsp, 0x28);
        code.MoveImmediate(Register.Rax, (ulong)kernel.Kernel.Export("KeGetCurrentIrql"));
        code.Call(Register.Rax);
        code.MoveImmediate(Register.Rdx, address);
        code.Raw(0x88, 0x02); // mov [rdx], al
        code.Add(Register.Rsp, 0x28);
        code.Return();
    }
}
