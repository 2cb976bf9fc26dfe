using System.Buffers.Binary;
using Microsoft.Diagnostics.Tracing;

namespace Tracing.Etl.TraceEvent;

/// <summary>
/// The one place where events enter TraceEvent. A TraceEventDispatcher cannot be derived from outside of the library, but one of its own, BPerfEventSource, reads files
/// of compressed blocks and lets its caller decompress them. It is given a file whose blocks are empty, and a decompressor that answers each with the next events.
/// </summary>
/// <remarks>
/// <para>
/// What is relied on, in the version of TraceEvent that the project pins: a block is its compressed size, its decompressed size, its bytes; the decompressor must
/// return exactly the decompressed size, so that each block is padded to it; the file is read into an array of the caller's, and decoded from there, each block's header
/// when its turn comes; a block that reaches beyond what was read ends the decoding. So the file is two headers. The first block follows the other's example but for
/// its place; the second one's compressed size leads back to its own header, so that it comes again and again, until the events end and its header in the array is
/// overwritten by one of impossible size.
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
    private const int ImpossibleSize = 1 << 30;

    // Two headers; what comes after them keeps the second one from being taken for the end of the file.
    private const int IndexLength = 4 * BlockHeaderLength;

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
            BinaryPrimitives.WriteInt32LittleEndian(index.AsSpan(BlockHeaderLength), ImpossibleSize);
        }

        return BlockLength;
    }

    // The same for all traces, so that one file serves the whole process.
    private static string CreateIndex()
    {
        byte[] index = new byte[IndexLength];
        BinaryPrimitives.WriteInt32LittleEndian(index.AsSpan(sizeof(int)), BlockLength);
        BinaryPrimitives.WriteInt32LittleEndian(index.AsSpan(BlockHeaderLength), -BlockHeaderLength);
        BinaryPrimitives.WriteInt32LittleEndian(index.AsSpan(BlockHeaderLength + sizeof(int)), BlockLength);
        string path = Path.GetTempFileName();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(path);
        File.WriteAllBytes(path, index);
        return path;
    }
}
