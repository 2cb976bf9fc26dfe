using System.Runtime.InteropServices;
using Tracing.Analysis.Scheduling;
using Tracing.Analysis.Trust;
using Tracing.Events;

namespace Tracing.Analysis.Reading;

/// <summary>
/// Turns records of the driver's provider into calls on a <see cref="TraceAnalysis"/>. The bytes come from anywhere: a payload that is not laid out
/// as the manifest says is counted and left out.
/// </summary>
internal sealed class EventDecoder(TraceAnalysis analysis)
{
    // The greatest version of each event that this code was written for, by id.
    private static readonly byte[] KnownVersions = IndexVersions();

    private readonly Dictionary<string, string> _labels = [];

    /// <summary>Takes records of the driver, and what the kernel says of threads.</summary>
    public void Decode(RecordBatch batch)
    {
        foreach (CopiedRecord record in batch)
        {
            ref readonly CopiedHeader header = ref record.Header;
            analysis.Pass(header.PassedTime);
            switch (header.Kind)
            {
                case CopiedKind.Acquired:
                    ref readonly AcquiredEvent acquired = ref MemoryMarshal.AsRef<AcquiredEvent>(record.Payload);
                    analysis.PassDriverEvent(header.Origin, acquired.AcquiredAt);
                    analysis.Acquired(acquired, header.Origin);
                    CheckVersion(header);
                    break;
                case CopiedKind.Released:
                    ref readonly ReleasedEvent released = ref MemoryMarshal.AsRef<ReleasedEvent>(record.Payload);
                    analysis.PassDriverEvent(header.Origin, released.ReleasedAt);
                    analysis.Released(released, (KMutexEventId)header.Id == KMutexEventId.MutexReleasedContended, header.Origin);
                    CheckVersion(header);
                    break;
                case CopiedKind.ThreadEnd:
                    analysis.ThreadEnded(header.Origin.ThreadId, header.Origin.Time);
                    break;
                case CopiedKind.Scheduling:
                    analysis.Scheduled(MemoryMarshal.Read<SchedulingEvent>(record.Payload));
                    break;
                default:
                    Decode(header, record.Payload);
                    break;
            }
        }
    }

    private void Decode(in CopiedHeader header, ReadOnlySpan<byte> payload)
    {
        EventOrigin origin = header.Origin;
        int pointerSize = header.PointerSize;
        byte version = header.Version;
        bool understood = (KMutexEventId)header.Id switch
        {
            // Those that can be read came as what they say.
            KMutexEventId.MutexAcquired or KMutexEventId.MutexAcquiredContended or KMutexEventId.MutexReleased or KMutexEventId.MutexReleasedContended => false,
            KMutexEventId.AcquireBlocked => Blocked(payload, pointerSize, version, origin),
            KMutexEventId.AcquireFailed => AcquireFailed(payload, pointerSize, version, origin),
            KMutexEventId.MutexAllocated => Allocated(payload, pointerSize, version, origin),
            KMutexEventId.MutexFreed => Freed(payload, pointerSize, version, origin),
            KMutexEventId.SiteDefined => SiteDefined(payload, pointerSize, version, origin),
            KMutexEventId.IrqlRejected => IrqlRejected(payload, pointerSize, version, origin),
            KMutexEventId.ProviderStarted => ProviderStarted(payload, pointerSize, version, origin),
            KMutexEventId.ProviderStopped => ProviderStopped(payload, pointerSize, version, origin),
            KMutexEventId.RundownStarted => RundownStarted(payload, pointerSize, version, origin),
            KMutexEventId.MutexState => State(payload, pointerSize, version, origin),
            KMutexEventId.RundownEnded => RundownEnded(payload, pointerSize, version, origin),
            KMutexEventId.AllocationFailed => AllocationFailed(payload, pointerSize, version, origin),
            KMutexEventId.MisuseDetected => MisuseDetected(payload, pointerSize, version, origin),
            _ => CountOnly(EventOddity.UnknownEvent, origin),
        };

        if (!understood)
        {
            analysis.PassDriverEvent(origin, 0);
            analysis.Oddities.Add(EventOddity.MalformedPayload, origin.Offset);
        }
        else
        {
            CheckVersion(header);
        }
    }

