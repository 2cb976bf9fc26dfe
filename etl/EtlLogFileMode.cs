namespace Tracing.Etl;

/// <summary>How the session kept its file. Source: "Logging Mode Constants" of the Windows documentation, evntrace.h.</summary>
[Flags]
public enum EtlLogFileMode : uint
{
    /// <summary>None of the modes.</summary>
    None = 0,

    /// <summary>One file, written from start to end.</summary>
    Sequential = 0x1,

    /// <summary>Once full, the oldest buffers are overwritten.</summary>
    Circular = 0x2,

    /// <summary>Appended to an existing file.</summary>
    Append = 0x4,

    /// <summary>A new file is begun each time one is full: sequence numbers do not begin at 1.</summary>
    NewFile = 0x8,

    /// <summary>The file was given its full size at the start; its end may be unused.</summary>
    Preallocate = 0x20,

    /// <summary>The session was secured.</summary>
    Secure = 0x80,

    /// <summary>Buffers were kept in memory and written when asked for.</summary>
    Buffering = 0x400,

    /// <summary>A session private to one process.</summary>
    Private = 0x800,

    /// <summary>Maximum size is in kilobytes.</summary>
    KilobytesForSize = 0x2000,

    /// <summary>Sequence numbers are global.</summary>
    GlobalSequence = 0x4000,

    /// <summary>Sequence numbers are local.</summary>
    LocalSequence = 0x8000,

    /// <summary>Written by a relogger: merged from other files.</summary>
    Relog = 0x10000,

    /// <summary>Private to one process and kept in it.</summary>
    PrivateInProcess = 0x20000,

    /// <summary>Paged memory was used for the buffers.</summary>
    PagedMemory = 0x0100_0000,

    /// <summary>The session collected system events.</summary>
    SystemLogger = 0x0200_0000,

    /// <summary>Buffers are compressed.</summary>
    Compressed = 0x0400_0000,

    /// <summary>Failure to log one event does not keep it from other sessions.</summary>
    IndependentSession = 0x0800_0000,

    /// <summary>All processors wrote into the same buffers.</summary>
    NoPerProcessorBuffering = 0x1000_0000,
}
