using System;
using System.Linq;
using Tracing.Events;

namespace Tracing.Driver.Tests;

/// <summary>What the library refuses, and what the trace says of it. A refused call changes nothing.</summary>
[Collection(Kernel.Machine)]
public sealed class RefusalTests : IDisposable
{
    private KMutex<ulong> _mutex;

    public RefusalTests()
    {
        Kernel.Restart();
        Assert.Equal(MutexError.None, KMutex<ulong>.New(0, null, out _mutex));
        KMutexEvents.Recompute(true, 5, 0, 0);
        Kernel.Events.Clear();
    }

    public void Dispose() => Kernel.Pool.Clear();

    [Fact]
    public void New_above_dispatch_level_is_rejected_before_there_is_a_mutex()
    {
        Kernel.CurrentIrql = 3;
        Assert.Equal(MutexError.IrqlTooHigh, KMutex<ulong>.New(0, null, out KMutex<ulong> none));
        Assert.False(none.IsAllocated);
        Assert.Equal((0ul, 1, 3, 2), Rejection());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(15)]
    public void Lock_above_apc_level_is_rejected(byte irql)
    {
        Kernel.CurrentIrql = irql;
        Assert.False(_mutex.Lock(out MutexError error).IsHeld);
        Assert.Equal(MutexError.IrqlTooHigh, error);
        Assert.Equal((2, irql, 1), (Rejection().Operation, Rejection().Irql, Rejection().Maximum));
    }

    [Fact]
    public void Lock_at_apc_level_is_not() => Assert.Equal(MutexError.None, LockAt(Irql.Apc));

    /// <summary>KeReleaseMutex at DISPATCH_LEVEL raises an exception for what was acquired below it: its DDI page.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Release_above_apc_level_is_rejected_and_can_be_done_later(byte irql)
    {
        KMutexGuard<ulong> guard = _mutex.Lock(out _);
        Kernel.Events.Clear();
        Kernel.CurrentIrql = irql;
        Assert.Equal(MutexError.IrqlTooHigh, guard.Release());
        Assert.True(guard.IsHeld);
        Assert.Equal((4, irql, 1), (Rejection().Operation, Rejection().Irql, Rejection().Maximum));

        Kernel.CurrentIrql = Irql.Passive;
        Assert.Equal(MutexError.None, guard.Release());
        Assert.Equal(MutexError.None, _mutex.Free());
    }

    [Fact]
    public void Free_above_dispatch_level_is_rejected()
    {
        Kernel.CurrentIrql = 3;
        Assert.Equal(MutexError.IrqlTooHigh, _mutex.Free());
        Assert.True(_mutex.IsAllocated);
        Assert.Equal((5, 3, 2), (Rejection().Operation, Rejection().Irql, Rejection().Maximum));
    }

    [Fact]
    public void A_rejection_is_counted_with_the_mutex()
    {
        LockAt(Irql.Dispatch);
        LockAt(Irql.Dispatch);
        Assert.Equal(MutexError.None, _mutex.Free());
        (int id, byte[] freed) = Kernel.Events[^1];
        Assert.Equal(3, id);
        Assert.True(MutexFreedPayload.TryRead(freed, 8, 0, out MutexFreedPayload payload));
        Assert.Equal((0ul, 2ul), (payload.Acquires, payload.Rejected));
    }

    [Fact]
    public void An_empty_pool_is_an_error_and_an_event()
    {
        Kernel.PoolIsEmpty = true;
        Assert.Equal(MutexError.OutOfPool, KMutex<ulong>.New(0, "None", out KMutex<ulong> none));
        Assert.False(none.IsAllocated);
        Assert.Equal([4], Kernel.Events.Select(written => written.Id));
    }

    [Fact]
    public void What_a_thread_holds_is_not_freed()
    {
        using KMutexGuard<ulong> guard = _mutex.Lock(out _);
        Assert.Equal(MutexError.Held, _mutex.Free());
        Assert.True(_mutex.IsAllocated);
        Assert.Equal(((int)MisuseKind.FreeWhileHeld, 1u, 1), Misuse());
    }

    [Fact]
    public void What_threads_wait_for_is_not_freed()
    {
        // Between the holder's release and the waiter's return the mutex looks free, but the waiter is still to come.
        KMutexGuard<ulong> held = _mutex.Lock(out _);
        GuardState holder = held.State;
        MutexError freed = MutexError.None;
        Kernel.WhileWaiting = () =>
        {
            ReleaseAs(1, holder);
            freed = _mutex.Free();
        };
        Kernel.ThreadId = 2;
        using KMutexGuard<ulong> guard = _mutex.Lock(out MutexError error);

        Assert.Equal((MutexError.Awaited, MutexError.None), (freed, error));
        Assert.Equal((int)MisuseKind.FreeWithWaiters, Misuse().Kind);
    }

    [Fact]
    public void A_copy_of_a_guard_does_not_release_again()
    {
        KMutexGuard<ulong> guard = _mutex.Lock(out _);
        KMutexGuard<ulong> copy = guard;
        Assert.Equal(MutexError.None, guard.Release());
        Assert.Equal(MutexError.NotHeld, copy.Release());
        Assert.Equal(((int)MisuseKind.DoubleRelease, 0u, 0), Misuse());
    }

    [Fact]
    public void Another_thread_does_not_release()
    {
        KMutexGuard<ulong> guard = _mutex.Lock(out _);
        Kernel.ThreadId = 2;
        Assert.Equal(MutexError.NotOwner, guard.Release());
        Assert.Equal(((int)MisuseKind.ReleaseByOtherThread, 1u, 1), Misuse());
        Kernel.ThreadId = 1;
        Assert.Equal(MutexError.None, guard.Release());
    }

    [Fact]
    public void A_freed_handle_is_empty()
    {
        Assert.Equal(MutexError.None, _mutex.Free());
        Assert.Equal(MutexError.Empty, _mutex.Free());
        _ = _mutex.Lock(out MutexError error);
        Assert.Equal(MutexError.Empty, error);
    }

    private MutexError LockAt(byte irql)
    {
        Kernel.CurrentIrql = irql;
        _mutex.Lock(out MutexError error).Dispose();
        Kernel.CurrentIrql = Irql.Passive;
        return error;
    }

    private static void ReleaseAs(uint threadId, GuardState state)
    {
        uint running = Kernel.ThreadId;
        Kernel.ThreadId = threadId;
        Assert.Equal(MutexError.None, LockSlowPath.Release(ref state));
        Kernel.ThreadId = running;
    }

    private static (ulong MutexId, int Operation, int Irql, int Maximum) Rejection()
    {
        byte[] payload = Kernel.Events.Single(written => written.Id == 20).Payload;
        Assert.True(IrqlRejectedPayload.TryRead(payload, 8, 0, out IrqlRejectedPayload rejected));
        Assert.Equal(3, rejected.Processor);
        return (rejected.MutexId, (int)rejected.Operation, rejected.Irql, rejected.MaximumIrql);
    }

    private static (int Kind, uint Owner, int Depth) Misuse()
    {
        byte[] payload = Kernel.Events.Single(written => written.Id == 21).Payload;
        Assert.True(MisuseDetectedPayload.TryRead(payload, 8, 0, out MisuseDetectedPayload misuse));
        return ((int)misuse.Kind, misuse.OwnerThreadId, misuse.Depth);
    }
}
