using System.Globalization;
using System.Text.Json;

namespace Tracing.Reports.Traces;

/// <summary>
/// Writes the JSON that chrome://tracing, Perfetto and others open: complete and instant events, named threads, flow events.
/// </summary>
/// <remarks>
/// Source: "Trace Event Format", catapult project. Times there are microseconds; three decimals keep the nanoseconds. The format knows processes and threads only: each
/// track is a thread with a number of its own, and the mutexes are the threads of a process of their own.
/// </remarks>
public sealed class ChromeTrace : ITraceWriter
{
    private const int MutexProcess = int.MaxValue;
    private const int FirstFreeThread = 0x4000_0000;
    private const int BytesBetweenFlushes = 1 << 16;

    private readonly Utf8JsonWriter _json;
    private readonly Dictionary<int, (int Process, int Thread)> _places = [];

    /// <summary>A trace that is written to a stream, which stays open.</summary>
    public ChromeTrace(Stream output)
    {
        _json = new Utf8JsonWriter(output);
        _json.WriteStartObject();
        _json.WriteString("displayTimeUnit", "ns");
        _json.WriteStartArray("traceEvents");
    }

    /// <inheritdoc/>
    public void Define(TraceTrack track)
    {
        ArgumentNullException.ThrowIfNull(track);
        (int process, int thread) = (track.ProcessId ?? MutexProcess, track.ThreadId ?? FirstFreeThread + track.Id);
        _places[track.Id] = (process, thread);
        WriteName(track.Parent == 0 && track.ThreadId is null ? "process_name" : "thread_name", process, thread, track.Name);
    }

    /// <inheritdoc/>
    public void Add(in TraceSlice slice)
    {
        (int process, int thread) = _places[slice.Track];
        Begin("X", slice.Name, process, thread, slice.FromNs);
        Microseconds("dur", slice.ToNs - slice.FromNs);
        End(slice.Site, slice.Note);
        if (slice.FlowOut != 0)
        {
            // An arrow belongs to the slice in which its time lies.
            WriteFlow("s", slice.FlowOut, process, thread, Math.Max(slice.FromNs, slice.ToNs - 1));
        }

        if (slice.FlowIn != 0)
        {
            WriteFlow("f", slice.FlowIn, process, thread, slice.FromNs);
        }

        FlushSometimes();
    }

    /// <inheritdoc/>
    public void Add(in TraceMark mark)
    {
        (int process, int thread) = _places[mark.Track];
        Begin("i", mark.Name, process, thread, mark.AtNs);
        _json.WriteString("s", "t");
        End(mark.Site, mark.Note);
        FlushSometimes();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Dispose();
    }

    private void WriteName(string what, int process, int thread, string name)
    {
        Begin("M", what, process, thread, 0);
        _json.WriteStartObject("args");
        _json.WriteString("name", name);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void WriteFlow(string phase, ulong flow, int process, int thread, long timeNs)
    {
        Begin(phase, "hand-off", process, thread, timeNs);
        _json.WriteString("id", flow.ToString("x", CultureInfo.InvariantCulture));
        if (phase == "f")
        {
            _json.WriteString("bp", "e");
        }

        _json.WriteEndObject();
    }

    private void Begin(string phase, string name, int process, int thread, long timeNs)
    {
        _json.WriteStartObject();
        _json.WriteString("ph", phase);
        _json.WriteString("name", name);
        _json.WriteString("cat", "lock");
        _json.WriteNumber("pid", process);
        _json.WriteNumber("tid", thread);
        Microseconds("ts", timeNs);
    }

    private void End(string site, string note)
    {
        _json.WriteStartObject("args");
        if (site.Length > 0)
        {
            _json.WriteString("site", site);
        }

        if (note.Length > 0)
        {
            _json.WriteString("note", note);
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void FlushSometimes()
    {
        if (_json.BytesPending > BytesBetweenFlushes)
        {
            _json.Flush();
        }
    }

    private void Microseconds(string name, long nanoseconds) => _json.WriteNumber(name, nanoseconds / 1000m);
}
