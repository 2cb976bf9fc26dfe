using System.Buffers.Binary;

namespace Tracing.Symbols;

/// <summary>
/// A multi-stream file, the container of native program databases: blocks of one size, and a directory that says which blocks make up which stream. Streams are read when
/// they are asked for.
/// </summary>
/// <remarks>
/// Every number is checked before it is used; a stream is no longer than the file, so that blocks named twice cannot multiply it. Source: "The MSF File Format" of the LLVM
/// documentation. Not safe for use from several threads.
/// </remarks>
internal sealed class MsfFile
{
    private const int SuperBlockLength = 56;
    private const uint NoStream = uint.MaxValue;

    private readonly Stream _file;
    private readonly PdbLimits _limits;
    private readonly byte[] _directory;
    private readonly int _blockSize;
    private readonly int _streamCount;

    /// <summary>Reads the super block and the directory.</summary>
    /// <exception cref="PdbFormatException">It is no such file.</exception>
    public MsfFile(Stream file, PdbLimits limits)
    {
        _file = file;
        _limits = limits;
        byte[] super = Read(0, SuperBlockLength, "the super block");
        if (!super.AsSpan().StartsWith("Microsoft C/C++ MSF 7.00\r\n\u001aDS\0\0\0"u8))
        {
            throw new PdbFormatException("It does not begin like a native program database (MSF 7.00). Portable ones, of managed code, are not read here.");
        }

        _blockSize = (int)UInt32(super, 32);
        if (_blockSize is < 512 or > 65_536 || (_blockSize & (_blockSize - 1)) != 0)
        {
            throw new PdbFormatException($"At 0x20: a block size of {_blockSize}; expected a power of 2 between 512 and 65,536.");
        }

        uint directoryBytes = UInt32(super, 44);
        if (directoryBytes < sizeof(uint) || directoryBytes > limits.MaximumDirectoryBytes || directoryBytes > file.Length)
        {
            throw new PdbFormatException($"At 0x2C: a directory of {directoryBytes} bytes in a file of {file.Length}, of which at most {limits.MaximumDirectoryBytes} are read.");
        }

        int mapLength = BlocksOf(directoryBytes) * sizeof(uint);
        byte[] map = Read((long)UInt32(super, 52) * _blockSize, mapLength, "the directory's block map");
        _directory = ReadBlocks(map, 0, (int)directoryBytes, "the directory");
        uint streams = UInt32(_directory, 0);
        if (streams > (directoryBytes - sizeof(uint)) / sizeof(uint))
        {
            throw new PdbFormatException($"The directory tells of {streams} streams and has {directoryBytes} bytes.");
        }

        _streamCount = (int)streams;
    }

    /// <summary>All bytes of a stream.</summary>
    /// <exception cref="PdbFormatException">There is no such stream, or it is not whole.</exception>
    public byte[] ReadStream(int index)
    {
        if ((uint)index >= (uint)_streamCount)
        {
            throw new PdbFormatException($"Stream {index} is asked for, and the directory has {_streamCount}.");
        }

        long blocksBefore = 0;
        for (int i = 0; i < index; i++)
        {
            blocksBefore += BlocksOf(SizeOf(i));
        }

        uint size = SizeOf(index);
        long at = sizeof(uint) + ((_streamCount + blocksBefore) * sizeof(uint));
        if (size > _limits.MaximumStreamBytes || size > _file.Length || at + (BlocksOf(size) * (long)sizeof(uint)) > _directory.Length)
        {
            throw new PdbFormatException($"Stream {index} has {size} bytes in a file of {_file.Length}, of which at most {_limits.MaximumStreamBytes} are read.");
        }

        return ReadBlocks(_directory, (int)at, (int)size, $"stream {index}");
    }

    private uint SizeOf(int stream)
    {
        uint size = UInt32(_directory, sizeof(uint) * (1 + stream));
        return size == NoStream ? 0 : size;
    }

    private int BlocksOf(uint bytes) => (int)((bytes + (long)_blockSize - 1) / _blockSize);

    private byte[] ReadBlocks(byte[] map, int mapOffset, int length, string what)
    {
        byte[] content = new byte[length];
        for (int done = 0; done < length; done += _blockSize)
        {
            long block = UInt32(map, mapOffset + (done / _blockSize * sizeof(uint)));
            Read(block * _blockSize, content.AsSpan(done, Math.Min(_blockSize, length - done)), what);
        }

        return content;
    }

    private byte[] Read(long offset, int length, string what)
    {
        byte[] bytes = new byte[Math.Min(length, Math.Max(0, _file.Length))];
        if (bytes.Length < length)
        {
            throw new PdbFormatException($"The file has {_file.Length} bytes, and {what} takes {length}.");
        }

        Read(offset, bytes, what);
        return bytes;
    }

    private void Read(long offset, Span<byte> destination, string what)
    {
        if (offset < 0 || offset > _file.Length - destination.Length)
        {
            throw new PdbFormatException($"The file has {_file.Length} bytes, and {what} has a part at 0x{offset:X}.");
        }

        _file.Position = offset;
        _file.ReadExactly(destination);
    }

    private static uint UInt32(byte[] bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));
}
