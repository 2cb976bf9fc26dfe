using CsCheck;
using Tracing.Reports.Traces;

namespace Tracing.Reports.Tests.Traces;

/// <summary>
/// Field numbers are those of google/perfetto: trace.proto (packet 1), trace_packet.proto (timestamp 8, trusted_packet_sequence_id 10, track_event 11, interned_data 12,
/// sequence_flags 13, track_descriptor 60), track_descriptor.proto (uuid 1, name 2, process 3, thread 4, parent_uuid 5), process_descriptor.proto (pid 1, process_name 6),
/// thread_descriptor.proto (pid 1, tid 2, thread_name 5), track_event.proto (debug_annotations 4, type 9, name_iid 10, track_uuid 11, flow_ids 47, terminating_flow_ids 48),
/// interned_data.proto (event_names 2: iid 1, name 2), debug_annotation.proto (name 10, string_value 6).
/// </summary>
public sealed class PerfettoTraceTests
{
    private static readonly Gen<TraceSlice> Slices =
        from track in Gen.Int[1, 3]
        from start in Gen.Long[0, long.MaxValue / 2]
        from length in Gen.Long[0, 1_000_000_000]
        from name in Gen.String[Gen.Char.AlphaNumeric, 0, 20]
        from site in Gen.String[Gen.Char['\u0001', '\u9fff'], 0, 20]
        from flow in Gen.ULong
        select new TraceSlice(track, start, start + length, name, site, "", flow, flow / 3);

    [Fact]
    public void Tracks_say_what_they_are()
    {
        Protobuf[] tracks = [.. Write(
            [
                new TraceTrack(1, "Mutexes", null, null, 0), new TraceTrack(2, "Queue #1", null, null, 1), new TraceTrack(3, "process 4", 4, null, 0),
                new TraceTrack(4, "thread 11", 4, 11, 3), new TraceTrack(5, "thread 11 holds", 4, null, 3),
            ],
            []).Select(packet => packet.Message(60)!)];

        Assert.Equal([1UL, 2, 3, 4, 5], tracks.Select(track => track.Number(1)!.Value));
        Assert.Equal(["Mutexes", "Queue #1", "process 4", "thread 11", "thread 11 holds"], tracks.Select(track => track.Text(2)));
        Assert.Equal([null, 1UL, null, 3, 3], tracks.Select(track => track.Number(5)));
        Assert.Equal((4UL, "process 4"), (tracks[2].Message(3)!.Number(1)!.Value, tracks[2].Message(3)!.Text(6)));
        Protobuf thread = tracks[3].Message(4)!;
        Assert.Equal((4UL, 11UL, "thread 11"), (thread.Number(1)!.Value, thread.Number(2)!.Value, thread.Text(5)));
        Assert.All([tracks[0], tracks[1], tracks[4]], track => Assert.Empty(track.Fields.Intersect([3, 4])));
    }

    [Fact]
    public void Any_slice_is_a_begin_and_an_end_on_its_track_with_the_name_the_place_and_the_arrows() => Slices.Array[1, 30].Sample(slices =>
    {
        Protobuf[] packets = [.. Write([], slices)];

        Assert.Equal(2 * slices.Length, packets.Length);
        var names = new Dictionary<ulong, string>();
        for (int i = 0; i < packets.Length; i++)
        {
            // One sequence; the first packet clears what was interned, and every one needs it from then on.
            Assert.Equal(1UL, packets[i].Number(10));
            Assert.Equal(i == 0 ? 3UL : 2, packets[i].Number(13));
            foreach (Protobuf name in packets[i].Message(12)?.Messages(2) ?? [])
            {
                Assert.True(names.TryAdd(name.Number(1)!.Value, name.Text(2)!));
            }

            TraceSlice slice = slices[i / 2];
            Protobuf one = packets[i].Message(11)!;
            Assert.Equal((ulong)slice.Track, one.Number(11));
            if (i % 2 == 0)
            {
                Assert.Equal((1UL, (ulong)slice.FromNs), (one.Number(9)!.Value, packets[i].Number(8)!.Value));
                Assert.Equal(slice.Name, names[one.Number(10)!.Value]);
                Assert.Equal(slice.Site.Length == 0 ? [] : [("site", slice.Site)], one.Messages(4).Select(note => (note.Text(10), note.Text(6))));
                Assert.Equal(slice.FlowOut == 0 ? null : slice.FlowOut, one.Number(47));
                Assert.Equal(slice.FlowIn == 0 ? null : slice.FlowIn, one.Number(48));
            }
            else
            {
                Assert.Equal((2UL, (ulong)slice.ToNs), (one.Number(9)!.Value, packets[i].Number(8)!.Value));
            }
        }
    });

    [Fact]
    public void A_mark_is_an_instant_on_its_track()
    {
        using var buffer = new MemoryStream();
        using (var trace = new PerfettoTrace(buffer))
        {
            trace.Add(new TraceMark(4, 4500, "Lock refused", "Queue.cs:118", "Queue #1"));
        }

        Protobuf packet = Assert.Single(Protobuf.Parse(buffer.ToArray()).Messages(1));
        Protobuf mark = packet.Message(11)!;
        Assert.Equal((4500UL, 3UL, 4UL), (packet.Number(8)!.Value, mark.Number(9)!.Value, mark.Number(11)!.Value));
        Assert.Equal("Lock refused", packet.Message(12)!.Message(2)!.Text(2));
        Assert.Equal([("site", "Queue.cs:118"), ("note", "Queue #1")], mark.Messages(4).Select(note => (note.Text(10), note.Text(6))));
    }

    private static IEnumerable<Protobuf> Write(TraceTrack[] tracks, TraceSlice[] slices)
    {
        using var buffer = new MemoryStream();
        using (var trace = new PerfettoTrace(buffer))
        {
            Array.ForEach(tracks, trace.Define);
            Array.ForEach(slices, slice => trace.Add(slice));
        }

        return Protobuf.Parse(buffer.ToArray()).Messages(1);
    }
}
