using System;
using System.Linq;
using Tracing.Events;

namespace Tracing.Driver.Tests;

/// <summary>What handles and guards offer besides locking.</summary>
[Collection(Kernel.Machine)]
public sealed unsafe class HandleTests : IDisposable
{
    public HandleTests() => Kernel.Restart();

    public void Dispose() => Kernel.Pool.Clear();

    [Fact]
    public void Data_moves_out_into_a_box_and_the_mutex_is_gone()
    {
        Assert.Equal(MutexError.None, KMutex<Large>.New(new Large { Last = 9 }, "Large", out KMutex<Large> mutex));
        KMutexEvents.Recompute(true, 5, 0, 0);
        Assert.Equal(MutexError.None, mutex.ToOwnedBox(out PoolBox<Large> box));

        Assert.False(mutex.IsAllocated);
        Assert.Equal(9ul, box.Value.Last);
        Assert.Equal((int)FreeReason.ToOwnedBox, ReasonOfTheFree());
        Assert.Single(Kernel.Pool);
        box.Free();
        box.Free();
        Assert.False(box.IsAllocated);
        Assert.Empty(Kernel.Pool);
    }

    [Fact]
    public void Without_pool_for_a_box_the_mutex_is_as_it_was()
    {
        _ = KMutex<Large>.New(new Large { Last = 9 }, null, out KMutex<Large> mutex);
        Kernel.PoolIsEmpty = true;
        Assert.Equal(MutexError.OutOfPool, mutex.ToOwnedBox(out PoolBox<Large> box));
        Assert.False(box.IsAllocated);
        using (KMutexGuard<Large> guard = mutex.Lock(out _))
        {
            Assert.Equal(9ul, guard.Value.Last);
            Kernel.PoolIsEmpty = false;
            Assert.Equal(MutexError.Held, mutex.ToOwnedBox(out _));
        }

        Assert.Single(Kernel.Pool);
        Kernel.CurrentIrql = 3;
        Assert.Equal(MutexError.IrqlTooHigh, mutex.ToOwnedBox(out _));
    }

    [Fact]
    public void A_guard_prints_the_mutex_the_hold_and_the_data()
    {
        _ = KMutex<uint>.New(0xAB00_0007, "Counter", out KMutex<uint> mutex);
        using KMutexGuard<uint> guard = mutex.Lock(out _);
        Assert.Matches("^KMutex [0-9]+ \"Counter\", thread 1, depth 1, acquire 1, data 07 00 00 AB$", Printed(in guard, 100));
    }

    [Fact]
    public void What_has_no_room_is_left_out()
    {
        _ = KMutex<uint>.New(0, "Counter", out KMutex<uint> mutex);
        KMutexGuard<uint> guard = mutex.Lock(out _);
        Assert.Equal("KMut", Printed(in guard, 5));
        Assert.Equal("", Printed(in guard, 0));
        _ = guard.Release();
        Assert.Equal("nothing held", Printed(in guard, 100));
    }

    [Fact]
    public void A_critical_section_guards_no_data()
    {
        KMutexEvents.Recompute(true, 5, 0, 0);
        Assert.Equal(MutexError.None, CriticalSection.New("Section", out CriticalSection section));
        Assert.True(MutexAllocatedPayload.TryRead(Kernel.Events[^1].Payload, 8, 0, out MutexAllocatedPayload allocated));
        Assert.Equal((3, 0u), ((int)allocated.Kind, allocated.DataSize));

        using (CriticalSectionGuard guard = section.Enter(out MutexError error))
        {
            Assert.Equal((MutexError.None, 1u), (error, section.OwnerThreadId));
            Assert.True(guard.IsHeld);
            Kernel.ThreadId = 2;
            _ = section.TryEnter(out error);
            Assert.Equal(MutexError.Busy, error);
            Kernel.ThreadId = 1;
            Assert.Equal(MutexError.Held, section.Free());
        }

        section.EnterWithin(7, out MutexError timed).Dispose();
        section.EnterAlertable(out MutexError alertable).Dispose();
        Assert.Equal((MutexError.None, MutexError.None), (timed, alertable));
        CriticalSectionGuard again = section.TryEnter(out _);
        Assert.Equal(MutexError.None, again.Release());
        Assert.Equal(MutexError.None, section.Free());
        Assert.False(section.IsAllocated);
    }

    private static string Printed<T>(in KMutexGuard<T> guard, int capacity)
        where T : unmanaged
    {
        char* text = stackalloc char[100];
        uint length = guard.Print(text, (uint)capacity);
        Assert.True(capacity == 0 || text[length] == '\0');
        return new string(text, 0, (int)length);
    }

    private static int ReasonOfTheFree()
    {
        Assert.True(MutexFreedPayload.TryRead(Kernel.Events.Single(written => written.Id == 3).Payload, 8, 0, out MutexFreedPayload freed));
        return (int)freed.Reason;
    }

    private struct Large
    {
#pragma warning disable CS0169, IDE0051 // Only its size matters.
        private fixed byte _data[100_000];
#pragma warning restore CS0169, IDE0051
        internal ulong Last;
    }
}
