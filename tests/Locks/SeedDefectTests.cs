using System;
using Tracing.Events;

namespace Tracing.Driver.Tests;

/// <summary>
/// Nine defects that reading wdk-mutex 1.3.2, the crate this library follows, has shown: each one made here in the same way, and without its effect.
/// </summary>
[Collection(Kernel.Machine)]
public sealed class SeedDefectTests : IDisposable
{
    private KMutex<ulong> _mutex;

    public SeedDefectTests()
    {
        Kernel.Restart();
        Assert.Equal(MutexError.None, KMutex<ulong>.New(0, "Seed", out _mutex));
        KMutexEvents.Recompute(true, 5, 0, 0);
        Kernel.Events.Clear();
    }

    public void Dispose()
    {
        Kernel.CurrentIrql = Irql.Passive;
        _ = Grt.Destroy();
        Kernel.Pool.Clear();
    }

    [Fact]
    public void Defect_1_a_guard_dropped_early_does_not_release_again_at_the_end_of_its_scope()
    {
        Assert.Equal(MutexError.None, FastMutex<ulong>.New(0, null, out FastMutex<ulong> fast));
        using (KMutexGuard<ulong> guard = _mutex.Lock(out _))
        {
            Assert.Equal(MutexError.None, guard.Release());
        }

        // The played kernel fails the test at a second release of either.
        using (FastMutexGuard<ulong> guard = fast.Lock(out _))
        {
            Assert.Equal(MutexError.None, guard.Release());
        }

        Assert.DoesNotContain(Kernel.Events, written => written.Id == 21);
    }

    [Fact]
    public void Defect_2_a_mutex_is_not_freed_before_its_guard_releases()
    {
        using (KMutexGuard<ulong> outer = _mutex.Lock(out _))
        {
            _mutex.Lock(out _).Dispose();
            Assert.Equal(MutexError.Held, _mutex.Free());
            outer.Value = 5;
        }

        Assert.Equal(MutexError.None, _mutex.ToOwned(out ulong data));
        Assert.Equal(5ul, data);
    }

    /// <summary>C# gives two references to one variable a meaning, which Rust does not; what is left to say is that there are two.</summary>
    [Fact]
    public void Defect_3_two_guards_of_one_thread_see_each_others_changes_and_the_trace_says_recursive()
    {
        using KMutexGuard<ulong> outer = _mutex.Lock(out _);
        using KMutexGuard<ulong> inner = _mutex.Lock(out _);
        outer.Value = 1;
        inner.Value++;
        Assert.Equal(2ul, outer.Value);
        Assert.True(MutexAcquiredPayload.TryRead(Kernel.Events[^1].Payload, 8, 0, out MutexAcquiredPayload acquired));
        Assert.Equal((2, 1), (acquired.Depth, (int)acquired.Flags));
    }

    [Fact]
    public void Defect_4_a_guard_cannot_leave_its_thread_and_no_other_thread_releases()
    {
        Assert.True(typeof(KMutexGuard<>).IsByRefLike && typeof(FastMutexGuard<>).IsByRefLike && typeof(CriticalSectionGuard).IsByRefLike);
        KMutexGuard<ulong> guard = _mutex.Lock(out _);
        Kernel.ThreadId = 2;
        guard.Dispose();
        Assert.True(guard.IsHeld);
        Kernel.ThreadId = 1;
        Assert.Equal(MutexError.None, guard.Release());
    }

    [Fact]
    public void Defect_5_two_threads_that_register_one_label_at_once_leave_one_mutex()
    {
        Assert.Equal(GrtError.None, Grt.Init());
        Kernel.WhileAllocating = () => Assert.Equal((GrtError.AlreadyExists, GrtError.None), (Grt.Init(), Grt.RegisterKMutex("Label", 1ul)));
        Assert.Equal(GrtError.None, Grt.RegisterKMutex("Label", 2ul));
        using KMutexLease<ulong> lease = Grt.GetKMutex<ulong>("Label", out _);
        using KMutexGuard<ulong> guard = lease.Mutex.Lock(out _);
        Assert.Equal(2ul, guard.Value);
        Assert.Equal(2, Kernel.Pool.Count);
    }

