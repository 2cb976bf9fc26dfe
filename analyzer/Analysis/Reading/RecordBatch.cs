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
        var header = new CopiedHeader(
            new EventOrigin(record.Time, record.ThreadId, record.Offset, record.ProcessId), passedTime, payload.Length, record.Id, record.Version, (byte)record.PointerSize);
        var id = (KMutexEventId)header.Id;
        switch (id)
        {
            case KMutexEventId.MutexAcquired or KMutexEventId.MutexAcquiredContended
                when MutexAcquiredPayload.TryRead(payload, header.PointerSize, header.Version, out MutexAcquiredPayload acquired):
                return TryAdd(
                    header with { Kind = CopiedKind.Acquired },
                    new AcquiredEvent(
                        acquired.MutexId, acquired.Sequence, acquired.Depth, acquired.RequestedAt, acquired.AcquiredAt,
                        id == KMutexEventId.MutexAcquiredContended, acquired.SiteId, (byte)acquired.Flags));
            case KMutexEventId.MutexReleased or KMutexEventId.MutexReleasedContended
                when MutexReleasedPayload.TryRead(payload, header.PointerSize, header.Version, out MutexReleasedPayload released):
                return TryAdd(
                    header with { Kind = CopiedKind.Released },
                    new ReleasedEvent(
                        released.MutexId, released.Sequence, released.Depth, released.AcquiredAt, released.ReleasedAt, released.SiteId, released.Waiters));
            default:
                return TryAdd(header, payload);
        }
    }

    /// <summary>Takes note that a thread has ended.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="record">The kernel's record of it.</param>
    /// <param name="passedTime">The latest time of all records so far.</param>
    /// <returns>False when there is no more room.</returns>
    public bool TryAddEnd(in ThreadEvent thread, in EtlRecord record, long passedTime) => TryAdd(
        new CopiedHeader(new EventOrigin(record.Time, thread.ThreadId, record.Offset, thread.ProcessId), passedTime) { Kind = CopiedKind.ThreadEnd }, []);

    /// <summary>Takes note of what a thread does.</summary>
    /// <param name="scheduling">The kernel's event.</param>
    /// <param name="record">The record that it was read from.</param>
    /// <param name="passedTime">The latest time of all records so far.</param>
    /// <returns>False when there is no more room.</returns>
    public bool TryAdd(in SchedulingEvent scheduling, in EtlRecord record, long passedTime) =>
        TryAdd(new CopiedHeader(new EventOrigin(record.Time, 0, record.Offset), passedTime) { Kind = CopiedKind.Scheduling }, scheduling);

    private bool TryAdd<T>(in CopiedHeader header, in T content)
        where T : unmanaged =>
        TryAdd(header with { PayloadLength = Unsafe.SizeOf<T>() }, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in content)));

    private bool TryAdd(in CopiedHeader header, ReadOnlySpan<byte> payload)
    {
        int headerLength = Unsafe.SizeOf<CopiedHeader>();
        int length = headerLength + Aligned(payload.Length);
        if (_bytes.Length - _length < length)
        {
            return false;
        }

        Span<byte> place = _bytes.AsSpan(_length, length);
        MemoryMarshal.Write(place, header);
        payload.CopyTo(place[headerLength..]);
        _length += length;
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
