namespace Tracing.Etl.TraceEvent;

/// <summary>The events of a file as TraceEvent is to see them: in the order of time, without those it must not see, laid out in blocks.</summary>
internal sealed class EventFeed(EtlFile file)
{
    /// <summary>The second record of the header buffer, which Windows does not deliver either (docs: ETL format notes, section 1.3).</summary>
    private const ushort UndeliveredHook = 0x0050;

    private const int ProviderOffset = 24;

    /// <summary>
    /// How far into the payload of a session's header TraceEvent writes: it puts the time zone's bias over the 4 bytes at 0x40, whatever the length. Seen on a random
    /// trace, where a short one cost the record behind it a part of its provider id.
    /// </summary>
    private const int LeastHeaderPayload = 0x44;

    private EtlTimeline _timeline = file.ReadInTimeOrder();
    private TraceLoggingCatalog _traceLogging = new();
    private byte[]? _description;

    /// <summary>
    /// BPerf's own provider, 79430003-51bf-5f05-ed34-99cf32652c26 as it lies in a record: its events make BPerfEventSource open side files named by their payload.
    /// </summary>
    private static ReadOnlySpan<byte> BPerfProvider => [0x03, 0x00, 0x43, 0x79, 0xbf, 0x51, 0x05, 0x5f, 0xed, 0x34, 0x99, 0xcf, 0x32, 0x65, 0x2c, 0x26];

    /// <summary>The file the events are of.</summary>
    public EtlFile File { get; } = file;

    /// <summary>Whether records are left.</summary>
    public bool HasMore { get; private set; }

    /// <summary>Goes back to before the first record, and to it.</summary>
    public void Restart()
    {
        _timeline = File.ReadInTimeOrder();
        _traceLogging = new TraceLoggingCatalog();
        _description = null;
        HasMore = _timeline.MoveNext();
    }

    /// <summary>Lays out as many of the next events as fit.</summary>
    /// <param name="block">Where to: room for any one record at least.</param>
    /// <param name="last">Where the last one begins.</param>
    /// <returns>Bytes used; 0 if there was no event.</returns>
    public int Fill(Span<byte> block, out int last)
    {
        int used = 0;
        last = 0;
        bool hasMore = HasMore;
        EtlTimeline timeline = _timeline;
        while (hasMore)
        {
            // A record that does not fit stays the timeline's current one, and is the first of the next block.
            EtlRecord record = timeline.Current;
            if (IsDelivered(record) && !TryAppend(record, block, ref used, ref last))
            {
                break;
            }

            hasMore = timeline.MoveNext();
        }

        HasMore = hasMore;
        return used;
    }

    private bool TryAppend(in EtlRecord record, Span<byte> block, ref int used, ref int last)
    {
        ushort id = record.Id;
        if (record.HeaderFlags != 0)
        {
            // Of a kind's first event, the description goes before it: into this block if it fits, else into the next.
            _description = _traceLogging.Identify(record, out id) ?? _description;
            if (_description?.Length > block.Length - used)
            {
                return false;
            }

            if (_description is not null)
            {
                _description.CopyTo(block[used..]);
                last = used;
                used += _description.Length;
                _description = null;
            }
        }

        if (!EventRecordLayout.TryWrite(record, id, block[used..], out int written))
        {
            return false;
        }

        last = used;
        used += written;
        return true;
    }

    private static bool IsDelivered(in EtlRecord record) => record.Kind == EtlRecordKind.Event
        ? !record.Bytes.Slice(ProviderOffset, BPerfProvider.Length).SequenceEqual(BPerfProvider)
        : !(record.IsKernel && record.HookId == UndeliveredHook) && !IsShortHeader(record);

    private static bool IsShortHeader(in EtlRecord record) =>
        record.Opcode == 0 && record.Payload.Length < LeastHeaderPayload && record.ProviderId == SessionHeaderRecord.EventTraceClass;
}
