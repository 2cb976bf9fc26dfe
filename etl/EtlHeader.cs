namespace Tracing.Etl;

/// <summary>
/// What the first record of the file says of the session: TRACE_LOGFILE_HEADER and the two names after it. Immutable.
/// </summary>
/// <remarks>
/// Times are FILETIME: 100 ns units since 1601, UTC; <see cref="EtlClock.FileTimeToUtc"/> converts. Of a session that was not closed, <see cref="EndTime"/> and
/// <see cref="BuffersWritten"/> are 0. Source: TRACE_LOGFILE_HEADER documentation; docs: ETL format notes, section 1.3.
/// </remarks>
public sealed record EtlHeader
{
    /// <summary>The session's buffer size in bytes. Of a compressed file: the size before compression.</summary>
    public int BufferSize { get; init; }

    /// <summary>Major version of Windows, 10 for Windows 10 and 11.</summary>
    public byte OsMajorVersion { get; init; }

    /// <summary>Minor version of Windows.</summary>
    public byte OsMinorVersion { get; init; }

    /// <summary>Major version of the file format: 1, or 2 for compressed files, buffers above 1 MiB or more than 256 processors.</summary>
    public byte FormatMajorVersion { get; init; }

    /// <summary>Minor version of the file format: 5 beside a major version of 1 since Windows 7.</summary>
    public byte FormatMinorVersion { get; init; }

    /// <summary>Build number of Windows.</summary>
    public uint OsBuild { get; init; }

    /// <summary>Processors of the machine; 1 where the session did not buffer per processor.</summary>
    public int ProcessorCount { get; init; }

    /// <summary>FILETIME of the session's end, 0 if it was not closed.</summary>
    public long EndTime { get; init; }

    /// <summary>FILETIME of the session's start. It is the same moment as <see cref="StartTicks"/>.</summary>
    public long StartTime { get; init; }

    /// <summary>FILETIME of the machine's boot.</summary>
    public long BootTime { get; init; }

    /// <summary>Raw clock ticks of the header record.</summary>
    public long StartTicks { get; init; }

    /// <summary>Performance counter ticks per second.</summary>
    public long PerfFrequency { get; init; }

    /// <summary>What timestamps count.</summary>
    public EtlClockType ClockType { get; init; }

    /// <summary>Timer interrupt period in 100 ns units: the unit of the kernel and user times of records.</summary>
    public uint TimerResolution { get; init; }

    /// <summary>Largest file size in MiB, or KiB with <see cref="EtlLogFileMode.KilobytesForSize"/>; 0 without a bound.</summary>
    public uint MaximumFileSize { get; init; }

    /// <summary>How the session kept its file.</summary>
    public EtlLogFileMode LogFileMode { get; init; }

    /// <summary>Buffers the session says it wrote, the header buffer included. Not to be relied on: 0 if it was not closed.</summary>
    public uint BuffersWritten { get; init; }

    /// <summary>Buffers at the front of a circular file that are not overwritten.</summary>
    public uint StartBuffers { get; init; }

    /// <summary>Size of a pointer on the traced machine: 4 or 8 bytes.</summary>
    public int PointerSize { get; init; }

    /// <summary>Events the session could not keep.</summary>
    public uint EventsLost { get; init; }

    /// <summary>Buffers the session could not write.</summary>
    public uint BuffersLost { get; init; }

    /// <summary>Processor clock in MHz.</summary>
    public uint CpuMHz { get; init; }

    /// <summary>Minutes to add to local time to get UTC.</summary>
    public int TimeZoneBiasMinutes { get; init; }

    /// <summary>The session's name.</summary>
    public string LoggerName { get; init; } = "";

    /// <summary>The file's name when it was written.</summary>
    public string LogFileName { get; init; } = "";

    /// <summary>The moment the session began.</summary>
    public DateTime StartTimeUtc => EtlClock.FileTimeToUtc(StartTime);

    /// <summary>The moment the session was closed, or null if it was not.</summary>
    public DateTime? EndTimeUtc => EndTime == 0 ? null : EtlClock.FileTimeToUtc(EndTime);
}
