using System.Globalization;
using System.Text;
using CsCheck;
using Tracing.Analysis.Exporting;
using Tracing.Analysis.Reading;
using Tracing.Analyzer.Tests.Files;
using Tracing.Etl;
using Tracing.Etl.Kernel;
using Tracing.Etl.Tests;
using Tracing.Reports.Model;
using Tracing.Reports.Traces;

namespace Tracing.Analyzer.Tests;

/// <summary>The slices of an export, as <c>track: name from-to note</c>, times in ticks since the start of the recording.</summary>
public sealed class ExportTests
{
    private const long T = TraceBuilder.StartTicks;
    private const long NsPerTick = 100;

    [Fact]
    public void A_hold_is_on_the_track_of_the_mutex_and_of_the_thread_and_a_wait_on_that_of_the_thread()
    {
        (Recorder trace, _) = Export(new TraceBuilder()
            .Allocated(T + 10, mutex: 1, label: "Queue")
            .Acquired(T + 100, 11, mutex: 1, sequence: 1, acquiredAt: T + 100)
            .Blocked(T + 120, 12, mutex: 1, requestedAt: T + 120)
            .Released(T + 200, 11, mutex: 1, sequence: 1, acquiredAt: T + 100, releasedAt: T + 200, waiters: 1)
            .Acquired(T + 205, 12, mutex: 1, sequence: 2, acquiredAt: T + 203, requestedAt: T + 120)
            .Released(T + 300, 12, mutex: 1, sequence: 2, acquiredAt: T + 203, releasedAt: T + 300));

        Assert.Equal(
            [
                "Queue #1: held by thread 11 100-200", "thread 11 holds: Queue #1 100-200", "thread 12: wait for Queue #1 120-203", "Queue #1: held by thread 12 203-300",
                "thread 12 holds: Queue #1 203-300",
            ],
            trace.Lines);
        TraceSlice[] arrows = [.. trace.Slices.Where(slice => slice.FlowIn != 0 || slice.FlowOut != 0)];
        Assert.Equal(2, arrows.Length);
        Assert.Equal(arrows[0].FlowOut, arrows[1].FlowIn);
        Assert.Equal((0UL, 0UL), (arrows[0].FlowIn, arrows[1].FlowOut));
    }

    [Fact]
    public void What_is_cut_given_up_or_still_going_on_is_there_and_says_so()
    {
        (Recorder trace, _) = Export(new TraceBuilder()
            .Released(T + 50, 11, mutex: 1, sequence: 4, acquiredAt: T - 100, releasedAt: T + 50)
            .Acquired(T + 60, 11, mutex: 1, sequence: 5, acquiredAt: T + 60)
            .Blocked(T + 70, 12, mutex: 1, requestedAt: T + 70)
            .Failed(T + 90, 12, mutex: 1, requestedAt: T + 70, failedAt: T + 90)
            .Blocked(T + 95, 13, mutex: 1, requestedAt: T + 95)
            .Add(77, T + 200, 1, payload => payload.U8(0), provider: new Guid("11111111-2222-3333-4444-555555555555")));

        Assert.Equal(
            [
                "mutex #1: held by thread 11 0-50 began before the recording", "thread 11 holds: mutex #1 0-50 began before the recording",
                "thread 12: wait for mutex #1 70-90 gave up", "thread 13: wait for mutex #1 95-200 still waiting at the end",
                "mutex #1: held by thread 11 60-200 still held at the end", "thread 11 holds: mutex #1 60-200 still held at the end",
            ],
            trace.Lines);
    }

    [Fact]
    public void Refused_calls_misuse_and_abandoned_mutexes_are_marks_on_the_track_of_the_thread()
    {
        const byte AbandonedFlag = 0x10;
        (Recorder trace, _) = Export(new TraceBuilder()
            .Allocated(T + 10, mutex: 1, label: "Queue")
            .Rejected(T + 20, 11, mutex: 1, operation: 2, irql: 2, maximum: 1, site: 0)
            .Rejected(T + 25, 12, mutex: 0, operation: 1, irql: 5, maximum: 2, site: 0)
            .Add(21, T + 30, 12, payload => payload.U64(1).U8(2).U32(11).U16(1).U32(0).U64(T + 30))
            .Add(11, T + 40, 12, payload => payload.U64(1).U64(7).U16(1).U8(AbandonedFlag).U64(T + 40).U64(T + 40).U32(0)));

        Assert.Equal(
            [
                "thread 11: Lock refused at DISPATCH_LEVEL (2) 20 Queue #1", "thread 12: New refused at IRQL 5 25", "thread 12: misuse: ReleaseByOtherThread 30 Queue #1",
                "thread 12: Queue #1 was abandoned 40 its owner ended while it held it",
            ],
            trace.Marks);
    }

