using Tracing.Etl.Format;

namespace Tracing.Etl;

/// <summary>What a session knows of itself when its file begins. Immutable.</summary>
public sealed record EtlWriterOptions
{
    /// <summary>
    /// The header to write. Buffer size, processor count, start ticks, start time and frequency matter to every reader. <see cref="EtlHeader.BuffersWritten"/>,
    /// <see cref="EtlHeader.EndTime"/> and the losses are as of a session still running and are set by <see cref="EtlWriter.Complete"/>; the format version and the
    /// mode's compression bit are set by the writer.
    /// </summary>
    public required EtlHeader Header { get; init; }

    /// <summary>Number of the session, as buffer headers carry it.</summary>
    public ushort LoggerId { get; init; }

    /// <summary>Process that started the session.</summary>
    public int ProcessId { get; init; }

    /// <summary>Thread that started the session.</summary>
    public int ThreadId { get; init; }

    /// <summary>Whether buffers are compressed by XPRESS. Each then takes the room it needs.</summary>
    public bool Compress { get; init; }

    /// <summary>A header with the values of a plain sequential session of 64-bit Windows 11, to be changed by <c>with</c>.</summary>
    public static EtlHeader DefaultHeader { get; } = new()
    {
        BufferSize = 64 << 10,
        OsMajorVersion = 10,
        OsMinorVersion = 0,
        FormatMajorVersion = 1,
        FormatMinorVersion = 5,
        OsBuild = 22621,
        ProcessorCount = 1,
        TimerResolution = 156_250,
        LogFileMode = EtlLogFileMode.Sequential,
        StartBuffers = 1,
        PointerSize = 8,
        CpuMHz = 2400,
        PerfFrequency = 10_000_000,
        ClockType = EtlClockType.PerformanceCounter,
    };

    internal EtlHeader HeaderToWrite()
    {
        EtlHeader header = Header;
        int room = header.BufferSize - BufferHeader.Length;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(header.PerfFrequency, nameof(Header));
        if (header.PointerSize is not (4 or 8))
        {
            throw new ArgumentOutOfRangeException(nameof(Header), header.PointerSize, "A pointer has 4 or 8 bytes.");
        }

        int needed = RecordHeader.SystemLength + LogfileHeader.MeasureLength(header, is64: header.PointerSize == 8);
        if (needed > room || needed > ushort.MaxValue)
        {
            throw new ArgumentException(
                $"A header record of {needed} bytes does not fit a buffer of {header.BufferSize} bytes. Use larger buffers or shorter names.", nameof(Header));
        }

        bool isWide = Compress || header.BufferSize > 1 << 20 || header.ProcessorCount > 256;
        return header with
        {
            FormatMajorVersion = isWide ? (byte)2 : (byte)1,
            FormatMinorVersion = isWide ? (byte)0 : (byte)5,
            LogFileMode = Compress ? header.LogFileMode | EtlLogFileMode.Compressed : header.LogFileMode & ~EtlLogFileMode.Compressed,
            BuffersWritten = 0,
            EndTime = 0,
            EventsLost = 0,
            BuffersLost = 0,
        };
    }
}
