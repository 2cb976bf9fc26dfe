using Tracing.Etl;
using Tracing.Events;

namespace Tracing.Driver.Tests.Contract;

/// <summary>
/// What each event of a whole trace must say, given those before it; each member checks the fields of one event, <see cref="End"/> what only the
/// whole shows.
/// </summary>
internal sealed class TraceLaws
{
    private const ulong Frequency = 10_000_000;
    private const ulong LongHold = Frequency / 1000;
    private const byte PointerSize = 8;
    private const uint PoolTag = 'k' | ('m' << 8) | ('t' << 16) | ((uint)'x' << 24);

    private readonly Dictionary<uint, (uint Line, string File, string Member)> _sites = [];
    private readonly Dictionary<ulong, TracedMutex> _mutexes = [];
    private readonly Dictionary<uint, List<ulong>> _rundowns = [];
    private readonly HashSet<uint> _siteIds = [];
    private ulong _lastId;
    private bool _stopped;

    internal HashSet<KMutexEventId> Events { get; } = [];

    internal HashSet<FreeReason> FreeReasons { get; } = [];

    internal HashSet<MisuseKind> Misuses { get; } = [];

    internal Guid BuildId { get; private set; }

    internal ulong Rejections { get; private set; }

    internal ulong Acquires => (ulong)_mutexes.Values.Sum(mutex => mutex.Acquires.Count);

    /// <summary>Address and size of the blocks that were never freed.</summary>
    internal IEnumerable<(ulong Address, ulong Size)> Live =>
        _mutexes.Values.Where(mutex => !mutex.IsFreed).Select(mutex => (mutex.Address, (ulong)mutex.PoolSize));

    internal void Read(in EtlRecord record)
    {
        KMutexEventId id = (KMutexEventId)record.Id;
        Events.Add(id);
        Assert.False(_stopped, "Nothing comes after ProviderStopped.");
        ReadOnlySpan<byte> payload = record.Payload;
        uint thread = (uint)record.ThreadId;
        switch (id)
        {
            case KMutexEventId.ProviderStarted:
                Started(payload);
                break;
            case KMutexEventId.MutexAllocated:
                Allocated(payload);
                break;
            case KMutexEventId.MutexFreed:
                Freed(payload);
                break;
            case KMutexEventId.AllocationFailed:
                AllocationFailed(payload);
                break;
            case KMutexEventId.SiteDefined:
                Site(payload);
                break;
            case KMutexEventId.AcquireBlocked:
                Blocked(payload, thread);
                break;
            case KMutexEventId.MutexAcquired or KMutexEventId.MutexAcquiredContended:
                Acquired(payload, thread, isContended: id == KMutexEventId.MutexAcquiredContended);
                break;
            case KMutexEventId.AcquireFailed:
                Failed(payload, thread);
                break;
            case KMutexEventId.MutexReleased or KMutexEventId.MutexReleasedContended:
                Released(payload, thread, isContended: id == KMutexEventId.MutexReleasedContended);
                break;
            case KMutexEventId.IrqlRejected:
                Rejected(payload);
                break;
            case KMutexEventId.MisuseDetected:
                Misused(payload, thread);
                break;
            case KMutexEventId.RundownStarted:
                Assert.True(RundownStartedPayload.TryRead(payload, PointerSize, 0, out RundownStartedPayload started));
                Assert.Equal((uint)_rundowns.Count + 1, started.RundownId);
                Assert.Equal((uint)Live.Count(), started.LiveMutexes);
                _rundowns[started.RundownId] = [];
                break;
            case KMutexEventId.MutexState:
                State(payload);
                break;
            case KMutexEventId.RundownEnded:
                Assert.True(RundownEndedPayload.TryRead(payload, PointerSize, 0, out RundownEndedPayload ended));
                Assert.Equal((uint)_rundowns[ended.RundownId].Count, ended.Written);
                break;
            case KMutexEventId.ProviderStopped:
                Assert.True(ProviderStoppedPayload.TryRead(payload, PointerSize, 0, out ProviderStoppedPayload stopped));
                Assert.Equal(((uint)Live.Count(), (ulong)Live.Sum(block => (long)block.Size)), (stopped.LiveMutexes, stopped.LiveBytes));
                _stopped = true;
                break;
            default:
                Assert.Fail($"The contract has no event {record.Id}.");
                break;
        }
    }

