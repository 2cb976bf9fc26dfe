namespace Tracing.Reports.Traces;

/// <summary>
/// Writes a trace that ui.perfetto.dev and trace_processor open: TrackDescriptor and TrackEvent packets of one sequence, names interned.
/// </summary>
/// <remarks>
/// Source of the field numbers: google/perfetto, protos/perfetto/trace, trace.proto, trace_packet.proto, track_event/*.proto and interned_data.proto. The readers sort by
/// time, so that slices may be written when they are known, which is at their end.
/// </remarks>
public sealed class PerfettoTrace : ITraceWriter
{
    private const int Packet = 1;
    private const int PacketTimestamp = 8;
    private const int PacketSequence = 10;
    private const int PacketTrackEvent = 11;
    private const int PacketInternedData = 12;
    private const int PacketSequenceFlags = 13;
    private const int PacketTrackDescriptor = 60;

    private const ulong IncrementalStateCleared = 1;
    private const ulong NeedsIncrementalState = 2;
    private const ulong TheSequence = 1;

    private const int EventAnnotations = 4;
    private const int EventType = 9;
    private const int EventNameIid = 10;
    private const int EventTrack = 11;
    private const int EventName = 23;
    private const int EventFlows = 47;
    private const int EventTerminatingFlows = 48;
    private const ulong SliceBegin = 1;
    private const ulong SliceEnd = 2;
    private const ulong Instant = 3;

    private const int InternedEventNames = 2;

    // Names are those of mutexes and threads. A hostile trace may have any number of them: what is beyond the bound is written out.
    private const int MostNames = 1 << 16;

    private readonly Stream _output;
    private readonly Dictionary<string, ulong> _names = [];
    private readonly ProtobufMessage _trace = new();
    private readonly ProtobufMessage _packet = new();
    private readonly ProtobufMessage _event = new();
    private readonly ProtobufMessage _part = new();
    private bool _begun;

    /// <summary>A trace that is written to a stream, which stays open.</summary>
    public PerfettoTrace(Stream output) => _output = output;

    /// <inheritdoc/>
    public void Define(TraceTrack track)
    {
        ArgumentNullException.ThrowIfNull(track);
        _event.Clear().Add(1, (ulong)track.Id).Add(2, track.Name);
        if (track is { ProcessId: int process, ThreadId: int thread })
        {
            _event.Add(4, _part.Clear().Add(1, (uint)process).Add(2, (uint)thread).Add(5, track.Name));
        }
        else if (track is { ProcessId: int of, Parent: 0 })
        {
            _event.Add(3, _part.Clear().Add(1, (uint)of).Add(6, track.Name));
        }

        if (track.Parent != 0)
        {
            _event.Add(5, (ulong)track.Parent);
        }

        Write(Begin().Add(PacketTrackDescriptor, _event));
    }

    /// <inheritdoc/>
    public void Add(in TraceSlice slice)
    {
        ProtobufMessage packet = Begin(SliceBegin, slice.Track, slice.FromNs, slice.Name, slice.Site, slice.Note);
        if (slice.FlowOut != 0)
        {
            _event.AddFixed64(EventFlows, slice.FlowOut);
        }

        if (slice.FlowIn != 0)
        {
            _event.AddFixed64(EventTerminatingFlows, slice.FlowIn);
        }

        Write(packet.Add(PacketTrackEvent, _event));
        Write(Begin().Add(PacketTimestamp, (ulong)slice.ToNs).Add(PacketTrackEvent, _event.Clear().Add(EventType, SliceEnd).Add(EventTrack, (ulong)slice.Track)));
    }

    /// <inheritdoc/>
    public void Add(in TraceMark mark) =>
        Write(Begin(Instant, mark.Track, mark.AtNs, mark.Name, mark.Site, mark.Note).Add(PacketTrackEvent, _event));

    /// <inheritdoc/>
    public void Dispose() => _output.Flush();

    private ProtobufMessage Begin()
    {
        _packet.Clear().Add(PacketSequence, TheSequence).Add(PacketSequenceFlags, NeedsIncrementalState | (_begun ? 0 : IncrementalStateCleared));
        _begun = true;
        return _packet;
    }

    /// <summary>A packet with the time, and the event that is to be added to it.</summary>
    private ProtobufMessage Begin(ulong type, int track, long atNs, string name, string site, string note)
    {
        ProtobufMessage packet = Begin().Add(PacketTimestamp, (ulong)atNs);
        _event.Clear().Add(EventType, type).Add(EventTrack, (ulong)track);
        AddName(name, packet);
        Annotate("site", site);
        Annotate("note", note);
        return packet;
    }

    private void AddName(string name, ProtobufMessage packet)
    {
        if (!_names.TryGetValue(name, out ulong number) && _names.Count < MostNames)
        {
            number = (ulong)_names.Count + 1;
            _names.Add(name, number);
            var interned = new ProtobufMessage();
            packet.Add(PacketInternedData, interned.Add(InternedEventNames, _part.Clear().Add(1, number).Add(2, name)));
        }

        if (number != 0)
        {
            _event.Add(EventNameIid, number);
        }
        else
        {
            _event.Add(EventName, name);
        }
    }

    private void Annotate(string name, string text)
    {
        if (text.Length > 0)
        {
            _event.Add(EventAnnotations, _part.Clear().Add(10, name).Add(6, text));
        }
    }

    private void Write(ProtobufMessage packet) => _output.Write(_trace.Clear().Add(Packet, packet).Bytes);
}