    [Fact]
    public void Threads_have_the_names_that_the_recording_tells_at_its_end_only()
    {
        (Recorder trace, _) = Export(new TraceBuilder()
            .Acquired(T + 100, 11, mutex: 1, sequence: 1, acquiredAt: T + 100)
            .Released(T + 200, 11, mutex: 1, sequence: 1, acquiredAt: T + 100, releasedAt: T + 200)
            .Record(T + 300, RecordBytes.System(
                T + 300, KernelHook.ThreadSetName, [.. BitConverter.GetBytes(4), .. BitConverter.GetBytes(11), .. Encoding.Unicode.GetBytes("worker\u001b\0")])));

        Assert.Equal(["mutex #1: held by thread 11 worker\\u001b 100-200", "thread 11 worker\\u001b holds: mutex #1 100-200"], trace.Lines);
    }

    [Fact]
    public void Holds_that_are_not_nested_get_tracks_of_their_own() => Assert.Equal(
        ["thread 11 holds", "thread 11 holds"],
        Export(new TraceBuilder()
            .Acquired(T + 10, 11, 1, 1, T + 10).Acquired(T + 20, 11, 2, 1, T + 20)
            .Released(T + 30, 11, 1, 1, T + 10, T + 30).Released(T + 40, 11, 2, 1, T + 20, T + 40)).Trace.Tracks.Values.Where(name => name == "thread 11 holds"));

    [Fact]
    public void Every_interval_of_the_report_is_a_slice_and_slices_of_a_track_never_overlap() =>
        Gen.Select(Gen.Int[1, 5], Gen.ULong[1, 3], Gen.Int[1, 300]).Array[1, 100].Sample(plan =>
        {
            var builder = new TraceBuilder();
            long at = T + 10;
            var sequences = new Dictionary<ulong, ulong>();
            foreach ((int thread, ulong mutex, int gap) in plan)
            {
                ulong sequence = sequences[mutex] = sequences.GetValueOrDefault(mutex) + 1;
                at += gap;
                builder.Acquired(at, thread, mutex, sequence, (ulong)at, requestedAt: gap % 2 == 0 ? (ulong)(at - (gap / 2)) : null)
                    .Released(at + gap, thread, mutex, sequence, (ulong)at, (ulong)(at + gap));
                at += gap % 5 == 0 ? 0 : gap;
            }

            (Recorder trace, LockReport report) = Export(builder);
            long waits = report.Mutexes.Sum(mutex => mutex.Wait.Count);
            long holds = report.Mutexes.Sum(mutex => mutex.Hold.Count);
            Assert.Equal(waits + (2 * holds), trace.Slices.Count);
            Assert.Equal(report.Mutexes.Sum(mutex => mutex.Wait.TotalNs), trace.Slices.Where(slice => slice.Name.StartsWith("wait", StringComparison.Ordinal)).Sum(slice => slice.ToNs - slice.FromNs));
            foreach (IGrouping<int, TraceSlice> track in trace.Slices.GroupBy(slice => slice.Track))
            {
                TraceSlice[] sorted = [.. track.OrderBy(slice => slice.FromNs).ThenBy(slice => slice.ToNs)];
                Assert.All(sorted.Zip(sorted.Skip(1)), pair => Assert.True(pair.First.ToNs <= pair.Second.FromNs));
            }
        });

    private static (Recorder Trace, LockReport Report) Export(TraceBuilder trace)
    {
        using EtlFile file = EtlFile.Open(trace.Build(), "t.etl");
        var recorder = new Recorder();
        LockReport report = TraceReader.Read(
            file, new ReadingOptions { Observe = (time, frequency, names) => new LockTraceExporter(time, frequency, names, recorder) }, null, TestContext.Current.CancellationToken);
        return (recorder, report);
    }

    private sealed class Recorder : ITraceWriter
    {
        public Dictionary<int, string> Tracks { get; } = [];

        public List<TraceSlice> Slices { get; } = [];

        public List<string> Marks { get; } = [];

        public IEnumerable<string> Lines => Slices.Select(slice => string.Create(
            CultureInfo.InvariantCulture, $"{Tracks[slice.Track]}: {slice.Name} {slice.FromNs / NsPerTick}-{slice.ToNs / NsPerTick} {slice.Note}").TrimEnd());

        public void Define(TraceTrack track) => Tracks.Add(track.Id, track.Name);

        public void Add(in TraceSlice slice) => Slices.Add(slice);

        public void Add(in TraceMark mark) => Marks.Add(string.Create(
            CultureInfo.InvariantCulture, $"{Tracks[mark.Track]}: {mark.Name} {mark.AtNs / NsPerTick} {mark.Note}").TrimEnd());

        public void Dispose()
        {
        }
    }
}
