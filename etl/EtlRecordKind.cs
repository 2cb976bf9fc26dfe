namespace Tracing.Etl;

/// <summary>The header a record is laid out with. Each tells where size, time, thread and provider stand, and which of them exist at all.</summary>
/// <remarks>Source: docs, ETL format notes, section 2. 32-bit and 64-bit forms share a kind; <see cref="EtlRecord.PointerSize"/> tells them apart.</remarks>
public enum EtlRecordKind : byte
{
    /// <summary>No record. Never delivered.</summary>
    None,

    /// <summary>SYSTEM_TRACE_HEADER: a kernel record with thread, process and CPU times (32 bytes).</summary>
    System,

    /// <summary>SYSTEM_TRACE_HEADER without the CPU times (24 bytes).</summary>
    Compact,

    /// <summary>PERFINFO_TRACE_HEADER: a kernel record with neither thread nor process (16 bytes, then optional counters).</summary>
    PerfInfo,

    /// <summary>EVENT_TRACE_HEADER: a classic event named by class GUID and type, documented by MOF (48 bytes).</summary>
    Full,

    /// <summary>EVENT_INSTANCE_GUID_HEADER: a classic event about an instance of something and its parent (72 bytes).</summary>
    Instance,

    /// <summary>EVENT_HEADER: events of manifests, EventSource and TraceLogging (80 bytes, then optional extended items).</summary>
    Event,

    /// <summary>MESSAGE_TRACE_HEADER: a WPP message (8 bytes, then the parts its options name).</summary>
    Message,

    /// <summary>An error record of the session itself. It begins like <see cref="Full"/>.</summary>
    Error,
}
