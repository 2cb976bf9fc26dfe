using System.Buffers.Binary;
using Microsoft.Diagnostics.Tracing;
using Tracing.Etl;
using Tracing.Etl.TraceEvent;

namespace Tracing.Benchmarks;

/// <summary>
/// What TraceEvent takes by itself: the same block of events again and again, laid out once, so that nothing is read or copied. No bridge can be faster.
/// </summary>
internal sealed class TraceEventFloor : IDisposable
{
    private const int BlockLength = BlockQueue.BlockLength;
    private readonly byte[] _headerBlock = new byte[BlockLength];
    private readonly byte[] _block = new byte[BlockLength];
    private readonly string _index = Path.GetTempFileName();
    private readonly int _eventsPerBlock;
    private readonly long _blocks;

    public TraceEventFloor(string path, long events)
    {
        using EtlFile file = EtlFile.Open(path);
        EventFeed feed = new(file);
        feed.Restart();
        int used = feed.Fill(_block, out int last);
        _eventsPerBlock = CountIn(_block.AsSpan(0, used));
        _blocks = events / _eventsPerBlock;
        EventRecordLayout.PadToEnd(_block.AsSpan(last), used - last);
        EventRecordLayout.PadToEnd(_headerBlock, SessionHeaderRecord.Write(file, _headerBlock));

        byte[] index = new byte[1 << 20];
        for (int at = 0; at < index.Length; at += 8)
        {
            BinaryPrimitives.WriteInt32LittleEndian(index.AsSpan(at + 4), BlockLength);
        }

        File.WriteAllBytes(_index, index);
    }

    public long Run()
    {
        byte[]? content = null;
        long left = _blocks;
        using BPerfEventSource source = new(_index, new TraceEventDispatcherOptions(), new byte[BlockLength], new byte[1 << 20], false, Fill);
        return Passes.CountEvents(source);

        int Fill(byte[] index, int offset, int stored, byte[] block, int length)
        {
            if (content is null)
            {
                content = _headerBlock;
                content.CopyTo(block, 0);
            }
            else if (content != _block)
            {
                content = _block;
                content.CopyTo(block, 0);
            }

            if (--left < 0)
            {
                BinaryPrimitives.WriteInt32LittleEndian(index.AsSpan(offset), 1 << 30);
            }

            return BlockLength;
        }
    }

    public void Dispose() => File.Delete(_index);

    // The events of the synthetic trace have no extended items.
    private static int CountIn(ReadOnlySpan<byte> block)
    {
        int count = 0;
        while (block.Length > 0)
        {
            int payload = BinaryPrimitives.ReadUInt16LittleEndian(block[86..]);
            block = block[((EventRecordLayout.StructureLength + payload + 15) & ~15)..];
            count++;
        }

        return count;
    }
}
