using Tracing.Events;

namespace Tracing.Driver.Tests.Contract;

/// <summary>One mutex of a trace, by its events so far, and what its later ones must say.</summary>
internal sealed class TracedMutex(
    ulong id, ulong address, MutexKind kind, uint poolSize, uint site, ulong allocatedAt, string label)
{
    private readonly Dictionary<(uint Thread, ulong RequestedAt), uint> _waits = [];
    private readonly HashSet<ulong> _released = [];
    private ulong _contended;
    private ulong _rejected;
    private ulong _waitTotal;
    private ulong _waitMax;
    private ulong _holds;
    private ulong _holdTotal;
    private ulong _holdMax;
    private (ulong Acquires, ulong Contended, ulong Rejected, ulong WaitTotal, ulong WaitMax, ulong Holds, ulong HoldTotal, ulong HoldMax)? _final;

    internal ulong Address => address;

    internal uint PoolSize => poolSize;

    internal ulong AllocatedAt => allocatedAt;

    internal bool IsFreed => _final is not null;

    /// <summary>By sequence.</summary>
    internal SortedDictionary<ulong, (uint Thread, ushort Depth, ulong AcquiredAt, uint Site)> Acquires { get; } = [];

    internal void Block(uint thread, ulong requestedAt, ulong ownerSequence, uint siteId)
    {
        Assert.InRange(requestedAt, allocatedAt, ulong.MaxValue);
        Assert.InRange(ownerSequence, 0ul, (ulong)int.MaxValue);
        _waits.Add((thread, requestedAt), siteId);
    }

    /// <summary>A wait begins with AcquireBlocked, and ends once: with the mutex or without.</summary>
    internal void EndWait(uint thread, ulong requestedAt, uint siteId)
    {
        Assert.True(_waits.Remove((thread, requestedAt), out uint blockedAt), $"A wait of mutex {id} ends that did not begin.");
        Assert.Equal(blockedAt, siteId);
    }

    internal void Acquire(in MutexAcquiredPayload acquired, uint thread, bool isContended)
    {
        Acquires.Add(acquired.Sequence, (thread, acquired.Depth, acquired.AcquiredAt, acquired.SiteId));
        Assert.InRange(acquired.RequestedAt, allocatedAt, acquired.AcquiredAt);
        if (isContended)
        {
            EndWait(thread, acquired.RequestedAt, acquired.SiteId);
            ulong waited = acquired.AcquiredAt - acquired.RequestedAt;
            _contended++;
            _waitTotal += waited;
            _waitMax = Math.Max(_waitMax, waited);
        }
    }

    internal void Release(in MutexReleasedPayload released, uint thread)
    {
        Assert.True(_released.Add(released.Sequence), $"Acquire {released.Sequence} of mutex {id} is released twice.");
        Assert.Equal(Acquires[released.Sequence], (thread, released.Depth, released.AcquiredAt, released.SiteId));
        Assert.InRange(released.ReleasedAt, released.AcquiredAt, ulong.MaxValue);
        if (released.Depth == 1)
        {
            ulong held = released.ReleasedAt - released.AcquiredAt;
            _holds++;
            _holdTotal += held;
            _holdMax = Math.Max(_holdMax, held);
        }
    }

    internal void Reject(ulong rejectedAt)
    {
        Assert.InRange(rejectedAt, allocatedAt, ulong.MaxValue);
        _rejected++;
    }

    internal void Show(in MutexStatePayload state)
    {
        Assert.Equal((address, kind, poolSize, site, allocatedAt, label), (state.Address, state.Kind, state.PoolSize, state.SiteId, state.AllocatedAt, state.Label.ToString()));
        Assert.Equal(state.OwnerThreadId != 0, state.Depth != 0);
        Assert.Equal(state.Acquires, state.OwnerSequence);
        Assert.Equal(state.OwnerThreadId != 0, state.HeldSince != 0);
        Assert.InRange(state.WaitMax, 0ul, state.WaitTotal);
        Assert.InRange(state.HoldMax, 0ul, state.HoldTotal);
        Assert.InRange(state.Contended, 0ul, state.Acquires);
        Assert.InRange(state.TimedHolds, 0ul, state.Acquires);
    }

    internal void Free(in MutexFreedPayload freed)
    {
        Assert.False(IsFreed, $"Mutex {id} is freed twice.");
        Assert.InRange(freed.FreedAt, allocatedAt, ulong.MaxValue);
        _final = (freed.Acquires, freed.Contended, freed.Rejected, freed.WaitTotal, freed.WaitMax, freed.TimedHolds, freed.HoldTotal, freed.HoldMax);
    }

    /// <summary>Its numbers have no gap, everything acquired was released, every wait ended, and its last counters are what its events add up to.</summary>
    internal void CheckWhole()
    {
        Assert.Equal(Enumerable.Range(1, Acquires.Count).Select(number => (ulong)number), Acquires.Keys);
        Assert.Equal(Acquires.Count, _released.Count);
        Assert.Empty(_waits);
        if (_final is { } counters)
        {
            Assert.Equal(((ulong)Acquires.Count, _contended, _rejected, _waitTotal, _waitMax, _holds, _holdTotal, _holdMax), counters);
        }
    }
}
