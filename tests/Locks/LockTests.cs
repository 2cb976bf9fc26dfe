using System;
using System.Linq;
using Tracing.Events;

namespace Tracing.Driver.Tests;

/// <summary>Acquire and release, by the rules of the trace contract.</summary>
[Collection(Kernel.Machine)]
public sealed class LockTests : IDisposable
{
    private KMutex<ulong> _mutex;

    public LockTests()
    {
        Kernel.Restart();
        Assert.Equal(MutexError.None, KMutex<ulong>.New(7, "Tested", out _mutex));
        Kernel.Events.Clear();
    }

    public void Dispose() => Kernel.Pool.Clear();

    [Fact]
    public void The_data_is_what_the_mutex_was_made_with_and_what_the_last_holder_left()
    {
        using (KMutexGuard<ulong> guard = _mutex.Lock(out _))
        {
            Assert.Equal(7ul, guard.Value);
            guard.Value = 8;
        }

        Assert.Equal(MutexError.None, _mutex.ToOwned(out ulong data));
        Assert.Equal(8ul, data);
    }

    [Fact]
    public void An_uncontended_pair_reads_no_clock_while_nobody_listens()
    {
        int before = Kernel.ClockReads;
        _mutex.Lock(out _).Dispose();
        Assert.Equal(before, Kernel.ClockReads);
    }

    [Fact]
    public void An_uncontended_pair_reads_the_clock_twice_while_a_session_listens()
    {
        Listen();
        int before = Kernel.ClockReads;
        _mutex.Lock(out _).Dispose();
        Assert.Equal(before + 2, Kernel.ClockReads);
        Assert.Equal([11, 14], Kernel.Events.Select(written => written.Id));
    }

    [Fact]
    public void A_recursive_acquire_has_a_number_and_a_depth_of_its_own()
    {
        Listen();
        KMutexGuard<ulong> outer = _mutex.Lock(out _);
        KMutexGuard<ulong> inner = _mutex.Lock(out _);
        inner.Dispose();
        outer.Dispose();

        Assert.Equal([11, 11, 14, 14], Kernel.Events.Select(written => written.Id));
        Assert.Equal([(1ul, 1), (2ul, 2)], Acquired().Select(event_ => (event_.Sequence, event_.Depth)));
        Assert.Equal([AcquiredFlagsOf(0), AcquiredFlagsOf(1)], Acquired().Select(event_ => event_.Flags));
        (ulong Sequence, int Depth, ulong AcquiredAt, uint Waiters)[] released = Released();
        Assert.Equal([(2ul, 2), (1ul, 1)], released.Select(event_ => (event_.Sequence, event_.Depth)));

        // The release at depth 1 carries the outermost acquire's time, the other one its own.
        Assert.Equal(Acquired().Select(event_ => event_.AcquiredAt).Reverse(), released.Select(event_ => event_.AcquiredAt));
    }

    [Fact]
    public void A_contended_acquire_says_who_held_and_how_long_it_waited()
    {
        Listen();
        KMutexGuard<ulong> held = _mutex.Lock(out _);
        GuardState holder = held.State;
        Kernel.Events.Clear();
        Kernel.WhileWaiting = () => ReleaseAs(1, holder);
        Kernel.ThreadId = 2;
        using KMutexGuard<ulong> guard = _mutex.Lock(out MutexError error);

        Assert.Equal(MutexError.None, error);
        Assert.Equal([10, 15, 12], Kernel.Events.Select(written => written.Id));
        Assert.True(AcquireBlockedPayload.TryRead(Kernel.Events[0].Payload, 8, 0, out AcquireBlockedPayload blocked));
        Assert.Equal((1u, 1ul, 0u), (blocked.OwnerThreadId, blocked.OwnerSequence, blocked.Waiters));
        Assert.Equal(1u, Released().Single().Waiters);
        (ulong RequestedAt, ulong AcquiredAt) wait = Acquired().Select(event_ => (event_.RequestedAt, event_.AcquiredAt)).Single();
        Assert.Equal(blocked.RequestedAt, wait.RequestedAt);
        Assert.True(wait.AcquiredAt > wait.RequestedAt);
    }