    internal void End()
    {
        Assert.True(_stopped, "The trace ends without ProviderStopped.");
        Assert.Empty(_siteIds.Except(_sites.Keys));
        foreach (TracedMutex mutex in _mutexes.Values)
        {
            mutex.CheckWhole();
        }
    }

    private void Started(ReadOnlySpan<byte> payload)
    {
        Assert.True(ProviderStartedPayload.TryRead(payload, PointerSize, 0, out ProviderStartedPayload started));
        Assert.Equal((1, 0x0001_0000u), (started.SchemaVersion, started.DriverVersion));
        Assert.Equal((Frequency, LongHold, PointerSize), (started.QpcFrequency, started.ContentionThreshold, started.PointerSize));
        Assert.InRange(started.EventCost, 0ul, 1_000_000_000ul);
        BuildId = started.BuildId;
    }

    private void Allocated(ReadOnlySpan<byte> payload)
    {
        Assert.True(MutexAllocatedPayload.TryRead(payload, PointerSize, 0, out MutexAllocatedPayload allocated));
        Assert.DoesNotContain(allocated.Address, Live.Select(block => block.Address));
        Assert.Equal((sizeof(ulong), PoolTag, 0), ((int)allocated.DataSize, allocated.PoolTag, allocated.Irql));
        Assert.InRange(allocated.PoolSize, allocated.DataSize + 0x38, 512u);
        Assert.NotEqual(0, allocated.Label.Length);
        _siteIds.Add(allocated.SiteId);
        _lastId = Math.Max(_lastId, allocated.MutexId);
        _mutexes.Add(allocated.MutexId, new TracedMutex(allocated.MutexId, allocated.Address, allocated.Kind, allocated.PoolSize, allocated.SiteId, allocated.AllocatedAt, allocated.Label.ToString()));
    }

    private void Freed(ReadOnlySpan<byte> payload)
    {
        Assert.True(MutexFreedPayload.TryRead(payload, PointerSize, 0, out MutexFreedPayload freed));
        FreeReasons.Add(freed.Reason);
        _siteIds.Add(freed.SiteId);
        Assert.Equal((0u, 0u), (freed.OwnerThreadId, freed.Waiters));
        Mutex(freed.MutexId).Free(in freed);
    }

    private void AllocationFailed(ReadOnlySpan<byte> payload)
    {
        Assert.True(AllocationFailedPayload.TryRead(payload, PointerSize, 0, out AllocationFailedPayload failed));
        Assert.Equal((MutexKind.KMutex, PoolTag), (failed.Kind, failed.PoolTag));
        Assert.InRange(failed.PoolSize, 0xF000_0000u, uint.MaxValue);
        _siteIds.Add(failed.SiteId);
    }

    private void Site(ReadOnlySpan<byte> payload)
    {
        Assert.True(SiteDefinedPayload.TryRead(payload, PointerSize, 0, out SiteDefinedPayload site));
        (uint, string, string) read = (site.Line, site.File.ToString(), site.Member.ToString());
        Assert.NotEqual(0u, site.SiteId);
        Assert.NotEqual(0u, site.Line);
        Assert.StartsWith("driver/Workloads/", read.Item2, StringComparison.Ordinal);
        Assert.NotEmpty(read.Item3);
        Assert.Equal(read, _sites.GetValueOrDefault(site.SiteId, read));
        _sites[site.SiteId] = read;
    }

    private void Blocked(ReadOnlySpan<byte> payload, uint thread)
    {
        Assert.True(AcquireBlockedPayload.TryRead(payload, PointerSize, 0, out AcquireBlockedPayload blocked));
        Assert.NotEqual(thread, blocked.OwnerThreadId);
        Assert.Equal(0, blocked.Irql);
        Assert.InRange(blocked.Waiters, 0u, 63u);
        _siteIds.Add(blocked.SiteId);
        Mutex(blocked.MutexId).Block(thread, blocked.RequestedAt, blocked.OwnerSequence, blocked.SiteId);
    }

