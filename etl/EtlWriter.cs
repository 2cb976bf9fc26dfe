using System.Buffers.Binary;
using Tracing.Etl.Format;
using Tracing.Etl.Writing;

namespace Tracing.Etl;

/// <summary>
/// Writes an event trace log as Windows does: a header buffer, then buffers of records in the order they are flushed. Not safe for use from several threads at once.
/// </summary>
/// <remarks>
/// A file that was not completed reads like one of a session still running: without end time and numbers of buffers and losses. The stream is left open.
/// Source: docs, ETL format notes, sections 1 and 8.
/// </remarks>
public sealed class EtlWriter : IDisposable
{
    private const byte BufferPadding = 0xFF;
    private const int PayloadOffset = BufferHeader.Length + RecordHeader.SystemLength;
    private readonly Stream _output;
    private readonly EtlWriterOptions _options;
    private readonly byte[] _buffer;
    private readonly XpressEncoder? _encoder;
    private readonly long _start;
    private bool _isComplete;

    /// <summary>Writes the header buffer.</summary>
    /// <param name="output">Where the file goes, from its current position on. To be seekable if the file is to be completed.</param>
    /// <param name="options">What the session knows of itself.</param>
    /// <exception cref="ArgumentException">The header record does not fit a buffer, or its frequency or pointer size is impossible.</exception>
    public EtlWriter(Stream output, EtlWriterOptions options)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(options);
        _output = output;
        _options = options;
        _start = output.CanSeek ? output.Position : 0;
        Header = options.HeaderToWrite();
        _buffer = new byte[Header.BufferSize];
        _encoder = options.Compress ? new XpressEncoder(Header.BufferSize) : null;
        WriteHeaderBuffer();
        BuffersWritten = 1;
    }

    /// <summary>The header as written so far.</summary>
    public EtlHeader Header { get; private set; }

    /// <summary>Buffers written, the header buffer included.</summary>
    public long BuffersWritten { get; private set; }

    /// <summary>Most bytes of records that a buffer takes.</summary>
    public int MaximumRecordBytes => Header.BufferSize - BufferHeader.Length;

    // The header record has the layout of the machine that writes it.
    private bool Is64 => Header.PointerSize == 8;

    /// <summary>Writes one buffer.</summary>
    /// <exception cref="ArgumentException">The records do not fit, are not padded to 8 bytes, or the processor or sequence number is impossible.</exception>
    public void WriteBuffer(in EtlBuffer buffer)
    {
        ObjectDisposedException.ThrowIf(_isComplete, this);
        ArgumentOutOfRangeException.ThrowIfNegative(buffer.Processor, nameof(buffer));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(buffer.Processor, ushort.MaxValue, nameof(buffer));
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Sequence, 1, nameof(buffer));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(buffer.Records.Length, MaximumRecordBytes, nameof(buffer));
        if (buffer.Records.Length % 8 != 0)
        {
            throw new ArgumentException($"Records take a multiple of 8 bytes, each being padded; these are {buffer.Records.Length}.", nameof(buffer));
        }

        uint savedOffset = (uint)(BufferHeader.Length + buffer.Records.Length);
        BufferHeader header = new()
        {
            BufferSize = (uint)Header.BufferSize,
            SavedOffset = savedOffset,
            Offset = savedOffset,
            TimeStamp = buffer.Timestamp,
            Sequence = buffer.Sequence,
            Processor = (ushort)buffer.Processor,
            LoggerId = _options.LoggerId,
            State = BufferHeader.FlushedState,
            Flags = (buffer.Flags & ~EtlBufferFlags.Compressed) | EtlBufferFlags.ProcessorIndex,
            Type = BufferType.Generic,
        };
        Span<byte> room = _buffer.AsSpan(BufferHeader.Length);
        int stored = room.Length;
        if (_encoder is not null && _encoder.TryCompress(buffer.Records, room, out int compressed))
        {
            stored = compressed;
            header = header with
            {
                BufferSize = (uint)(BufferHeader.Length + compressed),
                Flags = header.Flags | EtlBufferFlags.Compressed,
            };
        }
        else
        {
            buffer.Records.CopyTo(room);
            room[buffer.Records.Length..].Fill(BufferPadding);
        }

        header.Write(_buffer);
        _output.Write(_buffer, 0, BufferHeader.Length + stored);
        BuffersWritten++;
    }

    /// <summary>Ends the file: writes into its header what is known only now. Nothing can be written afterwards.</summary>
    /// <exception cref="NotSupportedException">The stream cannot seek back to the header.</exception>
    public void Complete(EtlClosing closing)
    {
        ObjectDisposedException.ThrowIf(_isComplete, this);
        if (!_output.CanSeek)
        {
            throw new NotSupportedException("The header is rewritten at the end, which needs a stream that can seek: write to a file or to memory.");
        }

        Header = Header with
        {
            EndTime = closing.EndTime,
            EventsLost = closing.EventsLost,
            BuffersLost = closing.BuffersLost,
            BuffersWritten = (uint)BuffersWritten,
        };
        long end = _output.Position;
        WriteField(LogfileHeader.EndTimeOffset, (ulong)closing.EndTime, sizeof(ulong));
        WriteField(LogfileHeader.BuffersWrittenOffset, Header.BuffersWritten, sizeof(uint));
        WriteField(LogfileHeader.EventsLostOffset, closing.EventsLost, sizeof(uint));
        WriteField(Is64 ? LogfileHeader.BuffersLostOffset64 : LogfileHeader.BuffersLostOffset32, closing.BuffersLost, sizeof(uint));
        _output.Position = end;
        _output.Flush();
        _isComplete = true;
    }

    /// <summary>Ends the use of the stream without closing it. The file stays as it is.</summary>
    public void Dispose()
    {
        if (!_isComplete)
        {
            _output.Flush();
            _isComplete = true;
        }
    }

    private void WriteHeaderBuffer()
    {
        Span<byte> record = _buffer.AsSpan(BufferHeader.Length);
        record.Fill(BufferPadding);
        int length = RecordHeader.SystemLength + LogfileHeader.MeasureLength(Header, Is64);
        int padded = (length + 7) & ~7;
        record[..padded].Clear();
        record[0] = 2;
        record[2] = Is64 ? RecordHeader.System64 : RecordHeader.System32;
        record[3] = RecordHeader.TypedFlags;
        BinaryPrimitives.WriteUInt16LittleEndian(record[4..], (ushort)length);
        BinaryPrimitives.WriteUInt16LittleEndian(record[6..], RecordHeader.LogfileHeaderHook);
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], _options.ThreadId);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], _options.ProcessId);
        BinaryPrimitives.WriteInt64LittleEndian(record[16..], Header.StartTicks);
        LogfileHeader.Write(record[RecordHeader.SystemLength..], Is64, Header);

        // A compressed file's header buffer is not compressed but cut to its content, and names the compression in its state.
        uint savedOffset = (uint)(BufferHeader.Length + padded);
        int size = _options.Compress ? (int)Math.Min((savedOffset + 511) & ~511u, (uint)Header.BufferSize) : Header.BufferSize;
        new BufferHeader
        {
            BufferSize = (uint)size,
            SavedOffset = savedOffset,
            Offset = savedOffset,
            Sequence = 0,
            Processor = 0,
            LoggerId = _options.LoggerId,
            State = _options.Compress ? (uint)CompressionFormat.Xpress : BufferHeader.FlushedState,
            Flags = EtlBufferFlags.ProcessorIndex | EtlBufferFlags.FlushMarker,
            Type = BufferType.Header,
        }.Write(_buffer);
        _output.Write(_buffer, 0, size);
    }

    private void WriteField(int offset, ulong value, int length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _output.Position = _start + PayloadOffset + offset;
        _output.Write(bytes[..length]);
    }
}