    private void CheckVersion(in CopiedHeader header)
    {
        if (header.Id < KnownVersions.Length && header.Version > KnownVersions[header.Id])
        {
            analysis.Oddities.Add(EventOddity.NewerVersion, header.Origin.Offset);
        }
    }

    private bool Blocked(ReadOnlySpan<byte> bytes, int pointerSize, byte version, in EventOrigin origin)
    {
        if (!AcquireBlockedPayload.TryRead(bytes, pointerSize, version, out AcquireBlockedPayload payload))
        {
            return false;
        }

        analysis.PassDriverEvent(origin, payload.RequestedAt);
        analysis.Blocked(
            new BlockedEvent(
                payload.MutexId, payload.RequestedAt, payload.SiteId, payload.OwnerThreadId, payload.OwnerSequence, payload.Waiters),
            origin);
        return true;
    }

    private bool AcquireFailed(ReadOnlySpan<byte> bytes, int pointerSize, byte version, in EventOrigin origin)
    {
        if (!AcquireFailedPayload.TryRead(bytes, pointerSize, version, out AcquireFailedPayload payload))
        {
            return false;
        }

        analysis.PassDriverEvent(origin, payload.FailedAt);
        analysis.AcquireFailed(
            new FailedEvent(payload.MutexId, payload.RequestedAt, payload.FailedAt, payload.SiteId, (byte)payload.Reason), origin);
        return true;
    }

    private bool Allocated(ReadOnlySpan<byte> bytes, int pointerSize, byte version, in EventOrigin origin)
    {
        if (!MutexAllocatedPayload.TryRead(bytes, pointerSize, version, out MutexAllocatedPayload payload))
        {
            return false;
        }

        analysis.PassDriverEvent(origin, payload.AllocatedAt);
        analysis.Allocated(
            new MutexDescription(
                payload.MutexId, (byte)payload.Kind, payload.Address, payload.PoolSize, payload.SiteId, payload.AllocatedAt, Label(payload.Label)),
            origin);
        return true;
    }

    private bool Freed(ReadOnlySpan<byte> bytes, int pointerSize, byte version, in EventOrigin origin)
    {
        if (!MutexFreedPayload.TryRead(bytes, pointerSize, version, out MutexFreedPayload payload))
        {
            return false;
        }

        analysis.PassDriverEvent(origin, payload.FreedAt);
        var counters = new MutexCounters(
            payload.Acquires, payload.Contended, payload.Rejected, payload.WaitTotal, payload.WaitMax,
            payload.TimedHolds, payload.HoldTotal, payload.HoldMax);
        analysis.Freed(new FreedEvent(payload.MutexId, counters, payload.FreedAt), origin);
        return true;
    }

    private bool AllocationFailed(ReadOnlySpan<byte> bytes, int pointerSize, byte version, in EventOrigin origin)
    {
        if (!AllocationFailedPayload.TryRead(bytes, pointerSize, version, out AllocationFailedPayload payload))
        {
            return false;
        }

        analysis.PassDriverEvent(origin, 0);
        analysis.AllocationFailed((byte)payload.Kind, payload.SiteId, payload.PoolSize);
        return true;
    }

    private bool SiteDefined(ReadOnlySpan<byte> bytes, int pointerSize, byte version, in EventOrigin origin)
    {
        if (!SiteDefinedPayload.TryRead(bytes, pointerSize, version, out SiteDefinedPayload payload))
        {
            return false;
        }

        analysis.PassDriverEvent(origin, 0);
        analysis.SiteDefined(payload.SiteId, payload.Line, payload.File, payload.Member);
        return true;
    }

    private bool IrqlRejected(ReadOnlySpan<byte> bytes, int pointerSize, byte version, in EventOrigin origin)
    {
        if (!IrqlRejectedPayload.TryRead(bytes, pointerSize, version, out IrqlRejectedPayload payload))
        {
            return false;
        }

        analysis.PassDriverEvent(origin, payload.RejectedAt);
        analysis.IrqlRejected(new RejectedEvent(
            payload.MutexId, (byte)payload.Operation, payload.Irql, payload.MaximumIrql, payload.SiteId, payload.RejectedAt), origin);
        return true;
    }

