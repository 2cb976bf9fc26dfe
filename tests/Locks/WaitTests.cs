using System;
using System.Linq;
using Tracing.Events;

namespace Tracing.Driver.Tests;

/// <summary>Acquires that do not wait for ever: tries, timeouts, alerts. Each status of the wait has its outcome.</summary>
[Collection(Kernel.Machine)]
public sealed class WaitTests : IDisposable
{
    private const int StatusAbandoned = 0x80;
    private const int StatusUserApc = 0xC0;
    private const int StatusAlerted = 0x101;
    private const int StatusTimeout = 0x102;

    private KMutex<ulong> _mutex;
    private GuardState _held;

    public WaitTests()
    {
        Kernel.Restart();
        Assert.Equal(MutexError.None, KMutex<ulong>.New(0, "Awaited", out _mutex));
        ProviderFacts.Measure();
        KMutexEvents.Recompute(true, 5, 0, 0);
    }

    public void Dispose() => Kernel.Pool.Clear();

    [Fact]
    public void A_try_acquires_what_is_free()
    {
        using KMutexGuard<ulong> guard = _mutex.TryLock(out MutexError error);
        Assert.Equal(MutexError.None, error);
        Assert.True(guard.IsHeld);
        Assert.Equal(0x02, FlagsOfTheAcquire());
    }

    [Fact]
    public void A_try_of_what_another_thread_holds_is_busy_and_writes_nothing()
    {
        HoldByAnother();
        Assert.False(_mutex.TryLock(out MutexError error).IsHeld);
        Assert.Equal(MutexError.Busy, error);
        Assert.Empty(Kernel.Events);
    }

    [Fact]
    public void A_rejected_try_says_that_it_was_a_try()
    {
        Kernel.CurrentIrql = Irql.Dispatch;
        _ = _mutex.TryLock(out MutexError error);
        Assert.Equal(MutexError.IrqlTooHigh, error);
        Assert.True(IrqlRejectedPayload.TryRead(Kernel.Events.Single(written => written.Id == 20).Payload, 8, 0, out IrqlRejectedPayload rejected));
        Assert.Equal(3, (int)rejected.Operation);
    }

    [Fact]
    public void A_timeout_is_handed_to_the_kernel_in_units_of_100_ns_from_now()
    {
        HoldByAnother();
        Kernel.NextStatus = StatusTimeout;
        Assert.False(_mutex.LockWithin(30, out MutexError error).IsHeld);
        Assert.Equal(MutexError.TimedOut, error);
        Assert.Equal((false, -300_000L), Kernel.LastWait);
    }

    [Fact]
    public void The_longest_timeout_is_not_cut_short()
    {
        HoldByAnother();
        Kernel.NextStatus = StatusTimeout;
        _ = _mutex.LockWithin(uint.MaxValue, out _);
        Assert.Equal(-4_294_967_295L * 10_000, Kernel.LastWait.Timeout);
    }

    [Theory]
    [InlineData(StatusTimeout, (int)MutexError.TimedOut, 1)]
    [InlineData(StatusAlerted, (int)MutexError.Alerted, 2)]
    [InlineData(StatusUserApc, (int)MutexError.UserApc, 3)]
    public void A_wait_that_ends_without_the_mutex_says_why(int status, int error, int reason)
    {
        HoldByAnother();
        Kernel.NextStatus = status;
        Assert.False(_mutex.LockAlertableWithin(5, out MutexError answer).IsHeld);
        Assert.Equal((MutexError)error, answer);
        Assert.Equal((true, -50_000L), Kernel.LastWait);

        Assert.Equal([10, 13], Kernel.Events.Select(written => written.Id));
        Assert.True(AcquireFailedPayload.TryRead(Kernel.Events[1].Payload, 8, 0, out AcquireFailedPayload failed));
        Assert.Equal(reason, (int)failed.Reason);
        Assert.True(failed.FailedAt > failed.RequestedAt);
        Release();
        Assert.Equal(MutexError.None, _mutex.Free());
    }

    [Fact]
    public void An_alertable_wait_without_a_timeout_has_none()
    {
        HoldByAnother();
        Kernel.NextStatus = StatusAlerted;
        _ = _mutex.LockAlertable(out MutexError error);
        Assert.Equal(MutexError.Alerted, error);
        Assert.Equal((true, null), Kernel.LastWait);
    }

    [Fact]
    public void A_mutex_abandoned_during_the_wait_is_acquired()
    {
        HoldByAnother();
        Kernel.WhileWaiting = () => Kernel.EndThread(2);
        using KMutexGuard<ulong> guard = _mutex.LockAlertableWithin(5, out MutexError error);
        Assert.Equal(MutexError.None, error);
        Assert.True(guard.IsHeld);
        Assert.Equal(0x04 | 0x08 | 0x10, FlagsOfTheAcquire());
        Assert.Equal(1u, _mutex.OwnerThreadId);
    }

    [Fact]
    public void The_status_of_abandonment_is_not_a_failure() => Assert.Equal(StatusAbandoned, NtStatus.Abandoned);

    [Fact]
    public void The_owner_is_known_while_it_holds()
    {
        Assert.Equal((false, 0u), (_mutex.IsHeld, _mutex.OwnerThreadId));
        HoldByAnother();
        Assert.Equal((true, 2u), (_mutex.IsHeld, _mutex.OwnerThreadId));
        Release();
        Assert.False(_mutex.IsHeld);
        Assert.False(default(KMutex<ulong>).IsHeld);
    }

    private void HoldByAnother()
    {
        Kernel.ThreadId = 2;
        _held = _mutex.Lock(out MutexError error).State;
        Assert.Equal(MutexError.None, error);
        Kernel.ThreadId = 1;
        Kernel.Events.Clear();
    }

    private void Release()
    {
        Kernel.ThreadId = 2;
        Assert.Equal(MutexError.None, LockSlowPath.Release(ref _held));
        Kernel.ThreadId = 1;
    }

    private static int FlagsOfTheAcquire()
    {
        Assert.True(MutexAcquiredPayload.TryRead(
            Kernel.Events.Single(written => written.Id is 11 or 12).Payload, 8, 0, out MutexAcquiredPayload acquired));
        return (int)acquired.Flags;
    }
}
