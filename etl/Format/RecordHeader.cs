namespace Tracing.Etl.Format;

/// <summary>
/// The first four bytes of a record and what they tell: which header it is, how long that is, and where the record's size stands (docs: ETL format notes, section 2).
/// </summary>
internal static class RecordHeader
{
    /// <summary>The marker of padding: nothing follows in this buffer.</summary>
    public const uint Padding = 0xFFFF_FFFF;

    /// <summary>The highest byte of the marker of headers that name their type in the byte below.</summary>
    public const byte TypedFlags = 0xC0;

    /// <summary>The bits that tell WPP messages, in the highest byte of the marker.</summary>
    public const byte MessageFlags = 0x90;

    public const byte System32 = 1;
    public const byte System64 = 2;
    public const byte Event32 = 18;
    public const byte Event64 = 19;

    /// <summary>Bytes of an EVENT_HEADER.</summary>
    public const int EventLength = 80;

    /// <summary>Bytes of a SYSTEM_TRACE_HEADER.</summary>
    public const int SystemLength = 32;

    /// <summary>EVENT_HEADER_FLAG_EXTENDED_INFO: extended items follow the header.</summary>
    public const ushort ExtendedInfo = 1;

    /// <summary>The HookId of the record that carries TRACE_LOGFILE_HEADER, and of no other but repeated ones in merged files.</summary>
    public const ushort LogfileHeaderHook = 0x0000;

    // Indexed by header type; 12 and 14 are never written, 15 stands for WPP messages, whose marker has no type.
    private static ReadOnlySpan<byte> Kinds =>
    [
        0,
        (byte)EtlRecordKind.System, (byte)EtlRecordKind.System, (byte)EtlRecordKind.Compact, (byte)EtlRecordKind.Compact,
        0, 0, 0, 0, 0,
        (byte)EtlRecordKind.Full, (byte)EtlRecordKind.Instance, 0, (byte)EtlRecordKind.Error, 0, 0,
        (byte)EtlRecordKind.PerfInfo, (byte)EtlRecordKind.PerfInfo, (byte)EtlRecordKind.Event, (byte)EtlRecordKind.Event,
        (byte)EtlRecordKind.Full, (byte)EtlRecordKind.Instance,
    ];

    // Indexed by EtlRecordKind.
    private static ReadOnlySpan<byte> Lengths => [255, SystemLength, 24, 16, 48, 72, EventLength, 8, 48];

    /// <summary>Which header a marker begins, or <see cref="EtlRecordKind.None"/> if it is none this reader knows.</summary>
    public static EtlRecordKind KindOf(uint marker)
    {
        uint flags = marker >> 24;
        if ((flags & TypedFlags) == TypedFlags)
        {
            uint type = (byte)(marker >> 16);
            return type < (uint)Kinds.Length ? (EtlRecordKind)Kinds[(int)type] : EtlRecordKind.None;
        }

        // The top nibble 0xB is a pre-Vista header with a 32-bit time; its WPP bits are set too.
        return (flags & 0xF0) == MessageFlags ? EtlRecordKind.Message : EtlRecordKind.None;
    }

    /// <summary>Bytes of the fixed part of a header.</summary>
    public static int LengthOf(EtlRecordKind kind) => Lengths[(int)kind];

    /// <summary>Whether the record's size stands at offset 4 instead of 0: the headers of the kernel's own events.</summary>
    public static bool HasSizeAtFour(EtlRecordKind kind) => kind <= EtlRecordKind.PerfInfo;

    /// <summary>Pointer size of the payload of a typed header, in bytes.</summary>
    public static int PointerSizeOf(uint marker) => (byte)(marker >> 16) switch
    {
        2 or 4 or 17 or 19 or 20 or 21 => 8,
        _ => 4,
    };
}