    private void Acquired(ReadOnlySpan<byte> payload, uint thread, bool isContended)
    {
        Assert.True(MutexAcquiredPayload.TryRead(payload, PointerSize, 0, out MutexAcquiredPayload acquired));
        Assert.Equal(acquired.Depth > 1, (acquired.Flags & AcquiredFlags.Recursive) != 0);
        Assert.Equal(isContended, acquired.RequestedAt != acquired.AcquiredAt);
        _siteIds.Add(acquired.SiteId);
        Mutex(acquired.MutexId).Acquire(in acquired, thread, isContended);
    }

    private void Failed(ReadOnlySpan<byte> payload, uint thread)
    {
        Assert.True(AcquireFailedPayload.TryRead(payload, PointerSize, 0, out AcquireFailedPayload failed));
        Assert.Equal(AcquireFailure.TimedOut, failed.Reason);
        Assert.InRange(failed.FailedAt, failed.RequestedAt + 1, ulong.MaxValue);
        Mutex(failed.MutexId).EndWait(thread, failed.RequestedAt, failed.SiteId);
    }

    private void Released(ReadOnlySpan<byte> payload, uint thread, bool isContended)
    {
        Assert.True(MutexReleasedPayload.TryRead(payload, PointerSize, 0, out MutexReleasedPayload released));
        Assert.Equal(isContended, released.Waiters != 0 || released.ReleasedAt - released.AcquiredAt >= LongHold);
        Mutex(released.MutexId).Release(in released, thread);
    }

    private void Rejected(ReadOnlySpan<byte> payload)
    {
        Assert.True(IrqlRejectedPayload.TryRead(payload, PointerSize, 0, out IrqlRejectedPayload rejected));
        Assert.Contains(rejected.Operation, new[] { LockOperation.Lock, LockOperation.TryLock });
        Assert.Equal((2, 1), (rejected.Irql, rejected.MaximumIrql));
        Assert.InRange(rejected.Processor, 0, Environment.ProcessorCount - 1);
        _siteIds.Add(rejected.SiteId);
        Mutex(rejected.MutexId).Reject(rejected.RejectedAt);
        Rejections++;
    }

    private void Misused(ReadOnlySpan<byte> payload, uint thread)
    {
        Assert.True(MisuseDetectedPayload.TryRead(payload, PointerSize, 0, out MisuseDetectedPayload misused));
        Misuses.Add(misused.Kind);
        _siteIds.Add(misused.SiteId);
        Assert.InRange(misused.DetectedAt, Mutex(misused.MutexId).AllocatedAt, ulong.MaxValue);
        (bool isHeld, bool isHeldByOther) = misused.Kind switch
        {
            MisuseKind.ReleaseByOtherThread or MisuseKind.FreeWhileHeld => (true, true),
            MisuseKind.FreeWithWaiters => (true, false),
            MisuseKind.LabelInUse => (misused.OwnerThreadId != 0, misused.OwnerThreadId != 0 && misused.OwnerThreadId != thread),
            _ => (false, false),
        };
        Assert.Equal((isHeld, isHeldByOther), (misused.OwnerThreadId != 0, misused.OwnerThreadId != 0 && misused.OwnerThreadId != thread));
        Assert.Equal(isHeld, misused.Depth != 0);
    }

    private void State(ReadOnlySpan<byte> payload)
    {
        Assert.True(MutexStatePayload.TryRead(payload, PointerSize, 0, out MutexStatePayload state));
        Assert.DoesNotContain(state.MutexId, _rundowns[state.RundownId]);
        _rundowns[state.RundownId].Add(state.MutexId);
        Assert.Equal((sizeof(ulong), PoolTag, 0), ((int)state.DataSize, state.PoolTag, state.Irql));
        Mutex(state.MutexId).Show(in state);
    }

    private TracedMutex Mutex(ulong id)
    {
        Assert.InRange(id, 1ul, _lastId);
        return _mutexes[id];
    }
}