    [Fact]
    public void An_abandoned_mutex_is_acquired_at_depth_one()
    {
        Listen();
        _ = _mutex.Lock(out _);
        _ = _mutex.Lock(out _);
        Kernel.EndThread(1);
        Kernel.Events.Clear();
        Kernel.ThreadId = 2;
        KMutexGuard<ulong> guard = _mutex.Lock(out MutexError error);

        Assert.Equal(MutexError.None, error);
        Assert.Equal((3ul, 1, AcquiredFlagsOf(0x10)), Acquired().Select(event_ => (event_.Sequence, event_.Depth, event_.Flags)).Single());
        Assert.Equal(MutexError.None, guard.Release());
    }

    [Fact]
    public void A_failed_wait_acquires_nothing()
    {
        const int StatusNoMemory = unchecked((int)0xC000_0017);
        KMutexGuard<ulong> held = _mutex.Lock(out _);
        Kernel.ThreadId = 2;
        Kernel.NextStatus = StatusNoMemory;
        KMutexGuard<ulong> refused = _mutex.Lock(out MutexError error);

        Assert.Equal(MutexError.WaitFailed, error);
        Assert.False(refused.IsHeld);
        Assert.Equal(MutexError.Empty, refused.Release());
        Kernel.ThreadId = 1;
        Assert.Equal(MutexError.None, held.Release());
        Assert.Equal(MutexError.None, _mutex.Free());
    }

    [Fact]
    public void An_early_release_leaves_nothing_for_the_end_of_the_scope()
    {
        Listen();
        using (KMutexGuard<ulong> guard = _mutex.Lock(out _))
        {
            Assert.Equal(MutexError.None, guard.Release());
            Assert.False(guard.IsHeld);
        }

        Assert.Equal([11, 14], Kernel.Events.Select(written => written.Id));
    }

    [Fact]
    public void A_long_hold_is_worth_an_event_of_contention()
    {
        // The threshold is a millisecond: 10,000 ticks at 10 MHz.
        ProviderFacts.Measure();
        KMutexEvents.Recompute(true, 4, (ulong)KMutexKeywords.Contention, 0);
        using (_mutex.Lock(out _))
        {
            Kernel.Ticks += 10_000;
        }

        _mutex.Lock(out _).Dispose();
        Assert.Equal([15], Kernel.Events.Select(written => written.Id));
    }

    private static void Listen()
    {
        ProviderFacts.Measure();
        KMutexEvents.Recompute(true, 5, 0, 0);
    }

    private static void ReleaseAs(uint threadId, GuardState state)
    {
        uint running = Kernel.ThreadId;
        Kernel.ThreadId = threadId;
        Assert.Equal(MutexError.None, LockSlowPath.Release(ref state));
        Kernel.ThreadId = running;
    }

    private static byte AcquiredFlagsOf(byte bits) => bits;

    private static (ulong Sequence, int Depth, byte Flags, ulong RequestedAt, ulong AcquiredAt)[] Acquired() =>
        [.. Kernel.Events.Where(written => written.Id is 11 or 12).Select(written =>
        {
            Assert.True(MutexAcquiredPayload.TryRead(written.Payload, 8, 0, out MutexAcquiredPayload payload));
            return (payload.Sequence, (int)payload.Depth, (byte)payload.Flags, payload.RequestedAt, payload.AcquiredAt);
        })];

    private static (ulong Sequence, int Depth, ulong AcquiredAt, uint Waiters)[] Released() =>
        [.. Kernel.Events.Where(written => written.Id is 14 or 15).Select(written =>
        {
            Assert.True(MutexReleasedPayload.TryRead(written.Payload, 8, 0, out MutexReleasedPayload payload));
            return (payload.Sequence, (int)payload.Depth, payload.AcquiredAt, payload.Waiters);
        })];
}
