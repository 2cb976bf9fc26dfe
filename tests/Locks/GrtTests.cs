using System;
using System.Linq;
using Tracing.Events;

namespace Tracing.Driver.Tests;

/// <summary>The registry: every error it has, and what it does with mutexes that are in use.</summary>
[Collection(Kernel.Machine)]
public sealed class GrtTests : IDisposable
{
    public GrtTests()
    {
        Kernel.Restart();
        Assert.Equal(GrtError.None, Grt.Init());
        KMutexEvents.Recompute(true, 5, 0, 0);
    }

    public void Dispose()
    {
        Kernel.CurrentIrql = Irql.Passive;
        _ = Grt.Destroy();
        Assert.Empty(Kernel.Pool);
        Assert.Equal(GrtError.IsNull, Grt.Destroy());
    }

    [Fact]
    public void What_was_registered_is_got_by_its_label()
    {
        Assert.Equal(GrtError.None, Grt.RegisterKMutex("One", 1ul));
        Assert.Equal(GrtError.None, Grt.RegisterFastMutexChecked("Two", 2u));
        using KMutexLease<ulong> one = Grt.GetKMutex<ulong>("One", out GrtError error);
        Assert.Equal(GrtError.None, error);
        using (KMutexGuard<ulong> guard = one.Mutex.Lock(out _))
        {
            Assert.Equal(1ul, guard.Value);
        }

        using FastMutexLease<uint> two = Grt.GetFastMutex<uint>("Two", out _);
        using FastMutexGuard<uint> fast = two.Mutex.Lock(out _);
        Assert.Equal(2u, fast.Value);
    }

    [Fact]
    public void A_label_is_what_it_says_and_not_where_it_lies()
    {
        Assert.Equal(GrtError.None, Grt.RegisterKMutex("Label", 1ul));
        using KMutexLease<ulong> lease = Grt.GetKMutex<ulong>(new string("Label".AsSpan()), out GrtError error);
        Assert.Equal(GrtError.None, error);
    }

    [Fact]
    public void There_is_one_registry() => Assert.Equal(GrtError.AlreadyExists, Grt.Init());

    [Fact]
    public void Without_a_registry_there_is_nothing_to_register_or_get()
    {
        Assert.Equal(GrtError.None, Grt.Destroy());
        Assert.Equal(GrtError.IsNull, Grt.RegisterKMutex("One", 1ul));
        Assert.Equal(GrtError.IsNull, Grt.RegisterFastMutexChecked("One", 1ul));
        _ = Grt.GetKMutex<ulong>("One", out GrtError error);
        Assert.Equal(GrtError.IsNull, error);
        Assert.Empty(Kernel.Pool);
    }

    [Fact]
    public void Nothing_registered_and_this_not_registered_are_told_apart()
    {
        _ = Grt.GetKMutex<ulong>("One", out GrtError error);
        Assert.Equal(GrtError.IsEmpty, error);
        Assert.Equal(GrtError.None, Grt.RegisterKMutex("Two", 2ul));
        Assert.False(Grt.GetKMutex<ulong>("One", out error).Mutex.IsAllocated);
        Assert.Equal(GrtError.KeyNotFound, error);
    }

    [Fact]
    public void Another_type_or_kind_is_not_handed_out()
    {
        Assert.Equal(GrtError.None, Grt.RegisterKMutex("One", 1ul));
        _ = Grt.GetKMutex<long>("One", out GrtError type);
        _ = Grt.GetFastMutex<ulong>("One", out GrtError kind);
        Assert.Equal((GrtError.TypeMismatch, GrtError.TypeMismatch), (type, kind));
    }

    [Fact]
    public void A_checked_registration_takes_no_label_that_is_taken_and_allocates_nothing()
    {
        Assert.Equal(GrtError.None, Grt.RegisterKMutexChecked("One", 1ul));
        Kernel.Events.Clear();
        Assert.Equal(GrtError.KeyExists, Grt.RegisterKMutexChecked("One", 2ul));
        Assert.Equal(GrtError.KeyExists, Grt.RegisterFastMutexChecked("One", 2ul));
        Assert.Empty(Kernel.Events);
    }

