using System.Text.Json;
using Tracing.Reports.Traces;

namespace Tracing.Reports.Tests.Traces;

/// <summary>The rules are those of "Trace Event Format": every event has ph, pid, tid, ts and name; X has dur, s and f have id, i has s, M has args.name.</summary>
public sealed class ChromeTraceTests
{
    private const string Format = """
        {
          "type": "object", "required": ["traceEvents"],
          "properties": {
            "displayTimeUnit": { "enum": ["ms", "ns"] },
            "traceEvents": { "type": "array", "items": { "$ref": "#/$defs/event" } }
          },
          "$defs": {
            "event": {
              "type": "object", "required": ["ph", "name", "pid", "tid", "ts"],
              "properties": {
                "ph": { "enum": ["M", "X", "s", "f", "i"] },
                "name": { "type": "string" },
                "cat": { "type": "string" },
                "pid": { "type": "integer", "minimum": 0 },
                "tid": { "type": "integer", "minimum": 0 },
                "ts": { "type": "number", "minimum": 0 },
                "dur": { "type": "number", "minimum": 0 },
                "id": { "type": "string" },
                "bp": { "enum": ["e"] },
                "s": { "enum": ["g", "p", "t"] },
                "args": { "type": "object" }
              }
            }
          }
        }
        """;

    [Fact]
    public void Tracks_slices_and_arrows_are_events_of_the_format()
    {
        JsonElement[] events = Write();

        Assert.Equal(["M", "M", "M", "M", "X", "s", "X", "f", "i"], events.Select(one => one.GetProperty("ph").GetString()));
        Assert.Equal(
            ["process_name Mutexes", "thread_name Queue #1", "process_name process 4", "thread_name thread 11"],
            events.Take(4).Select(one => $"{one.GetProperty("name").GetString()} {one.GetProperty("args").GetProperty("name").GetString()}"));
        JsonElement hold = events[4];
        Assert.Equal(("held", 1.5m, 2.25m), (hold.GetProperty("name").GetString(), hold.GetProperty("ts").GetDecimal(), hold.GetProperty("dur").GetDecimal()));
        Assert.Equal("Queue.cs:118", hold.GetProperty("args").GetProperty("site").GetString());
        Assert.Equal((events[0].GetProperty("pid").GetInt32(), events[1].GetProperty("tid").GetInt32()), (hold.GetProperty("pid").GetInt32(), hold.GetProperty("tid").GetInt32()));
        Assert.Equal((4, 11), (events[6].GetProperty("pid").GetInt32(), events[6].GetProperty("tid").GetInt32()));
    }

    [Fact]
    public void A_mark_is_an_instant_of_its_thread()
    {
        JsonElement mark = Write()[^1];

        Assert.Equal(
            ("Lock refused", "t", 4.5m, 11), (mark.GetProperty("name").GetString(), mark.GetProperty("s").GetString(), mark.GetProperty("ts").GetDecimal(), mark.GetProperty("tid").GetInt32()));
        Assert.Equal("Queue #1", mark.GetProperty("args").GetProperty("note").GetString());
    }

    [Fact]
    public void An_arrow_lies_within_the_slices_that_it_joins()
    {
        JsonElement[] events = Write();
        (JsonElement from, JsonElement to) = (events[5], events[7]);

        Assert.Equal(from.GetProperty("id").GetString(), to.GetProperty("id").GetString());
        Assert.InRange(from.GetProperty("ts").GetDecimal(), 1.5m, 3.75m);
        Assert.InRange(to.GetProperty("ts").GetDecimal(), 4m, 5m);
    }

    private static JsonElement[] Write()
    {
        using var buffer = new MemoryStream();
        using (var trace = new ChromeTrace(buffer))
        {
            trace.Define(new TraceTrack(1, "Mutexes", null, null, 0));
            trace.Define(new TraceTrack(2, "Queue #1", null, null, 1));
            trace.Define(new TraceTrack(3, "process 4", 4, null, 0));
            trace.Define(new TraceTrack(4, "thread 11", 4, 11, 3));
            trace.Add(new TraceSlice(2, 1500, 3750, "held", "Queue.cs:118", "", FlowOut: 99));
            trace.Add(new TraceSlice(4, 4000, 5000, "Queue #1", "", "gave up", FlowIn: 99));
            trace.Add(new TraceMark(4, 4500, "Lock refused", "", "Queue #1"));
        }

        using JsonDocument schema = JsonDocument.Parse(Format);
        JsonElement root = JsonDocument.Parse(buffer.ToArray()).RootElement;
        Assert.Empty(SchemaCheck.Validate(schema.RootElement, root));
        return [.. root.GetProperty("traceEvents").EnumerateArray()];
    }
}
