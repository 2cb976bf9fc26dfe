using Tracing.Etl;
using Tracing.Events;

namespace Tracing.Driver.Tests.Support;

/// <summary>
/// The events of a trace, decoded one by one and sorted by mutex: no analysis, so that it shares nothing with the analyzer but the
/// decoders.
/// </summary>
internal sealed class DecodedTrace
{
    internal Dictionary<ulong, MutexEvents> Mutexes { get; } = [];

    internal Dictionary<KMutexEventId, long> Counts { get; } = [];

    internal uint? LiveAtUnload { get; private set; }

    internal List<byte> RejectedIrqls { get; } = [];

    internal long Events => Counts.Values.Sum();

    internal static DecodedTrace Read(string path)
    {
        DecodedTrace trace = new();
        using EtlFile file = EtlFile.Open(path);
        Assert.DoesNotContain(file.Oddities, oddity => !oddity.IsNote);
        foreach (EtlRecord record in file.ReadInTimeOrder())
        {
            if (record.Kind == EtlRecordKind.Event)
            {
                Assert.Equal(KMutexProvider.Id, record.ProviderId);
                trace.Add(in record);
            }
        }

        return trace;
    }

    private void Add(in EtlRecord record)
    {
        KMutexEventId id = (KMutexEventId)record.Id;
        Counts[id] = Counts.GetValueOrDefault(id) + 1;
        ReadOnlySpan<byte> payload = record.Payload;
        switch (id)
        {
            case KMutexEventId.MutexAllocated:
                Assert.True(MutexAllocatedPayload.TryRead(payload, 8, record.Version, out MutexAllocatedPayload allocated));
                MutexEvents made = Mutex(allocated.MutexId);
                (made.Kind, made.Address, made.PoolSize, made.AllocatedAt) =
                    (allocated.Kind, allocated.Address, allocated.PoolSize, allocated.AllocatedAt);
                break;

            case KMutexEventId.MutexAcquired or KMutexEventId.MutexAcquiredContended:
                Assert.True(MutexAcquiredPayload.TryRead(payload, 8, record.Version, out MutexAcquiredPayload acquired));
                Mutex(acquired.MutexId).Acquires.Add(
                    acquired.Sequence,
                    new Acquire(id == KMutexEventId.MutexAcquiredContended, (long)acquired.RequestedAt, (long)acquired.AcquiredAt, record.ThreadId));
                break;

            case KMutexEventId.MutexReleased or KMutexEventId.MutexReleasedContended:
                Assert.True(MutexReleasedPayload.TryRead(payload, 8, record.Version, out MutexReleasedPayload released));
                Mutex(released.MutexId).Releases.Add(
                    released.Sequence, new Release(released.Depth, (long)released.AcquiredAt, (long)released.ReleasedAt, record.ThreadId));
                break;

            case KMutexEventId.IrqlRejected:
                Assert.True(IrqlRejectedPayload.TryRead(payload, 8, record.Version, out IrqlRejectedPayload rejected));
                RejectedIrqls.Add(rejected.Irql);
                break;

            case KMutexEventId.ProviderStopped:
                Assert.True(ProviderStoppedPayload.TryRead(payload, 8, record.Version, out ProviderStoppedPayload stopped));
                LiveAtUnload = stopped.LiveMutexes;
                break;
        }
    }

    private MutexEvents Mutex(ulong id)
    {
        if (!Mutexes.TryGetValue(id, out MutexEvents? mutex))
        {
            Mutexes[id] = mutex = new MutexEvents();
        }

        return mutex;
    }

    internal sealed class MutexEvents
    {
        internal MutexKind Kind { get; set; }

        internal ulong Address { get; set; }

        internal uint PoolSize { get; set; }

        internal ulong AllocatedAt { get; set; }

        /// <summary>By sequence.</summary>
        internal SortedDictionary<ulong, Acquire> Acquires { get; } = [];

        /// <summary>By sequence.</summary>
        internal SortedDictionary<ulong, Release> Releases { get; } = [];
    }

    internal readonly record struct Acquire(bool Contended, long RequestedAt, long AcquiredAt, int ThreadId);

    internal readonly record struct Release(ushort Depth, long AcquiredAt, long ReleasedAt, int ThreadId);
}
