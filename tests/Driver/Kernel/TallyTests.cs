using Tracing.Driver.Tests.Support;
using Tracing.Host;

namespace Tracing.Driver.Tests.Kernel;

/// <summary>The bounds of waits and holds, against the clock values that a driver which keeps the contract would report.</summary>
public class TallyTests
{
    private const int Timeout = 0x102;

    [Fact]
    public void A_contended_wait_and_both_holds_lie_within_their_bounds()
    {
        using KernelFixture kernel = new();
        long requested = 0;
        long secondAcquired = 0;
        long secondReleased = 0;
        long firstAcquired = 0;
        long firstReleased = 0;
        RunningStep? second = null;
        Assert.True(kernel.Run(first =>
        {
            ulong mutex = kernel.Mutex(first);
            Assert.Equal(0, kernel.Wait(first, mutex, 0));
            firstAcquired = kernel.Clock(first);
            second = kernel.Start(thread =>
            {
                Assert.Equal(Timeout, kernel.Wait(thread, mutex, 0));
                requested = kernel.Clock(thread);
                kernel.Wait(thread, mutex);
                secondAcquired = kernel.Clock(thread);
                secondReleased = kernel.Clock(thread);
                kernel.Release(thread, mutex);
            });
            KernelFixture.Until(() => kernel.Waiters(mutex) == 1, "the second thread waits");
            Thread.Sleep(5);
            firstReleased = kernel.Clock(first);
            kernel.Release(first, mutex);
        }));
        Assert.True(second!.Join());

        MutexTally tally = kernel.Kernel.Dispatcher.Close().Single();
        Assert.Equal(2, tally.Acquires);
        Assert.Equal(1, tally.Contended);
        Assert.Equal(1, tally.FailedTries);
        TallyInterval wait = Assert.Single(tally.Waits);
        Assert.Equal(2, wait.AcquireNumber);
        Assert.InRange(secondAcquired - requested, wait.Inner, wait.Outer);
        Assert.InRange(wait.Inner, 50_000, long.MaxValue);
        Assert.Equal([1L, 2L], tally.Holds.Select(hold => hold.AcquireNumber));
        Assert.InRange(firstReleased - firstAcquired, tally.Holds[0].Inner, tally.Holds[0].Outer);
        Assert.InRange(secondReleased - secondAcquired, tally.Holds[1].Inner, tally.Holds[1].Outer);
        Assert.Equal(secondReleased - secondAcquired, tally.Holds[1].Inner);
    }

    [Fact]
    public void A_fast_mutex_is_counted_from_its_first_acquire_on_within_the_same_bounds()
    {
        using KernelFixture kernel = new();
        long requested = 0;
        long acquired = 0;
        long released = 0;
        RunningStep? second = null;
        ulong mutex = FastMutexTests.FastMutex(kernel);
        Assert.True(kernel.Run(first =>
        {
            kernel.Call(first, "ExAcquireFastMutex", mutex);
            second = kernel.Start(thread =>
            {
                Assert.Equal(0, (byte)kernel.Call(thread, "ExTryToAcquireFastMutex", mutex));
                requested = kernel.Clock(thread);
                kernel.Call(thread, "ExAcquireFastMutex", mutex);
                acquired = kernel.Clock(thread);
                released = kernel.Clock(thread);
                kernel.Call(thread, "ExReleaseFastMutex", mutex);
            });
            KernelFixture.Until(() => kernel.Waiters(mutex + 0x18) == 1, "the second thread waits");
            Thread.Sleep(5);
            kernel.Call(first, "ExReleaseFastMutex", mutex);
        }));
        Assert.True(second!.Join());

        MutexTally tally = kernel.Kernel.Dispatcher.Close().Single();
        Assert.Equal((true, 2, 1, 1, false), (tally.IsFast, tally.Acquires, tally.Contended, tally.FailedTries, tally.HeldAtEnd));
        TallyInterval wait = Assert.Single(tally.Waits);
        Assert.InRange(acquired - requested, wait.Inner, wait.Outer);
        Assert.InRange(wait.Inner, 50_000, long.MaxValue);
        Assert.InRange(released - acquired, tally.Holds[1].Inner, tally.Holds[1].Outer);
    }

    [Fact]
    public void A_recursive_hold_is_one_hold_from_outermost_to_outermost()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            ulong mutex = kernel.Mutex(thread);
            kernel.Wait(thread, mutex, 0);
            long acquired = kernel.Clock(thread);
            kernel.Wait(thread, mutex, 0);
            kernel.Clock(thread);
            kernel.Release(thread, mutex);
            long released = kernel.Clock(thread);
            kernel.Release(thread, mutex);

            MutexTally tally = kernel.Kernel.Dispatcher.Close().Single();
            Assert.Equal(2, tally.Acquires);
            Assert.Equal(1, tally.RecursiveAcquires);
            Assert.Equal(0, tally.Contended);
            TallyInterval hold = Assert.Single(tally.Holds);
            Assert.Equal(1, hold.AcquireNumber);
            Assert.Equal(released - acquired, hold.Inner);
            Assert.InRange(hold.Outer, hold.Inner, long.MaxValue);
        }));
    }

    [Fact]
    public void A_failed_try_alone_and_a_timed_out_wait_are_counted_but_acquire_nothing()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(owner =>
        {
            ulong mutex = kernel.Mutex(owner);
            kernel.Wait(owner, mutex);
            Assert.True(kernel.Run(thread => Assert.Equal(Timeout, kernel.Wait(thread, mutex, 0))));
            Assert.True(kernel.Run(thread => Assert.Equal(Timeout, kernel.Wait(thread, mutex, -10_000))));
            MutexTally tally = kernel.Kernel.Dispatcher.Close().Single();
            Assert.Equal((1, 0, 1, 1, true), (tally.Acquires, tally.Contended, tally.FailedTries, tally.TimedOutWaits, tally.HeldAtEnd));
            kernel.Release(owner, mutex);
        }));
    }

    [Fact]
    public void A_mutex_freed_and_made_again_at_its_address_is_counted_apart()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            for (int generation = 0; generation < 2; generation++)
            {
                ulong block = kernel.Call(thread, "ExAllocatePool2", 0x40, 0x38, 0x31747341);
                kernel.Call(thread, "KeInitializeMutex", block, 0);
                kernel.Wait(thread, block);
                kernel.Release(thread, block);
                kernel.Call(thread, "ExFreePoolWithTag", block, 0x31747341);
            }
        }));

        IReadOnlyList<MutexTally> tallies = kernel.Kernel.Dispatcher.Close();
        Assert.Equal([0, 1], tallies.Select(tally => tally.Generation));
        Assert.Equal(tallies[0].Address, tallies[1].Address);
        Assert.All(tallies, tally => Assert.Equal(1, tally.Acquires));
    }

    [Fact]
    public void Only_IRQL_queries_above_APC_LEVEL_are_counted()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            foreach (byte irql in (byte[])[0, 1, 2, 15])
            {
                thread.Irql = irql;
                Assert.Equal(irql, (byte)kernel.Call(thread, "KeGetCurrentIrql"));
            }

            thread.Irql = 0;
        }));
        Assert.Equal(2, kernel.Kernel.Processor.IrqlQueriesAboveApc);
    }
}
