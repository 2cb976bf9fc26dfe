using System.Buffers.Binary;

namespace Tracing.Benchmarks.NetTrace;

/// <summary>What stands before an event in a block. An event of a metadata block has a metadata id of 0, and no thread.</summary>
internal readonly record struct NetTraceEvent(int MetadataId, int Sequence, long Thread, int Processor, long Time, bool IsOldest);

/// <summary>
/// A block of events as the .NET runtime writes them: 100 KB of them, and of each header only what differs from the one before (the section "Header compression" of the format).
/// </summary>
internal sealed class NetTraceBlock
{
    private const int HeaderLength = 20;
    private const int LongestEventHeader = 100;
    private const short HeadersAreCompressed = 1;
    private readonly byte[] _bytes = new byte[100 * 1024];
    private int _used = HeaderLength;
    private int _payloadLength;
    private long _earliest;
    private long _latest;
    private NetTraceEvent _previous;

    [Flags]
    private enum Present : byte
    {
        MetadataId = 1,
        CaptureThreadAndSequence = 2,
        Thread = 4,
        IsSorted = 64,
        PayloadLength = 128,
    }

    public bool IsEmpty => _used == HeaderLength;

    /// <summary>Adds an event, unless the block is too full for it.</summary>
    public bool TryAdd(in NetTraceEvent e, ReadOnlySpan<byte> payload)
    {
        if (_used + LongestEventHeader + payload.Length > _bytes.Length)
        {
            return false;
        }

        // The reader adds one to the sequence number of each event but those of metadata.
        int expected = e.MetadataId == 0 ? _previous.Sequence : _previous.Sequence + 1;
        Present present = (e.MetadataId != _previous.MetadataId ? Present.MetadataId : 0)
            | (e.Sequence != expected || e.Thread != _previous.Thread || e.Processor != _previous.Processor ? Present.CaptureThreadAndSequence : 0)
            | (e.Thread != _previous.Thread ? Present.Thread : 0)
            | (e.IsOldest ? Present.IsSorted : 0)
            | (payload.Length != _payloadLength ? Present.PayloadLength : 0);
        _bytes[_used++] = (byte)present;
        if (present.HasFlag(Present.MetadataId))
        {
            Put((uint)e.MetadataId);
        }

        if (present.HasFlag(Present.CaptureThreadAndSequence))
        {
            Put((uint)(e.Sequence - expected));
            Put((ulong)e.Thread);
            Put((uint)e.Processor);
        }

        if (present.HasFlag(Present.Thread))
        {
            Put((ulong)e.Thread);
        }

        Put((ulong)(e.Time - _previous.Time));
        if (present.HasFlag(Present.PayloadLength))
        {
            Put((uint)payload.Length);
        }

        _earliest = _used == HeaderLength + 1 ? e.Time : Math.Min(_earliest, e.Time);
        _latest = Math.Max(_latest, e.Time);
        payload.CopyTo(_bytes.AsSpan(_used));
        _used += payload.Length;
        (_previous, _payloadLength) = (e, payload.Length);
        return true;
    }

    /// <summary>Writes the block, if there is something in it, and begins the next one.</summary>
    public void Flush(NetTraceObjects file, ReadOnlySpan<byte> type)
    {
        if (!IsEmpty)
        {
            BinaryPrimitives.WriteInt16LittleEndian(_bytes, HeaderLength);
            BinaryPrimitives.WriteInt16LittleEndian(_bytes.AsSpan(2), HeadersAreCompressed);
            BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(4), _earliest);
            BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(12), _latest);
            file.Add(type, _bytes.AsSpan(0, _used));
        }

        (_used, _payloadLength, _latest, _previous) = (HeaderLength, 0, 0, default);
    }

    // Seven bits at a time, the lowest first; the eighth says that more follow.
    private void Put(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes[_used++] = (byte)(value | 0x80);
        }

        _bytes[_used++] = (byte)value;
    }
}
