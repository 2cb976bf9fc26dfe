namespace Tracing.Etl;

/// <summary>Flags of a buffer header (docs: ETL format notes, section 1.1).</summary>
[Flags]
public enum EtlBufferFlags : ushort
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>The last buffer of a flush.</summary>
    FlushMarker = 0x01,

    /// <summary>Events were lost before this buffer.</summary>
    EventsLost = 0x02,

    /// <summary>Buffers were lost before this one.</summary>
    BuffersLost = 0x04,

    /// <summary>A real-time backup that is damaged.</summary>
    RealTimeBackupCorrupt = 0x08,

    /// <summary>A real-time backup.</summary>
    RealTimeBackup = 0x10,

    /// <summary>The processor is a 16-bit index. Every buffer since Windows 7.</summary>
    ProcessorIndex = 0x20,

    /// <summary>The records are compressed.</summary>
    Compressed = 0x40,
}
