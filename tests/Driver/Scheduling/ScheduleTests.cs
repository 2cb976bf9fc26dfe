using Tracing.Driver.Tests.Support;
using Tracing.Host.Kernel;
using Tracing.Host.Scheduling;

namespace Tracing.Driver.Tests.Scheduling;

/// <summary>One thread at a time, in an order that a seed decides.</summary>
public unsafe class ScheduleTests
{
    [Fact]
    public void One_seed_gives_one_order_and_other_seeds_give_others()
    {
        string[] orders = [.. Enumerable.Range(0, 40).Select(seed => OrderOf((ulong)seed))];
        Assert.All(orders.Index(), pair => Assert.Equal(pair.Item, OrderOf((ulong)pair.Index)));
        Assert.True(orders.Distinct().Count() > 20, string.Join('\n', orders.Distinct()));
        Assert.Equal(2, orders.Min(Changes));
        Assert.InRange(orders.Max(Changes), 8, 11);

        static int Changes(string order) => order.Zip(order[1..]).Count(pair => pair.First != pair.Second);
    }

    [Fact]
    public void An_update_with_a_call_of_the_kernel_in_its_middle_is_lost_under_some_seed_and_never_under_a_lock()
    {
        Assert.Contains(Enumerable.Range(0, 50), seed => Count((ulong)seed, locked: false) < 8);
        Assert.All(Enumerable.Range(0, 50), seed => Assert.Equal(8, Count((ulong)seed, locked: true)));
    }

    [Fact]
    public void Time_moves_by_what_happens_and_a_wait_ends_when_its_time_has_come()
    {
        using KernelFixture kernel = new(schedule: new Schedule(1));
        Assert.True(kernel.Run(thread =>
        {
            ulong waited = Event(kernel, thread);
            long start = kernel.Clock(thread);
            kernel.Call(thread, "KeStallExecutionProcessor", 50);
            long stalled = kernel.Clock(thread);
            Assert.InRange(stalled - start, 500, 510);
            Assert.Equal(0x102, kernel.Wait(thread, waited, -3_600 * 10_000_000L));
            Assert.InRange(kernel.Clock(thread) - stalled, 3_600 * 10_000_000L, (3_600 * 10_000_000L) + 10);
        }));
    }

    [Fact]
    public void What_is_granted_in_time_does_not_time_out()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            using KernelFixture kernel = new(schedule: new Schedule(seed));
            Assert.True(kernel.Run(thread =>
            {
                ulong waited = Event(kernel, thread);
                RunningStep other = kernel.Start(second => Assert.Equal(0, kernel.Wait(second, waited, -10_000_000)));
                kernel.Call(thread, "KeSetEvent", waited, 0, 0);
            }));
        }
    }

    [Fact]
    public void A_thread_that_spins_for_a_lock_whose_owner_waits_for_ever_is_a_deadlock()
    {
        using KernelFixture kernel = new(schedule: new Schedule(3));
        ulong spinLock = kernel.Memory(8);
        Assert.False(kernel.Run(thread =>
        {
            ulong never = Event(kernel, thread);
            RunningStep owner = kernel.Start(second =>
            {
                kernel.Call(second, "KeAcquireSpinLockRaiseToDpc", spinLock);
                kernel.Wait(second, never);
            });
            kernel.Call(thread, "KeDelayExecutionThread", 0, 0, Interval(kernel, -10_000));
            kernel.Call(thread, "KeAcquireSpinLockRaiseToDpc", spinLock);
        }));
        Assert.IsType<DeadlockStop>(kernel.Kernel.Stopped);
    }

    [Fact]
    public void Threads_that_take_two_fast_mutexes_in_opposite_orders_deadlock_under_some_seed()
    {
        DeadlockStop[] deadlocks = [.. Enumerable.Range(0, 50).Select(seed => OppositeOrders((ulong)seed)).OfType<DeadlockStop>()];
        Assert.NotEmpty(deadlocks);
        Assert.All(deadlocks, deadlock => Assert.Matches(
            "thread (\\d+) waits for a FAST_MUTEX around 0x[0-9A-F]+, which thread (\\d+) holds; thread \\2 waits .*, which thread \\1 holds", deadlock.Sentence));
    }

    private static StopCause? OppositeOrders(ulong seed)
    {
        using KernelFixture kernel = new(schedule: new Schedule(seed));
        ulong first = kernel.Memory(FastMutexImports.Size);
        ulong second = kernel.Memory(FastMutexImports.Size);
        kernel.Run(thread =>
        {
            foreach (ulong mutex in (ulong[])[first, second])
            {
                *(int*)mutex = 1;
                kernel.Call(thread, "KeInitializeEvent", mutex + 0x18, 1, 0);
            }

            kernel.Start(other => TakeBoth(kernel, other, second, first));
            TakeBoth(kernel, thread, first, second);
        });
        KernelFixture.Until(() => kernel.Kernel.Threads.Alive.Count == 0, "the threads have ended");
        return kernel.Kernel.Stopped;
    }

    private static void TakeBoth(KernelFixture kernel, SimulatedThread thread, ulong outer, ulong inner)
    {
        kernel.Call(thread, "ExAcquireFastMutex", outer);
        kernel.Call(thread, "ExAcquireFastMutex", inner);
        kernel.Call(thread, "ExReleaseFastMutex", inner);
        kernel.Call(thread, "ExReleaseFastMutex", outer);
    }

    /// <summary>Three threads that each call the kernel four times: who called, in turn.</summary>
    private static string OrderOf(ulong seed)
    {
        List<char> order = [];
        using KernelFixture kernel = new(schedule: new Schedule(seed));
        Assert.True(kernel.Run(starter =>
        {
            ulong gate = Event(kernel, starter);
            foreach (char name in "abc")
            {
                kernel.Start(thread =>
                {
                    for (int i = 0; i < 4; i++)
                    {
                        order.Add(name);
                        kernel.Call(thread, "PsGetCurrentThreadId");
                    }
                });
            }
        }));
        KernelFixture.Until(() => kernel.Kernel.Threads.Alive.Count == 0, "the threads have ended");
        return new string([.. order]);
    }

    /// <summary>Two threads add one to a number four times each, with a call between reading and writing.</summary>
    private static int Count(ulong seed, bool locked)
    {
        int number = 0;
        using KernelFixture kernel = new(schedule: new Schedule(seed));
        ulong spinLock = kernel.Memory(8);
        Assert.True(kernel.Run(starter =>
        {
            for (int i = 0; i < 2; i++)
            {
                kernel.Start(Add);
            }
        }));
        KernelFixture.Until(() => kernel.Kernel.Threads.Alive.Count == 0, "the threads have ended");
        Assert.Null(kernel.Kernel.Stopped);
        return number;

        void Add(SimulatedThread thread)
        {
            for (int i = 0; i < 4; i++)
            {
                byte before = locked ? (byte)kernel.Call(thread, "KeAcquireSpinLockRaiseToDpc", spinLock) : Irql.Passive;
                int read = number;
                kernel.Call(thread, "PsGetCurrentThreadId");
                number = read + 1;
                if (locked)
                {
                    kernel.Call(thread, "KeReleaseSpinLock", spinLock, before);
                }
            }
        }
    }

    private static ulong Event(KernelFixture kernel, SimulatedThread thread)
    {
        ulong made = kernel.Memory(0x18);
        kernel.Call(thread, "KeInitializeEvent", made, 0, 0);
        return made;
    }

    private static ulong Interval(KernelFixture kernel, long value)
    {
        ulong interval = kernel.Memory(8);
        *(long*)interval = value;
        return interval;
    }
}
