namespace Tracing.Etl;

/// <summary>What an extended item of an event holds. Source: EVENT_HEADER_EXTENDED_DATA_ITEM documentation, evntcons.h.</summary>
public enum EtlExtendedItemType : ushort
{
    /// <summary>Activity this one came from: a GUID.</summary>
    RelatedActivityId = 1,

    /// <summary>Security identifier of the user.</summary>
    Sid = 2,

    /// <summary>Terminal session: u32.</summary>
    TerminalSessionId = 3,

    /// <summary>Instance and parent instance.</summary>
    InstanceInfo = 4,

    /// <summary>Call stack of 32-bit addresses, after a u64 match id.</summary>
    StackTrace32 = 5,

    /// <summary>Call stack of 64-bit addresses, after a u64 match id.</summary>
    StackTrace64 = 6,

    /// <summary>Index into PEBS records: u64.</summary>
    PebsIndex = 7,

    /// <summary>Performance monitoring counters: u64 each.</summary>
    PmcCounters = 8,

    /// <summary>Key of the process state manager.</summary>
    ProcessStateManagerKey = 9,

    /// <summary>Key that ties records to this event: u64.</summary>
    EventKey = 10,

    /// <summary>TraceLogging: name and fields of the event.</summary>
    EventSchemaTraceLogging = 11,

    /// <summary>TraceLogging: name and traits of the provider.</summary>
    ProviderTraits = 12,

    /// <summary>Identity of the process over reuse of its id: u64.</summary>
    ProcessStartKey = 13,

    /// <summary>GUID that controls the provider.</summary>
    ControlGuid = 14,

    /// <summary>Difference of the performance counter to the host's: u64.</summary>
    QpcDelta = 15,

    /// <summary>Container the event came from.</summary>
    ContainerId = 16,
}