    [Fact]
    public void Defect_6_a_label_in_use_is_neither_replaced_nor_destroyed_nor_freed_by_its_handle()
    {
        Assert.Equal(GrtError.None, Grt.Init());
        Assert.Equal(GrtError.None, Grt.RegisterKMutex("Label", 1ul));
        KMutexLease<ulong> lease = Grt.GetKMutex<ulong>("Label", out _);
        Assert.Equal(GrtError.InUse, Grt.RegisterKMutex("Label", 2ul));
        Assert.True(MisuseDetectedPayload.TryRead(Kernel.Events[^1].Payload, 8, 0, out MisuseDetectedPayload misuse));
        Assert.Equal((int)MisuseKind.LabelInUse, (int)misuse.Kind);
        Assert.Equal(GrtError.InUse, Grt.Destroy());
        KMutex<ulong> handle = lease.Mutex;
        Assert.Equal(MutexError.Registered, handle.Free());
        using (KMutexGuard<ulong> guard = lease.Mutex.Lock(out MutexError error))
        {
            Assert.Equal((MutexError.None, 1ul), (error, guard.Value));
        }

        Assert.Equal(GrtError.None, lease.GiveBack());
        Assert.Equal(GrtError.None, Grt.Destroy());
    }

    [Fact]
    public void Defect_7_new_and_the_end_of_a_guard_are_checked_for_irql()
    {
        KMutexGuard<ulong> guard = _mutex.Lock(out _);
        Kernel.CurrentIrql = 3;
        Assert.Equal(MutexError.IrqlTooHigh, KMutex<ulong>.New(0, null, out _));
        Assert.Equal(MutexError.IrqlTooHigh, FastMutex<ulong>.New(0, null, out _));
        guard.Dispose();
        Assert.True(guard.IsHeld);
        Kernel.CurrentIrql = Irql.Passive;
        guard.Dispose();
        Assert.False(_mutex.IsHeld);
    }

    [Fact]
    public void Defect_8_a_fast_mutex_released_below_apc_level_says_so_and_a_refused_label_costs_no_allocation()
    {
        Assert.Equal(MutexError.None, FastMutex<ulong>.New(0, null, out FastMutex<ulong> fast));
        FastMutexGuard<ulong> guard = fast.Lock(out _);
        Kernel.CurrentIrql = Irql.Passive;
        Assert.Equal(MutexError.IrqlNotApcLevel, guard.Release());
        Kernel.CurrentIrql = Irql.Dispatch;
        Assert.Equal(MutexError.IrqlTooHigh, guard.Release());
        Kernel.CurrentIrql = Irql.Apc;
        Assert.Equal(MutexError.None, guard.Release());

        Assert.Equal(GrtError.None, Grt.Init());
        Assert.Equal(GrtError.None, Grt.RegisterKMutex("Label", 1ul));
        Kernel.PoolIsEmpty = true;
        Assert.Equal(GrtError.KeyExists, Grt.RegisterKMutexChecked("Label", 2ul));
    }

    [Theory]
    [InlineData(unchecked((int)0xC000_0017), (int)MutexError.WaitFailed)]
    [InlineData(0x102, (int)MutexError.TimedOut)]
    [InlineData(0x101, (int)MutexError.Alerted)]
    [InlineData(0x0C0, (int)MutexError.UserApc)]
    public void Defect_9_what_the_wait_answers_is_not_thrown_away(int status, int error)
    {
        _ = _mutex.Lock(out _);
        Kernel.ThreadId = 2;
        Kernel.NextStatus = status;
        Assert.False(_mutex.Lock(out MutexError answer).IsHeld);
        Assert.Equal((MutexError)error, answer);
    }
}