    [Fact]
    public void A_label_that_is_not_in_use_is_replaced_and_its_mutex_freed()
    {
        Assert.Equal(GrtError.None, Grt.RegisterKMutex("One", 1ul));
        Assert.Equal(GrtError.None, Grt.RegisterFastMutex("One", 2ul));
        Assert.Equal([(int)FreeReason.LabelReplaced], ReasonsOfFrees());
        Assert.Single(Kernel.Pool);
        using FastMutexLease<ulong> lease = Grt.GetFastMutex<ulong>("One", out GrtError error);
        Assert.Equal(GrtError.None, error);
    }

    [Fact]
    public void A_label_taken_while_the_pool_was_asked_stays_with_the_first()
    {
        Kernel.WhileAllocating = () => Assert.Equal(GrtError.None, Grt.RegisterKMutexChecked("Race", 1ul));
        Assert.Equal(GrtError.KeyExists, Grt.RegisterKMutexChecked("Race", 2ul));
        Assert.Single(Kernel.Pool);
        using KMutexLease<ulong> lease = Grt.GetKMutex<ulong>("Race", out _);
        using KMutexGuard<ulong> guard = lease.Mutex.Lock(out _);
        Assert.Equal(1ul, guard.Value);
    }

    [Fact]
    public void A_registry_destroyed_while_the_pool_was_asked_takes_nothing()
    {
        Kernel.WhileAllocating = () => Assert.Equal(GrtError.None, Grt.Destroy());
        Assert.Equal(GrtError.IsNull, Grt.RegisterKMutex("Late", 1ul));
        Assert.Empty(Kernel.Pool);
    }

    [Fact]
    public void What_a_guard_still_holds_is_in_use_though_its_lease_is_over()
    {
        Assert.Equal(GrtError.None, Grt.RegisterKMutex("One", 1ul));
        KMutexLease<ulong> lease = Grt.GetKMutex<ulong>("One", out _);
        KMutexGuard<ulong> guard = lease.Mutex.Lock(out _);
        lease.Dispose();
        Assert.Equal(GrtError.InUse, Grt.Destroy());
        Assert.Equal(MutexError.None, guard.Release());
        Assert.Equal(GrtError.None, Grt.Destroy());
    }

    [Fact]
    public void An_empty_pool_registers_nothing()
    {
        Kernel.PoolIsEmpty = true;
        Assert.Equal(GrtError.OutOfPool, Grt.RegisterKMutex("One", 1ul));
        _ = Grt.GetKMutex<ulong>("One", out GrtError error);
        Assert.Equal(GrtError.IsEmpty, error);
    }

    [Fact]
    public void Above_dispatch_level_every_call_is_refused()
    {
        Assert.Equal(GrtError.None, Grt.RegisterKMutex("One", 1ul));
        KMutexLease<ulong> lease = Grt.GetKMutex<ulong>("One", out _);
        Kernel.CurrentIrql = 3;
        _ = Grt.GetKMutex<ulong>("One", out GrtError got);
        Assert.All(
            [Grt.Init(), Grt.RegisterKMutex("Two", 2ul), Grt.RegisterFastMutexChecked("Two", 2ul), got, lease.GiveBack(), Grt.Destroy()],
            error => Assert.Equal(GrtError.IrqlTooHigh, error));
        Kernel.CurrentIrql = Irql.Dispatch;
        Assert.Equal(GrtError.None, lease.GiveBack());
    }

    private static int[] ReasonsOfFrees() =>
        [.. Kernel.Events.Where(written => written.Id == 3).Select(written =>
        {
            Assert.True(MutexFreedPayload.TryRead(written.Payload, 8, 0, out MutexFreedPayload freed));
            return (int)freed.Reason;
        })];
}