    private bool MisuseDetected(ReadOnlySpan<byte> bytes, int pointerSize, byte version, in EventOrigin origin)
    {
        if (!MisuseDetectedPayload.TryRead(bytes, pointerSize, version, out MisuseDetectedPayload payload))
        {
            return false;
        }

        analysis.PassDriverEvent(origin, payload.DetectedAt);
        analysis.MisuseDetected(new MisuseEvent(payload.MutexId, (byte)payload.Kind, payload.SiteId, payload.DetectedAt), origin);
        return true;
    }

    private bool ProviderStarted(ReadOnlySpan<byte> bytes, int pointerSize, byte version, in EventOrigin origin)
    {
        if (!ProviderStartedPayload.TryRead(bytes, pointerSize, version, out ProviderStartedPayload payload))
        {
            return false;
        }

        analysis.PassDriverEvent(origin, 0);
        analysis.ProviderStarted(payload.QpcFrequency, payload.BuildId, origin);
        return true;
    }

    private bool ProviderStopped(ReadOnlySpan<byte> bytes, int pointerSize, byte version, in EventOrigin origin)
    {
        if (!ProviderStoppedPayload.TryRead(bytes, pointerSize, version, out ProviderStoppedPayload payload))
        {
            return false;
        }

        analysis.PassDriverEvent(origin, 0);
        analysis.ProviderStopped(payload.LiveMutexes, payload.LiveBytes);
        return true;
    }

    private bool RundownStarted(ReadOnlySpan<byte> bytes, int pointerSize, byte version, in EventOrigin origin)
    {
        if (!RundownStartedPayload.TryRead(bytes, pointerSize, version, out RundownStartedPayload payload))
        {
            return false;
        }

        analysis.PassDriverEvent(origin, 0);
        analysis.RundownStarted(payload.RundownId);
        return true;
    }

    private bool State(ReadOnlySpan<byte> bytes, int pointerSize, byte version, in EventOrigin origin)
    {
        if (!MutexStatePayload.TryRead(bytes, pointerSize, version, out MutexStatePayload payload))
        {
            return false;
        }

        analysis.PassDriverEvent(origin, Math.Max(payload.AllocatedAt, payload.HeldSince));
        var mutex = new MutexDescription(
            payload.MutexId, (byte)payload.Kind, payload.Address, payload.PoolSize, payload.SiteId, payload.AllocatedAt, Label(payload.Label));
        var counters = new MutexCounters(
            payload.Acquires, payload.Contended, payload.Rejected, payload.WaitTotal, payload.WaitMax,
            payload.TimedHolds, payload.HoldTotal, payload.HoldMax);
        analysis.State(new StateEvent(
            payload.RundownId, mutex, counters, payload.OwnerThreadId, payload.OwnerSequence, payload.HeldSince));
        return true;
    }

    private bool RundownEnded(ReadOnlySpan<byte> bytes, int pointerSize, byte version, in EventOrigin origin)
    {
        if (!RundownEndedPayload.TryRead(bytes, pointerSize, version, out RundownEndedPayload payload))
        {
            return false;
        }

        analysis.PassDriverEvent(origin, 0);
        analysis.RundownEnded(payload.RundownId, payload.Written);
        return true;
    }

    private bool CountOnly(EventOddity oddity, in EventOrigin origin)
    {
        analysis.PassDriverEvent(origin, 0);
        analysis.Oddities.Add(oddity, origin.Offset);
        return true;
    }

    /// <summary>One string per label, however many mutexes carry it.</summary>
    private string Label(ReadOnlySpan<char> label)
    {
        Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> known = _labels.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!known.TryGetValue(label, out string? text))
        {
            text = label.ToString();
            _labels.Add(text, text);
        }

        return text;
    }

    private static byte[] IndexVersions()
    {
        var versions = new byte[KMutexEventTable.All.Max(description => description.Id) + 1];
        foreach (EventDescription description in KMutexEventTable.All)
        {
            versions[description.Id] = description.Version;
        }

        return versions;
    }
}
