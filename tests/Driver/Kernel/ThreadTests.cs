using Tracing.Driver.Tests.Support;
using Tracing.Host.Kernel;

namespace Tracing.Driver.Tests.Kernel;

/// <summary>
/// System threads by their DDI pages: PsCreateSystemThread, PsTerminateSystemThread, ObReferenceObjectByHandle, ObDereferenceObject,
/// ZwClose.
/// </summary>
public unsafe class ThreadTests
{
    private const int Success = 0;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_thread_runs_its_routine_ends_and_can_be_waited_for(bool terminates)
    {
        using KernelFixture kernel = new();
        ulong seen = kernel.Memory(96);
        using NativeCode routine = new(code =>
        {
            if (terminates)
            {
                DriverRoutines.CallAndNeverReturn(code, (ulong)kernel.Kernel.Export("PsTerminateSystemThread"));
            }
            else
            {
                DriverRoutines.StoreArguments(code, seen, 0);
            }
        });
        Assert.True(kernel.Run(thread =>
        {
            ulong joined = Create(kernel, thread, routine);
            Assert.Equal(Success, kernel.Wait(thread, joined));
            kernel.Call(thread, "ObfDereferenceObject", joined);
        }), string.Join('\n', kernel.Violations.Append(kernel.Kernel.Stopped?.Sentence)));
        Assert.Equal(terminates ? 0ul : 0x77ul, *(ulong*)seen);
        Assert.Empty(kernel.Violations);
        Assert.Null(kernel.Kernel.Stopped);
    }

    [Fact]
    public void Thread_ids_are_multiples_of_four_and_differ()
    {
        using KernelFixture kernel = new();
        HashSet<ulong> ids = [];
        for (int i = 0; i < 5; i++)
        {
            Assert.True(kernel.Run(thread => ids.Add(kernel.Call(thread, "PsGetCurrentThreadId"))));
        }

        Assert.Equal(5, ids.Count);
        Assert.All(ids, id => Assert.Equal(0ul, id % 4));
        Assert.True(kernel.Run(thread => Assert.Equal(4ul, kernel.Call(thread, "PsGetCurrentProcessId"))));
    }

    [Fact]
    public void A_handle_closed_twice_stops_the_machine()
    {
        using KernelFixture kernel = new();
        using NativeCode routine = new(code => code.Return());
        Assert.False(kernel.Run(thread =>
        {
            ulong handle = 0;
            kernel.Call(thread, "PsCreateSystemThread", (ulong)&handle, 0x1FFFFF, 0, 0, 0, (ulong)routine.Address, 0);
            Assert.Equal(Success, kernel.CallStatus(thread, "ZwClose", handle));
            kernel.Call(thread, "ZwClose", handle);
        }));
        Assert.Equal(0x93u, Assert.IsType<BugCheckStop>(kernel.Kernel.Stopped).Code);
    }

    [Fact]
    public void A_thread_object_is_gone_with_its_last_reference()
    {
        using KernelFixture kernel = new();
        using NativeCode routine = new(code => code.Return());
        Assert.False(kernel.Run(thread =>
        {
            ulong joined = Create(kernel, thread, routine);
            kernel.Wait(thread, joined);
            kernel.Call(thread, "ObfDereferenceObject", joined);
            KernelFixture.Until(() => kernel.Kernel.Dispatcher.Find((nuint)joined) is null, "the thread is gone");
            kernel.Wait(thread, joined);
        }));
        Assert.Contains("no initialised dispatcher object", Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reference_to_no_handle_is_refused()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            ulong result = 1;
            Assert.Equal(unchecked((int)0xC0000008), kernel.CallStatus(thread, "ObReferenceObjectByHandle", 0x1234, 0, 0, 0, (ulong)&result, 0));
            Assert.Equal(0ul, result);
        }));
    }

    [Theory]
    [InlineData(0, true)] // a notification event stays set
    [InlineData(1, false)] // a synchronization event lets one wait through
    public void An_event_lets_waits_through_by_its_type(int type, bool staysSet)
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            ulong waited = kernel.Memory(0x18);
            kernel.Call(thread, "KeInitializeEvent", waited, (ulong)type, 0);
            Assert.Equal(0x102, kernel.Wait(thread, waited, 0));
            Assert.Equal(0, kernel.CallStatus(thread, "KeSetEvent", waited, 0, 0));
            Assert.Equal(1, kernel.CallStatus(thread, "KeSetEvent", waited, 0, 0));
            Assert.Equal(Success, kernel.Wait(thread, waited));
            Assert.Equal(staysSet ? Success : 0x102, kernel.Wait(thread, waited, 0));
            kernel.Call(thread, "KeClearEvent", waited);
            Assert.Equal(0, kernel.CallStatus(thread, "KeReadStateEvent", waited));
        }));
    }

    [Fact]
    public void Setting_a_notification_event_wakes_every_waiter()
    {
        using KernelFixture kernel = new();
        List<RunningStep> waiters = [];
        Assert.True(kernel.Run(thread =>
        {
            ulong waited = kernel.Memory(0x18);
            kernel.Call(thread, "KeInitializeEvent", waited, 0, 0);
            for (int i = 0; i < 4; i++)
            {
                waiters.Add(kernel.Start(waiter => Assert.Equal(Success, kernel.Wait(waiter, waited))));
            }

            KernelFixture.Until(() => kernel.Waiters(waited) == 4, "all wait");
            kernel.Call(thread, "KeSetEvent", waited, 0, 0);
        }));
        Assert.All(waiters, step => Assert.True(step.Join()));
    }

    /// <summary>Creates a thread with the argument 0x77, and gives its object, the handle being closed.</summary>
    private static ulong Create(KernelFixture kernel, SimulatedThread thread, NativeCode routine)
    {
        ulong handle = 0;
        ulong joined = 0;
        Assert.Equal(
            Success,
            kernel.CallStatus(thread, "PsCreateSystemThread", (ulong)&handle, 0x1FFFFF, 0, 0, 0, (ulong)routine.Address, 0x77));
        Assert.Equal(Success, kernel.CallStatus(thread, "ObReferenceObjectByHandle", handle, 0x100000, 0, 0, (ulong)&joined, 0));
        Assert.Equal(Success, kernel.CallStatus(thread, "ZwClose", handle));
        return joined;
    }
}
