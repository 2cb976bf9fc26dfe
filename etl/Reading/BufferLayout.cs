using Tracing.Etl.Format;

namespace Tracing.Etl.Reading;

/// <summary>
/// How the buffers of one file lie: all of the session's size, or each of its own size without padding between them, as compressed files have them (docs: ETL format
/// notes, section 1). Decides which bytes can be a buffer header.
/// </summary>
internal readonly struct BufferLayout
{
    private const EtlBufferFlags KnownFlags = (EtlBufferFlags)0x7F;
    private readonly uint _sessionSize;
    private readonly uint _maximumSize;

    public BufferLayout(EtlHeader header, in BufferHeader first, EtlLimits limits)
    {
        _sessionSize = (uint)header.BufferSize;
        _maximumSize = (uint)limits.MaximumBufferSize;
        IsPacked = (header.LogFileMode & EtlLogFileMode.Compressed) != 0 || first.BufferSize != _sessionSize;
    }

    /// <summary>Whether buffers have sizes of their own.</summary>
    public bool IsPacked { get; }

    /// <summary>The size of all buffers where they are not packed, in bytes.</summary>
    public int SessionSize => (int)_sessionSize;

    /// <summary>Whether this can be the header of a buffer where one is expected.</summary>
    public bool IsPlausible(in BufferHeader header)
    {
        bool compressed = (header.Flags & EtlBufferFlags.Compressed) != 0;
        return header.BufferSize >= BufferHeader.Length
            && header.BufferSize <= _maximumSize
            && header.SavedOffset >= BufferHeader.Length
            && header.SavedOffset <= (compressed ? _maximumSize : header.BufferSize)
            && header.Type <= BufferType.DebugInfo;
    }

    /// <summary>Whether this has the size that buffers of this file have.</summary>
    public bool HasExpectedSize(in BufferHeader header) => IsPacked || header.BufferSize == _sessionSize;

    /// <summary>Whether this can be a header found by searching, where nothing says that one must stand there: stricter.</summary>
    public bool IsConvincing(in BufferHeader header) =>
        IsPlausible(header)
        && header.SavedOffset <= Math.Max(_sessionSize, header.BufferSize)
        && (header.Flags & ~KnownFlags) == 0
        && (header.Flags & (EtlBufferFlags.ProcessorIndex | EtlBufferFlags.Compressed)) != 0
        && header.Sequence >= 0;
}
