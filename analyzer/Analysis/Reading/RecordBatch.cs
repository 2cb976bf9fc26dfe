using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tracing.Analysis.Scheduling;
using Tracing.Etl;
using Tracing.Etl.Kernel;

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

    /// <summary>Copies a record.</summary>
    /// <param name="record">The record; its payload is at most 64 KiB, as the size field of the format allows.</param>
    /// <param name="passedTime">The latest time of all records so far.</param>
    /// <returns>False when there is no more room.</returns>
    public bool TryAdd(in EtlRecord record, long passedTime)
    {
        var header = new CopiedHeader(
            record.Time, passedTime, record.Offset, record.ThreadId, record.ProcessId, record.Id, record.Version, (byte)record.PointerSize, record.Payload.Length,
            CopiedKind.Driver);
        return TryAdd(header, record.Payload);
    }

    /// <summary>Takes note that a thread has ended.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="record">The kernel's record of it.</param>
    /// <param name="passedTime">The latest time of all records so far.</param>
    /// <returns>False when there is no more room.</returns>
    public bool TryAddEnd(in ThreadEvent thread, in EtlRecord record, long passedTime) => TryAdd(
        new CopiedHeader(record.Time, passedTime, record.Offset, thread.ThreadId, thread.ProcessId, 0, 0, 0, 0, CopiedKind.ThreadEnd), []);

    /// <summary>Takes note of what a thread does.</summary>
    /// <param name="scheduling">The kernel's event.</param>
    /// <param name="record">The record that it was read from.</param>
    /// <param name="passedTime">The latest time of all records so far.</param>
    /// <returns>False when there is no more room.</returns>
    public bool TryAdd(in SchedulingEvent scheduling, in EtlRecord record, long passedTime)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<SchedulingEvent>(in scheduling));
        return TryAdd(new CopiedHeader(record.Time, passedTime, record.Offset, 0, 0, 0, 0, 0, bytes.Length, CopiedKind.Scheduling), bytes);
    }

    private bool TryAdd(in CopiedHeader header, ReadOnlySpan<byte> payload)
    {
        int headerLength = Unsafe.SizeOf<CopiedHeader>();
        if (_bytes.Length - _length < headerLength + payload.Length)
        {
            return false;
        }

        MemoryMarshal.Write(_bytes.AsSpan(_length), header);
        payload.CopyTo(_bytes.AsSpan(_length + headerLength));
        _length += headerLength + payload.Length;
        return true;
    }

    /// <summary>Walks the records.</summary>
    public Enumerator GetEnumerator() => new(_bytes.AsSpan(0, _length));

    /// <summary>A walk over the records of a batch.</summary>
    internal ref struct Enumerator(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;
        private ReadOnlySpan<byte> _payload;
        private CopiedHeader _header;

        public readonly CopiedRecord Current => new(_header, _payload);

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            _header = MemoryMarshal.Read<CopiedHeader>(_rest);
            _rest = _rest[Unsafe.SizeOf<CopiedHeader>()..];
            _payload = _rest[.._header.PayloadLength];
            _rest = _rest[_header.PayloadLength..];
            return true;
        }
    }
}
