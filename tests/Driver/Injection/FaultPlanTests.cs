using Tracing.Driver.Tests.Support;
using Tracing.Host;
using Tracing.Host.Kernel;

namespace Tracing.Driver.Tests.Injection;

public unsafe class FaultPlanTests
{
    private const ulong NonPaged = 0x40;
    private const uint Tag = 0x7874_6D6B;
    private const int Success = 0;
    private const int Abandoned = 0x80;
    private const int UserApc = 0xC0;
    private const int Alerted = 0x101;
    private const int Timeout = 0x102;

    [Theory]
    [InlineData("ExAllocatePool2@3", "ExAllocatePool2", null, 3, 1)]
    [InlineData("KeWaitForSingleObject=STATUS_ALERTED@1", "KeWaitForSingleObject", "STATUS_ALERTED", 1, 1)]
    [InlineData("EtwWrite@5+", "EtwWrite", null, 5, long.MaxValue)]
    public void A_fault_is_written_as_import_failure_and_call(string text, string import, string? failure, long call, long repeats) =>
        Assert.Equal(new InjectedFault(import, failure, call, repeats), InjectedFault.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("ExAllocatePool2")]
    [InlineData("@3")]
    [InlineData("ExAllocatePool2@0")]
    [InlineData("ExAllocatePool2@-1")]
    [InlineData("ExAllocatePool2@3++")]
    [InlineData("ExAllocatePool2@99999999999999999999")]
    public void What_is_written_otherwise_is_refused_with_an_example(string text) =>
        Assert.Contains("for example ExAllocatePool2@3", Assert.Throws<ArgumentException>(() => InjectedFault.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("NtCreateFile@1", "No call of \"NtCreateFile\" can be made to fail; there are ExAllocatePool2, ")]
    [InlineData("KeGetCurrentIrql@1", "No call of \"KeGetCurrentIrql\" can be made to fail")]
    [InlineData("EtwWrite=STATUS_ALERTED@1", "EtwWrite does not fail with \"STATUS_ALERTED\"; it can fail with STATUS_NO_MEMORY, STATUS_INVALID_HANDLE.")]
    public void A_plan_with_what_cannot_fail_is_refused(string fault, string expected) =>
        Assert.StartsWith(
            expected,
            Assert.Throws<ArgumentException>(() => new SimulatedKernel(faults: Plan(fault))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void The_named_call_fails_and_no_other_and_all_are_counted()
    {
        using KernelFixture kernel = new(faults: Plan("ExAllocatePool2=null@2"));
        Assert.True(kernel.Run(thread => Assert.Equal(
            [false, true, false], Enumerable.Range(0, 3).Select(_ => kernel.Call(thread, "ExAllocatePool2", NonPaged, 64, Tag) == 0))));
        Assert.Equal([new FallibleCalls("ExAllocatePool2", "null", 3, 1)], kernel.Kernel.Injector!.Counts);
    }

    [Fact]
    public void All_calls_from_one_on_can_fail()
    {
        using KernelFixture kernel = new(faults: Plan("ExAllocatePool2@2+"));
        Assert.True(kernel.Run(thread => Assert.Equal(
            [false, true, true, true], Enumerable.Range(0, 4).Select(_ => kernel.Call(thread, "ExAllocatePool2", NonPaged, 64, Tag) == 0))));
    }

    [Fact]
    public void A_seed_fails_the_same_calls_each_time_and_about_as_many_as_asked_for()
    {
        List<bool> first = Draw(seed: 5);
        Assert.Equal(first, Draw(seed: 5));
        Assert.NotEqual(first, Draw(seed: 6));
        Assert.InRange(first.Count(failed => failed), 150, 350);

        static List<bool> Draw(ulong seed)
        {
            List<bool> failed = [];
            using KernelFixture kernel = new(faults: new FaultPlan { OneIn = 4, Seed = seed });
            kernel.Run(thread =>
            {
                for (int i = 0; i < 1000; i++)
                {
                    failed.Add(kernel.Call(thread, "ExAllocatePool2", NonPaged, 16, Tag) == 0);
                }
            });
            return failed;
        }
    }

    [Fact]
    public void A_wait_times_out_only_where_it_has_a_timeout_and_the_mutex_is_not_held_already()
    {
        using KernelFixture kernel = new(faults: Plan("KeWaitForSingleObject=STATUS_TIMEOUT@1+"));
        Assert.True(kernel.Run(thread =>
        {
            ulong mutex = kernel.Mutex(thread);
            Assert.Equal(Timeout, kernel.Wait(thread, mutex, 0));
            Assert.Equal(Success, kernel.Wait(thread, mutex));
            Assert.Equal(Success, kernel.Wait(thread, mutex, 0));
            kernel.Release(thread, mutex);
            kernel.Release(thread, mutex);
            Assert.Equal(Timeout, kernel.Wait(thread, mutex, -10_000));
        }));
        MutexTally tally = Assert.Single(kernel.Kernel.Dispatcher.Close());
        Assert.Equal((2, 1, 1, 1), (tally.Acquires, tally.Contended, tally.FailedTries, tally.TimedOutWaits));
    }

    [Fact]
    public void A_wait_is_alerted_only_where_it_is_alertable_and_gets_an_APC_only_in_user_mode()
    {
        using KernelFixture kernel = new(
            faults: Plan("KeWaitForSingleObject=STATUS_ALERTED@1+", "KeWaitForSingleObject=STATUS_USER_APC@1+"));
        Assert.True(kernel.Run(thread =>
        {
            ulong waited = kernel.Memory(0x18);
            kernel.Call(thread, "KeInitializeEvent", waited, 0, 1);
            Assert.Equal(Success, kernel.CallStatus(thread, "KeWaitForSingleObject", waited, 0, 0, 0, 0));
            Assert.Equal(Alerted, kernel.CallStatus(thread, "KeWaitForSingleObject", waited, 0, 0, 1, 0));
            Assert.Equal(UserApc, kernel.CallStatus(thread, "KeWaitForSingleObject", waited, 0, 1, 0, 0));
        }));
    }

    [Fact]
    public void An_abandoned_mutex_is_acquired_all_the_same()
    {
        using KernelFixture kernel = new(faults: Plan("KeWaitForSingleObject=STATUS_ABANDONED@1+"));
        Assert.True(kernel.Run(thread =>
        {
            ulong mutex = kernel.Mutex(thread);
            Assert.Equal(Abandoned, kernel.Wait(thread, mutex));
            Assert.Equal(Success, kernel.Wait(thread, mutex));
            Assert.Equal(-1, kernel.Release(thread, mutex));
            Assert.Equal(0, kernel.Release(thread, mutex));
        }));
        Assert.Empty(kernel.Violations);
    }

    private static FaultPlan Plan(params IEnumerable<string> faults) => new() { Faults = [.. faults.Select(InjectedFault.Parse)] };
}
