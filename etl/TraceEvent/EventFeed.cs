namespace Tracing.Etl.TraceEvent;

/// <summary>
/// The events of a file as TraceEvent is to see them: in the order of time, without those it must not see. One record is held until it is taken, since it may not fit
/// where it was to go.
/// </summary>
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
    private ushort _currentId;
    private byte[]? _description;

    /// <summary>
    /// BPerf's own provider, 79430003-51bf-5f05-ed34-99cf32652c26 as it lies in a record: its events make BPerfEventSource open side files named by their payload.
    /// </summary>
    private static ReadOnlySpan<byte> BPerfProvider => [0x03, 0x00, 0x43, 0x79, 0xbf, 0x51, 0x05, 0x5f, 0xed, 0x34, 0x99, 0xcf, 0x32, 0x65, 0x2c, 0x26];

    /// <summary>The file the events are of.</summary>
    public EtlFile File { get; } = file;

    /// <summary>Whether there is a record.</summary>
    public bool HasCurrent { get; private set; }

    /// <summary>The record, if there is one.</summary>
    public EtlRecord Current => _timeline.Current;

    /// <summary>The id that TraceEvent is to see: that of the record but for TraceLogging events.</summary>
    public ushort CurrentId => _currentId;

    /// <summary>A laid out event that tells TraceEvent of the record and goes before it; empty if it needs none.</summary>
    public ReadOnlySpan<byte> Description => _description;

    /// <summary>Goes back to before the first record, and to it.</summary>
    public void Restart()
    {
        _timeline = File.ReadInTimeOrder();
        _traceLogging = new TraceLoggingCatalog();
        MoveNext();
    }

    /// <summary>Goes to the next record.</summary>
    public void MoveNext()
    {
        while (_timeline.MoveNext())
        {
            EtlRecord record = _timeline.Current;
            if (IsDelivered(record))
            {
                HasCurrent = true;
                _currentId = record.Id;
                if (record.HeaderFlags != 0)
                {
                    _description = _traceLogging.Identify(record, out _currentId);
                }
                else if (_description is not null)
                {
                    _description = null;
                }

                return;
            }
        }

        HasCurrent = false;
    }

    private static bool IsDelivered(in EtlRecord record) => record.Kind == EtlRecordKind.Event
        ? !record.Bytes.Slice(ProviderOffset, BPerfProvider.Length).SequenceEqual(BPerfProvider)
        : !(record.IsKernel && record.HookId == UndeliveredHook) && !IsShortHeader(record);

    private static bool IsShortHeader(in EtlRecord record) =>
        record.Opcode == 0 && record.Payload.Length < LeastHeaderPayload && record.ProviderId == SessionHeaderRecord.EventTraceClass;
}
