using System;
using System.Linq;
using Tracing.Events;

namespace Tracing.Driver.Tests;

/// <summary>The rules of a FAST_MUTEX: the holder is at APC_LEVEL, nobody acquires twice.</summary>
[Collection(Kernel.Machine)]
public sealed class FastMutexTests : IDisposable
{
    private FastMutex<ulong> _mutex;

    public FastMutexTests()
    {
        Kernel.Restart();
        KMutexEvents.Recompute(true, 5, 0, 0);
        ProviderFacts.Measure();
        Assert.Equal(MutexError.None, FastMutex<ulong>.New(7, "Fast", out _mutex));
    }

    public void Dispose() => Kernel.Pool.Clear();

    [Fact]
    public void It_is_announced_as_what_it_is()
    {
        Assert.True(MutexAllocatedPayload.TryRead(Kernel.Events[^1].Payload, 8, 0, out MutexAllocatedPayload allocated));
        Assert.Equal(2, (int)allocated.Kind);
    }

    [Fact]
    public void The_holder_is_at_apc_level_and_comes_back_from_it()
    {
        using (FastMutexGuard<ulong> guard = _mutex.Lock(out MutexError error))
        {
            Assert.Equal((MutexError.None, Irql.Apc, 1u), (error, Kernel.CurrentIrql, _mutex.OwnerThreadId));
            guard.Value++;
        }

        Assert.Equal((Irql.Passive, false), (Kernel.CurrentIrql, _mutex.IsHeld));
        Assert.Equal(MutexError.None, _mutex.ToOwned(out ulong data));
        Assert.Equal(8ul, data);
        Assert.Equal([11, 14, 3], Kernel.Events.Select(written => written.Id).Where(id => id is not 2 and not 5));
    }

    [Fact]
    public void A_second_acquire_by_the_holder_is_refused()
    {
        using FastMutexGuard<ulong> guard = _mutex.Lock(out _);
        Assert.False(_mutex.Lock(out MutexError again).IsHeld);
        Assert.False(_mutex.TryLock(out MutexError tried).IsHeld);
        Assert.Equal((MutexError.AlreadyOwned, MutexError.AlreadyOwned), (again, tried));
    }

    [Fact]
    public void A_try_of_what_another_thread_holds_is_busy()
    {
        FastMutexGuard<ulong> held = _mutex.Lock(out _);
        Kernel.ThreadId = 2;
        Assert.False(_mutex.TryLock(out MutexError error).IsHeld);
        Assert.Equal(MutexError.Busy, error);
        Kernel.ThreadId = 1;
        Assert.Equal(MutexError.None, held.Release());
        Assert.True(_mutex.TryLock(out _).IsHeld);
    }

    [Fact]
    public void A_contended_acquire_says_who_held()
    {
        GuardState held = _mutex.Lock(out _).State;
        Kernel.Events.Clear();
        Kernel.ThreadId = 2;
        Kernel.CurrentIrql = Irql.Passive;
        Kernel.WhileWaiting = () =>
        {
            (Kernel.ThreadId, Kernel.CurrentIrql) = (1, Irql.Apc);
            Assert.Equal(MutexError.None, FastLock.Release(ref held));
            Kernel.ThreadId = 2;
        };
        using FastMutexGuard<ulong> guard = _mutex.Lock(out MutexError error);
        Assert.Equal(MutexError.None, error);
        Assert.Equal([10, 15, 12], Kernel.Events.Select(written => written.Id));
        Assert.True(AcquireBlockedPayload.TryRead(Kernel.Events[0].Payload, 8, 0, out AcquireBlockedPayload blocked));
        Assert.Equal((1u, 1ul), (blocked.OwnerThreadId, blocked.OwnerSequence));
    }

    /// <summary>The thread's id is asked for twice: to refuse a second acquire, and after the acquire. The session comes with the second.</summary>
    [Fact]
    public void A_session_that_comes_in_the_middle_of_an_acquire_is_told_no_time_that_nobody_took()
    {
        KMutexEvents.Recompute(false, 0, 0, 0);
        Kernel.Events.Clear();
        int asked = 0;
        Kernel.WhileIdentifying = () => KMutexEvents.Recompute(++asked == 2, 5, 0, 0);
        FastMutexGuard<ulong> guard = _mutex.Lock(out _);
        Kernel.WhileIdentifying = null;
        Assert.Equal(2, asked);
        Assert.Empty(Kernel.Events);

        Assert.Equal(MutexError.None, guard.Release());
        Assert.True(MutexReleasedPayload.TryRead(Assert.Single(Kernel.Events).Payload, 8, 0, out MutexReleasedPayload released));
        Assert.Equal(0ul, released.AcquiredAt);
    }

    [Fact]
    public void Lock_above_apc_level_is_rejected()
    {
        Kernel.CurrentIrql = Irql.Dispatch;
        _ = _mutex.Lock(out MutexError error);
        Assert.Equal(MutexError.IrqlTooHigh, error);
        Assert.Contains(Kernel.Events, written => written.Id == 20);
    }

    [Fact]
    public void What_a_thread_holds_is_not_freed()
    {
        using FastMutexGuard<ulong> guard = _mutex.Lock(out _);
        Assert.Equal(MutexError.Held, _mutex.Free());
        Assert.Contains(Kernel.Events, written => written.Id == 21);
    }

    [Fact]
    public void Another_thread_does_not_release()
    {
        FastMutexGuard<ulong> guard = _mutex.Lock(out _);
        Kernel.ThreadId = 2;
        Assert.Equal(MutexError.NotOwner, guard.Release());
        Kernel.ThreadId = 1;
        Assert.Equal(MutexError.None, guard.Release());
    }
}
