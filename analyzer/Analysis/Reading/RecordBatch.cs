using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tracing.Analysis.Scheduling;
using Tracing.Etl;
using Tracing.Etl.Kernel;
using Tracing.Events;

namespace Tracing.Analysis.Reading;

/// <summary>
/// Copies of records in the order of time, to be taken from the thread that reads to the one that analyses. Filled again and again, so that
/// nothing is allocated per record.
/// </summary>
internal sealed class RecordBatch
{
    // A few thousand records: seldom enough handed over not to be felt, few enough bytes to stay in a processor's cache.
    private const int Capacity = 1 << 18;

    private readonly byte[] _bytes = new byte[Capacity];
    private int _length;

    /// <summary>Empties it.</summary>
    public void Clear() => _length = 0;

    /// <summary>Copies a record of the driver. Of acquires and releases, which are nearly all there are, it takes what they say and leaves their bytes.</summary>
    /// <param name="record">The record; its payload is at most 64 KiB, as the size field of the format allows.</param>
    /// <param name="passedTime">The latest time of all records so far.</param>
    /// <returns>False when there is no more room.</returns>
    public bool TryAdd(in EtlRecord record, long passedTime)
    {
        ReadOnlySpan<byte> payload = record.Payload;
        var id = (KMutexEventId)record.Id;
        switch (id)
        {
            case KMutexEventId.MutexAcquired or KMutexEventId.MutexAcquiredContended
                when MutexAcquiredPayload.TryRead(payload, record.PointerSize, record.Version, out MutexAcquiredPayload payloadOfAcquire):
                return TryAdd(record, payloadOfAcquire, id == KMutexEventId.MutexAcquiredContended, passedTime);
            case KMutexEventId.MutexReleased or KMutexEventId.MutexReleasedContended
                when MutexReleasedPayload.TryRead(payload, record.PointerSize, record.Version, out MutexReleasedPayload payloadOfRelease):
                return TryAdd(record, payloadOfRelease, passedTime);
            default:
                if (!TryBegin(record, CopiedKind.Driver, payload.Length, passedTime, out Span<byte> place))
                {
                    return false;
                }

                payload.CopyTo(place);
                return true;
        }
    }

    /// <summary>Takes note that a thread has ended.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="record">The kernel's record of it.</param>
    /// <param name="passedTime">The latest time of all records so far.</param>
    /// <returns>False when there is no more room.</returns>
    public bool TryAddEnd(in ThreadEvent thread, in EtlRecord record, long passedTime)
    {
        if (!TryTake(0, out Span<byte> place))
        {
            return false;
        }

        // Not what the record says of its writer: of whom it tells.
        MemoryMarshal.AsRef<CopiedHeader>(place) = new CopiedHeader
        {
            Origin = new EventOrigin(record.Time, thread.ThreadId, record.Offset, thread.ProcessId),
            PassedTime = passedTime,
            Kind = CopiedKind.ThreadEnd,
        };
        return true;
    }

    /// <summary>Takes note of what a thread does.</summary>
    /// <param name="scheduling">The kernel's event.</param>
    /// <param name="record">The record that it was read from.</param>
    /// <param name="passedTime">The latest time of all records so far.</param>
    /// <returns>False when there is no more room.</returns>
    public bool TryAdd(in SchedulingEvent scheduling, in EtlRecord record, long passedTime)
    {
        if (!TryBegin(record, CopiedKind.Scheduling, Unsafe.SizeOf<SchedulingEvent>(), passedTime, out Span<byte> place))
        {
            return false;
        }

        MemoryMarshal.Write(place, scheduling);
        return true;
    }

    // Inlined, the fields are read without a look at the length, which was looked at when the payload was.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryAdd(in EtlRecord record, scoped MutexAcquiredPayload payload, bool contended, long passedTime)
    {
        if (!TryBegin(record, CopiedKind.Acquired, Unsafe.SizeOf<AcquiredEvent>(), passedTime, out Span<byte> place))
        {
            return false;
        }

        ref AcquiredEvent acquired = ref MemoryMarshal.AsRef<AcquiredEvent>(place);
        acquired.MutexId = payload.MutexId;
        acquired.Sequence = payload.Sequence;
        acquired.Depth = payload.Depth;
        acquired.RequestedAt = payload.RequestedAt;
        acquired.AcquiredAt = payload.AcquiredAt;
        acquired.Contended = contended;
        acquired.SiteId = payload.SiteId;
        acquired.Flags = (byte)payload.Flags;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryAdd(in EtlRecord record, scoped MutexReleasedPayload payload, long passedTime)
    {
        if (!TryBegin(record, CopiedKind.Released, Unsafe.SizeOf<ReleasedEvent>(), passedTime, out Span<byte> place))
        {
            return false;
        }

        ref ReleasedEvent released = ref MemoryMarshal.AsRef<ReleasedEvent>(place);
        released.MutexId = payload.MutexId;
        released.Sequence = payload.Sequence;
        released.Depth = payload.Depth;
        released.AcquiredAt = payload.AcquiredAt;
        released.ReleasedAt = payload.ReleasedAt;
        released.SiteId = payload.SiteId;
        released.Waiters = payload.Waiters;
        return true;
    }

    private bool TryTake(int payloadLength, out Span<byte> place)
    {
        int length = Unsafe.SizeOf<CopiedHeader>() + Aligned(payloadLength);
        bool isRoom = _bytes.Length - _length >= length;
        place = isRoom ? _bytes.AsSpan(_length, length) : default;
        _length += place.Length;
        return isRoom;
    }

    /// <summary>Takes room, and fills the header.</summary>
    /// <param name="record">The record.</param>
    /// <param name="kind">What it is copied as.</param>
    /// <param name="payloadLength">Bytes that follow the header.</param>
    /// <param name="passedTime">The latest time of all records so far.</param>
    /// <param name="place">The place for what follows it.</param>
    /// <returns>False when there is no more room.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryBegin(in EtlRecord record, CopiedKind kind, int payloadLength, long passedTime, out Span<byte> place)
    {
        if (!TryTake(payloadLength, out place))
        {
            return false;
        }

        ref CopiedHeader header = ref MemoryMarshal.AsRef<CopiedHeader>(place);
        header.Origin = new EventOrigin(record.Time, record.ThreadId, record.Offset, record.ProcessId);
        header.PassedTime = passedTime;
        header.PayloadLength = (ushort)payloadLength;
        header.Id = record.Id;
        header.Version = record.Version;
        header.PointerSize = (byte)record.PointerSize;
        header.Kind = kind;
        place = place[Unsafe.SizeOf<CopiedHeader>()..];
        return true;
    }

    // Headers and what is decoded are read where they lie.
    private static int Aligned(int length) => (length + sizeof(ulong) - 1) & -sizeof(ulong);

    /// <summary>Walks the records.</summary>
    public Enumerator GetEnumerator() => new(_bytes.AsSpan(0, _length));

    /// <summary>A walk over the records of a batch.</summary>
    internal ref struct Enumerator(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;
        private CopiedRecord _current;

        public readonly CopiedRecord Current => _current;

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            int headerLength = Unsafe.SizeOf<CopiedHeader>();
            ref readonly CopiedHeader header = ref MemoryMarshal.AsRef<CopiedHeader>(_rest);
            _current = new CopiedRecord(in header, _rest.Slice(headerLength, header.PayloadLength));
            _rest = _rest[(headerLength + Aligned(header.PayloadLength))..];
            return true;
        }
    }
}
