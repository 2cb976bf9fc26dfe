using System.Buffers.Binary;
using Microsoft.Diagnostics.Tracing;

namespace Tracing.Etl.TraceEvent;

/// <summary>
/// The one place where events enter TraceEvent. A TraceEventDispatcher cannot be derived from outside of the library, but one of its own, BPerfEventSource, reads files
/// of compressed blocks and lets its caller decompress them. It is given a file whose blocks are all empty, and a decompressor that answers each with the next events.
/// </summary>
/// <remarks>
/// <para>
/// What is relied on, in the version of TraceEvent that the project pins: a block is its compressed size, its decompressed size, its bytes; the decompressor must
/// return exactly the decompressed size, so that each block is padded to it; the file is read in pieces of 1 MiB into an array of the caller's, and decoded from
/// there; a block that reaches beyond what was read ends the decoding. So the file has one piece, and when the events end, the header of the next block in the array
/// is overwritten by one of impossible size.
/// </para>
/// <para>
/// The dispatcher reads the first block when it is made, for the session's header alone, and begins anew at each call of Process. A pass is known by the offset of its
/// first block.
/// </para>
/// </remarks>
internal sealed class BPerfSeam
{
    private const int BlockHeaderLength = 8;
    private const int BlockLength = BlockQueue.BlockLength;
    private const int IndexLength = 1 << 20;
    private const int ImpossibleSize = 1 << 30;

    private static readonly Lazy<string> IndexPath = new(CreateIndex);
    private readonly BlockQueue _blocks;
    private bool _isInitialized;

    private BPerfSeam(EventFeed feed) => _blocks = new BlockQueue(feed);

    /// <summary>Makes a dispatcher of a feed's events.</summary>
    public static TraceEventDispatcher Open(EventFeed feed)
    {
        BPerfSeam seam = new(feed);
        return new BPerfEventSource(
            IndexPath.Value,
            new TraceEventDispatcherOptions(),
            uncompressedBuffer: new byte[BlockLength],
            compressedBuffer: new byte[IndexLength],
            skipReadingUnreachableEvents: false,
            seam.FillBlock);
    }

    private int FillBlock(byte[] index, int indexOffset, int storedLength, byte[] block, int blockLength)
    {
        if (!_isInitialized)
        {
            _isInitialized = true;
            EventRecordLayout.PadToEnd(block.AsSpan(0, BlockLength), SessionHeaderRecord.Write(_blocks.File, block));
            return BlockLength;
        }

        if (indexOffset == BlockHeaderLength)
        {
            _blocks.Restart();
        }

        if (!_blocks.Take(block.AsSpan(0, BlockLength)))
        {
            BinaryPrimitives.WriteInt32LittleEndian(index.AsSpan(indexOffset), ImpossibleSize);
        }
        else if (indexOffset + (2 * BlockHeaderLength) >= IndexLength)
        {
            throw new InvalidOperationException(
                $"{_blocks.File.Path} holds more than the {(long)IndexLength / BlockHeaderLength * BlockLength >> 30} GiB of events that TraceEvent can be given in one pass. Read it by EtlFile, or split it.");
        }

        return BlockLength;
    }

    // The same for all traces, so that one file serves the whole process.
    private static string CreateIndex()
    {
        byte[] index = new byte[IndexLength];
        for (int at = 0; at < index.Length; at += BlockHeaderLength)
        {
            BinaryPrimitives.WriteInt32LittleEndian(index.AsSpan(at + sizeof(int)), BlockLength);
        }

        string path = Path.GetTempFileName();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(path);
        File.WriteAllBytes(path, index);
        return path;
    }
}
