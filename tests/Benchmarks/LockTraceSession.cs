using System.Buffers.Binary;
using System.Text;
using Tracing.Events;

namespace Tracing.Benchmarks;

/// <summary>One acquisition.</summary>
internal readonly record struct LockUse(ulong Mutex, ulong Sequence, int Thread, uint Site);

/// <summary>Where lock events go.</summary>
internal interface ILockEventOutput
{
    /// <summary>Takes an event. Events come in the order of their time.</summary>
    void Write(KMutexEventId id, int processor, int thread, long time, ReadOnlySpan<byte> payload);
}

/// <summary>Lock events of several processors, laid out by hand.</summary>
internal sealed class LockTraceSession(ILockEventOutput output, int processors)
{
    private readonly byte[] _payload = new byte[96];

    public long Written { get; private set; }

    public void Defined(uint site)
    {
        _payload.AsSpan().Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(_payload, site);
        BinaryPrimitives.WriteUInt32LittleEndian(_payload.AsSpan(4), site * 10);
        int length = 8 + Encoding.Unicode.GetBytes("Queue.cs\0Enqueue\0", _payload.AsSpan(8));
        Write(KMutexEventId.SiteDefined, 4, 1, length);
    }

    public void Allocated(LockUse use, long allocatedAt)
    {
        _payload.AsSpan().Clear();
        Put(0, use.Mutex);
        Put(8, 0xFFFF_8000_0000_0000 + (use.Mutex << 8));
        _payload[16] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(_payload.AsSpan(30), use.Site);
        Put(34, (ulong)allocatedAt);
        Write(KMutexEventId.MutexAllocated, use.Thread, allocatedAt, 44);
    }

    public void Freed(LockUse use, long freedAt, long held)
    {
        _payload.AsSpan().Clear();
        Put(0, use.Mutex);
        _payload[8] = 1;
        Put(21, (ulong)freedAt);
        Put(29, 1);
        Put(69, 1);
        Put(77, (ulong)held);
        Put(85, (ulong)held);
        Write(KMutexEventId.MutexFreed, use.Thread, freedAt, 93);
    }

    public void Blocked(LockUse use, long requestedAt)
    {
        _payload.AsSpan().Clear();
        Put(0, use.Mutex);
        Put(8, (ulong)requestedAt);
        BinaryPrimitives.WriteUInt32LittleEndian(_payload.AsSpan(33), use.Site);
        Write(KMutexEventId.AcquireBlocked, use.Thread, requestedAt, 37);
    }

    public void Acquired(LockUse use, long requestedAt, long acquiredAt)
    {
        _payload.AsSpan().Clear();
        Put(0, use.Mutex);
        Put(8, use.Sequence);
        _payload[16] = 1;
        Put(19, (ulong)requestedAt);
        Put(27, (ulong)acquiredAt);
        BinaryPrimitives.WriteUInt32LittleEndian(_payload.AsSpan(35), use.Site);
        Write(requestedAt < acquiredAt ? KMutexEventId.MutexAcquiredContended : KMutexEventId.MutexAcquired, use.Thread, acquiredAt, 39);
    }

    public void Released(LockUse use, long acquiredAt, long releasedAt)
    {
        _payload.AsSpan().Clear();
        Put(0, use.Mutex);
        Put(8, use.Sequence);
        _payload[16] = 1;
        Put(18, (ulong)acquiredAt);
        Put(26, (ulong)releasedAt);
        BinaryPrimitives.WriteUInt32LittleEndian(_payload.AsSpan(38), use.Site);
        Write(KMutexEventId.MutexReleased, use.Thread, releasedAt, 42);
    }

    private void Put(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(_payload.AsSpan(at), value);

    private void Write(KMutexEventId id, int thread, long time, int length)
    {
        Written++;
        output.Write(id, thread / 4 % processors, thread, time, _payload.AsSpan(0, length));
    }
}
