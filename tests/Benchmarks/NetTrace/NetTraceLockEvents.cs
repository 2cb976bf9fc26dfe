using System.Buffers.Binary;
using System.Text;
using Tracing.Etl;
using Tracing.Events;

namespace Tracing.Benchmarks.NetTrace;

/// <summary>In which order events stand in a .nettrace file.</summary>
public enum NetTraceOrder
{
    /// <summary>
    /// As the .NET runtime writes: between two sequence points each thread's events follow each other, the thread with the oldest one first, and of each thread the first is
    /// marked as older than all that are still to come (ep-buffer-manager.c of dotnet/runtime). The reader has to merge them.
    /// </summary>
    ByThread = 1,

    /// <summary>In the order of time, each marked so. The format allows it and nothing is easier to read, but the runtime does not write so.</summary>
    ByTime,
}

/// <summary>Lock events on their way into a .nettrace file.</summary>
internal sealed class NetTraceLockEvents : ILockEventOutput
{
    /// <summary>
    /// Events between two sequence points. The runtime sets one whenever it has given 10 MB of buffers to the threads that write: .NET 10 was seen to set 60 in two million events
    /// of this size by 256 threads.
    /// </summary>
    private const int Period = 1 << 15;

    private const int ProcessId = 4;

    private readonly NetTraceObjects _file;
    private readonly NetTraceBlock _metadata = new();
    private readonly NetTraceBlock _events = new();
    private readonly List<Waiting> _waiting = [];
    private readonly Dictionary<KMutexEventId, int> _metadataIds = [];
    private readonly SortedDictionary<int, int> _sequences = [];
    private readonly NetTraceOrder _order;

    public NetTraceLockEvents(BinaryWriter output, int processors, NetTraceOrder order)
    {
        _order = order;
        _file = new NetTraceObjects(output, processors, ProcessId, EtlWriterOptions.DefaultHeader.PerfFrequency);
    }

    public void Write(KMutexEventId id, int processor, int thread, long time, ReadOnlySpan<byte> payload)
    {
        _waiting.Add(new Waiting(id, processor, thread, time, payload.ToArray()));
        if (_waiting.Count == Period)
        {
            EndPeriod();
        }
    }

    /// <summary>Writes what is still here, and ends the file.</summary>
    public void Complete()
    {
        EndPeriod();
        _file.Complete();
    }

    private void EndPeriod()
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        // Events come in the order of time, and so do the threads, each by its first event.
        foreach (Waiting[] run in _order == NetTraceOrder.ByTime ? _waiting.Chunk(1) : _waiting.GroupBy(e => e.Thread).Select(thread => thread.ToArray()))
        {
            for (int i = 0; i < run.Length; i++)
            {
                Write(run[i], isOldest: i == 0);
            }
        }

        Flush();
        WriteSequencePoint(_waiting[^1].Time);
        _waiting.Clear();
    }

    private void Write(Waiting e, bool isOldest)
    {
        int sequence = _sequences.GetValueOrDefault(e.Thread) + 1;
        _sequences[e.Thread] = sequence;
        NetTraceEvent header = new(MetadataIdOf(e.Id), sequence, e.Thread, e.Processor, e.Time, isOldest);
        while (!_events.TryAdd(header, e.Payload))
        {
            Flush();
        }
    }

    // The metadata of an event must stand before it.
    private void Flush()
    {
        _metadata.Flush(_file, "MetadataBlock"u8);
        _events.Flush(_file, "EventBlock"u8);
    }

    private int MetadataIdOf(KMutexEventId id)
    {
        if (!_metadataIds.TryGetValue(id, out int metadataId))
        {
            _metadataIds.Add(id, metadataId = _metadataIds.Count + 1);
            _metadata.TryAdd(default, Metadata(metadataId, id));
        }

        return metadataId;
    }

    /// <summary>What kind of event it is. Its fields are not described: the typed parser knows them.</summary>
    private static byte[] Metadata(int metadataId, KMutexEventId id)
    {
        EventDescription description = KMutexEventTable.Find((ushort)id)!;
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        writer.Write(metadataId);
        writer.Write(Encoding.Unicode.GetBytes(KMutexProvider.Name + "\0"));
        writer.Write((int)id);
        writer.Write(Encoding.Unicode.GetBytes($"{description.Name}\0"));
        writer.Write(description.Keyword);
        const int Fields = 0;
        writer.Write((int)description.Version);
        writer.Write((int)description.Level);
        writer.Write(Fields);
        return bytes.ToArray();
    }

    /// <summary>All that came before is older than this time, and of each thread the last event had this number: none was lost.</summary>
    private void WriteSequencePoint(long time)
    {
        byte[] block = new byte[12 + (_sequences.Count * 12)];
        BinaryPrimitives.WriteInt64LittleEndian(block, time);
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(8), _sequences.Count);
        int at = 12;
        foreach ((int thread, int sequence) in _sequences)
        {
            BinaryPrimitives.WriteInt64LittleEndian(block.AsSpan(at), thread);
            BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(at + 8), sequence);
            at += 12;
        }

        _file.Add("SPBlock"u8, block);
    }

    private readonly record struct Waiting(KMutexEventId Id, int Processor, int Thread, long Time, byte[] Payload);
}
