using Tracing.Driver.Tests.Support;
using Tracing.Host.Kernel;

namespace Tracing.Driver.Tests.Kernel;

/// <summary>A KMUTEX by its DDI pages: KeInitializeMutex, KeReleaseMutex, KeWaitForSingleObject, KeReadStateMutex.</summary>
public unsafe class MutexTests
{
    private const int Success = 0;
    private const int Timeout = 0x102;
    private const long OneMillisecond = -10_000;

    /// <summary>A thread's steps on one mutex, each with what it returns: t try, w wait, r release, s state.</summary>
    [Theory]
    [InlineData("s=1")]
    [InlineData("t=0 s=0 r=0 s=1")]
    [InlineData("w=0 s=0 r=0 s=1")]
    [InlineData("t=0 t=0 t=0 s=-2 r=-2 s=-1 r=-1 s=0 r=0 s=1")]
    [InlineData("w=0 t=0 w=0 r=-2 r=-1 r=0 t=0 r=0")]
    public void One_thread_acquires_recurses_and_releases(string steps)
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            ulong mutex = kernel.Mutex(thread);
            foreach (string step in steps.Split(' '))
            {
                int result = step[0] switch
                {
                    't' => kernel.Wait(thread, mutex, 0),
                    'w' => kernel.Wait(thread, mutex),
                    'r' => kernel.Release(thread, mutex),
                    _ => kernel.CallStatus(thread, "KeReadStateMutex", mutex),
                };
                Assert.Equal($"{step[0]}={result}", step);
                Assert.Equal(kernel.CallStatus(thread, "KeReadStateMutex", mutex), ((DispatcherHeader*)mutex)->SignalState);
            }
        }));
        Assert.Empty(kernel.Violations);
    }

    [Fact]
    public void A_held_mutex_refuses_another_thread_and_names_its_owner_in_memory()
    {
        using KernelFixture kernel = new();
        ulong mutex = 0;
        Assert.True(kernel.Run(owner =>
        {
            mutex = kernel.Mutex(owner);
            kernel.Wait(owner, mutex);
            Assert.Equal((ulong)owner.Address, *(ulong*)(mutex + 0x28));
            Assert.True(kernel.Run(other => Assert.Equal(Timeout, kernel.Wait(other, mutex, 0))));
            Assert.True(kernel.Run(other => Assert.Equal(Timeout, kernel.Wait(other, mutex, OneMillisecond))));
            Assert.Equal(0, kernel.Waiters(mutex));
            kernel.Release(owner, mutex);
            Assert.Equal(0ul, *(ulong*)(mutex + 0x28));
        }));
    }

    [Fact]
    public void A_released_mutex_passes_to_its_first_waiter_at_once_and_in_order()
    {
        using KernelFixture kernel = new();
        List<int> order = [];
        List<RunningStep> waiters = [];
        Assert.True(kernel.Run(owner =>
        {
            ulong mutex = kernel.Mutex(owner);
            kernel.Wait(owner, mutex);
            SimulatedThread?[] threads = new SimulatedThread?[5];
            for (int i = 0; i < 5; i++)
            {
                int number = i;
                waiters.Add(kernel.Start(thread =>
                {
                    threads[number] = thread;
                    Assert.Equal(Success, kernel.Wait(thread, mutex));
                    order.Add(number);
                    kernel.Release(thread, mutex);
                }));
                KernelFixture.Until(() => kernel.Waiters(mutex) == number + 1, $"thread {number} waits");
            }

            kernel.Release(owner, mutex);

            // Whether or not the first waiter has run, the releasing thread cannot barge in before the queue is served.
            Assert.Equal(Success, kernel.Wait(owner, mutex));
            Assert.Equal([0, 1, 2, 3, 4], order);
            kernel.Release(owner, mutex);
        }));
        Assert.All(waiters, step => Assert.True(step.Join()));
    }

    [Fact]
    public void The_owner_is_the_first_waiter_before_that_thread_has_run()
    {
        using KernelFixture kernel = new();
        RunningStep? waiter = null;
        Assert.True(kernel.Run(owner =>
        {
            ulong mutex = kernel.Mutex(owner);
            kernel.Wait(owner, mutex);
            SimulatedThread? second = null;
            waiter = kernel.Start(thread =>
            {
                second = thread;
                kernel.Wait(thread, mutex);
                KernelFixture.Until(() => kernel.Waiters(mutex) == 1, "the first owner is back in the queue");
                kernel.Release(thread, mutex);
            });
            KernelFixture.Until(() => kernel.Waiters(mutex) == 1, "the second thread waits");

            kernel.Release(owner, mutex);

            Assert.Equal(0, ((DispatcherHeader*)mutex)->SignalState);
            Assert.Equal((ulong)second!.Address, *(ulong*)(mutex + 0x28));
            Assert.Equal(Timeout, kernel.Wait(owner, mutex, 0));
            Assert.Equal(Success, kernel.Wait(owner, mutex));
            kernel.Release(owner, mutex);
        }));
        Assert.True(waiter!.Join());
    }

    [Fact]
    public void Releasing_what_another_thread_owns_raises_which_stops_the_machine()
    {
        using KernelFixture kernel = new();
        Assert.False(kernel.Run(owner =>
        {
            ulong mutex = kernel.Mutex(owner);
            kernel.Wait(owner, mutex);
            Assert.False(kernel.Run(other => kernel.Release(other, mutex)));
            kernel.Release(owner, mutex);
        }));
        BugCheckStop stop = Assert.IsType<BugCheckStop>(kernel.Kernel.Stopped);
        Assert.Equal(0x1Eu, stop.Code);
        Assert.Equal(0xC0000046ul, stop.Parameter1);
        Assert.Contains("KeReleaseMutex", Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void Releasing_what_nobody_owns_stops_the_machine()
    {
        using KernelFixture kernel = new();
        Assert.False(kernel.Run(thread => kernel.Release(thread, kernel.Mutex(thread))));
        Assert.Contains("nobody owns it", Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 2, "acquired below DISPATCH_LEVEL is released at DISPATCH_LEVEL")]
    [InlineData(2, 0, "acquired at DISPATCH_LEVEL is released at PASSIVE_LEVEL")]
    public void A_mutex_is_released_on_the_side_of_DISPATCH_LEVEL_where_it_was_acquired(byte acquiredAt, byte releasedAt, string expected)
    {
        using KernelFixture kernel = new();
        Assert.False(kernel.Run(thread =>
        {
            ulong mutex = kernel.Mutex(thread);
            thread.Irql = acquiredAt;
            Assert.Equal(Success, kernel.Wait(thread, mutex, 0));
            Assert.Equal(0, kernel.Release(thread, mutex));
            Assert.Empty(kernel.Violations);
            kernel.Wait(thread, mutex, 0);
            thread.Irql = releasedAt;
            kernel.Release(thread, mutex);
        }));
        Assert.Contains(expected, Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mutex_is_waited_for_in_kernel_mode()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            ulong mutex = kernel.Mutex(thread);
            Assert.Equal(Success, kernel.CallStatus(thread, "KeWaitForSingleObject", mutex, 0, 1, 0, 0));
            kernel.Release(thread, mutex);
        }));
        Assert.Contains("wants KernelMode", Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_for_what_is_no_object_stops_the_machine()
    {
        using KernelFixture kernel = new();
        Assert.False(kernel.Run(thread => kernel.Wait(thread, kernel.Memory(64))));
        Assert.Contains("no initialised dispatcher object", Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void A_thread_may_not_end_while_it_owns_a_mutex()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread => kernel.Wait(thread, kernel.Mutex(thread))));
        KernelFixture.Until(() => kernel.Kernel.Stopped is not null, "the machine stops");
        Assert.Equal(0x4000008Au, Assert.IsType<BugCheckStop>(kernel.Kernel.Stopped).Code);
    }

    [Fact]
    public void Initialising_a_held_mutex_anew_is_a_violation()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            ulong mutex = kernel.Mutex(thread);
            kernel.Wait(thread, mutex);
            kernel.Call(thread, "KeInitializeMutex", mutex, 0);
            thread.Kernel.Stop(new CancelledStop());
        }));
        Assert.Contains("initialised anew", Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stop_wakes_waiting_threads_and_they_leave_the_driver()
    {
        using KernelFixture kernel = new();
        RunningStep? waiter = null;
        kernel.Run(owner =>
        {
            ulong mutex = kernel.Mutex(owner);
            kernel.Wait(owner, mutex);
            waiter = kernel.Start(thread => kernel.Wait(thread, mutex));
            KernelFixture.Until(() => kernel.Waiters(mutex) == 1, "a thread waits");
            kernel.Kernel.Stop(new CancelledStop());
        });
        Assert.False(waiter!.Join());
    }

    [Fact]
    public void Two_threads_that_wait_for_each_other_stop_the_machine_which_says_who_waits_for_whom()
    {
        using KernelFixture kernel = new();
        using Barrier bothHold = new(2);
        ulong[] mutexes = new ulong[2];
        SimulatedThread?[] threads = new SimulatedThread?[2];
        RunningStep[] steps = [];

        // How the parent leaves its wait is open: by the stop, or because thread 0 has ended by then.
        kernel.Run(parent =>
        {
            (mutexes[0], mutexes[1]) = (kernel.Mutex(parent), kernel.Mutex(parent));
            steps = [.. Enumerable.Range(0, 2).Select(number => kernel.Start(thread =>
            {
                threads[number] = thread;
                kernel.Wait(thread, mutexes[number]);
                bothHold.SignalAndWait();
                kernel.Wait(thread, mutexes[1 - number]);
            }))];
            KernelFixture.Until(() => threads[0] is not null && threads[1] is not null, "both run");
            kernel.Wait(parent, threads[0]!.Address);
        });

        Assert.All(steps, step => Assert.False(step.Join()));
        string sentence = Assert.IsType<DeadlockStop>(kernel.Kernel.Stopped).Sentence;
        for (int number = 0; number < 2; number++)
        {
            Assert.Contains(
                $"thread {threads[number]!.Id} waits for a KMUTEX at 0x{mutexes[1 - number]:X}, which thread {threads[1 - number]!.Id} owns",
                sentence,
                StringComparison.Ordinal);
        }

        Assert.Contains($"waits for a thread, {threads[0]!.Id}, to end", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thread_that_waits_between_the_hosts_steps_is_no_deadlock()
    {
        using KernelFixture kernel = new();
        ulong awaited = kernel.Memory(0x18);
        RunningStep? waiter = null;
        Assert.True(kernel.Run(thread =>
        {
            kernel.Call(thread, "KeInitializeEvent", awaited, 0, 0);
            waiter = kernel.Start(waiting => Assert.Equal(Success, kernel.Wait(waiting, awaited)));
            KernelFixture.Until(() => kernel.Waiters(awaited) == 1, "a thread waits");
        }));
        KernelFixture.Until(() => kernel.Kernel.Threads.Alive.Count == 1, "only the waiting thread is left");
        Assert.True(kernel.Run(thread => kernel.Call(thread, "KeSetEvent", awaited, 0, 0)));
        Assert.True(waiter!.Join());
        Assert.Null(kernel.Kernel.Stopped);
    }

    [Theory]
    [InlineData(2, 20_000)]
    [InlineData(8, 4_000)]
    [InlineData(32, 500)]
    public void Increments_under_a_mutex_are_exact(int threads, int increments)
    {
        using KernelFixture kernel = new();
        ulong mutex = 0;
        Assert.True(kernel.Run(thread => mutex = kernel.Mutex(thread)));
        long counter = 0;
        RunningStep[] all = [.. Enumerable.Range(0, threads).Select(_ => kernel.Start(thread =>
        {
            for (int i = 0; i < increments; i++)
            {
                if (kernel.Wait(thread, mutex, 0) == Timeout)
                {
                    kernel.Wait(thread, mutex);
                }

                counter++;
                kernel.Release(thread, mutex);
            }
        }))];
        Assert.All(all, step => Assert.True(step.Join()));

        Assert.Equal((long)threads * increments, counter);
        Assert.Equal((long)threads * increments, kernel.Kernel.Dispatcher.Close().Single().Acquires);
        Assert.Empty(kernel.Violations);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 1)]
    [InlineData(-10_000, 1)]
    [InlineData(-10_001, 2)]
    [InlineData(long.MinValue, int.MaxValue)]
    [InlineData(1, 0)] // a system time long past
    public void A_timeout_is_rounded_up_to_milliseconds(long timeout, int milliseconds) =>
        Assert.Equal(milliseconds, DispatcherWait.Milliseconds(timeout, KernelClock.Real));
}
