using CsCheck;
using Tracing.Analysis.Reading;
using Tracing.Analyzer.Tests.Files;
using Tracing.Analyzer.Tests.Naive;
using Tracing.Analyzer.Tests.Scripting;
using Tracing.Etl;
using Tracing.Reports.Data;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>On which processor a record was written, in which buffer and in which file of the recording, is chance: it must not be seen in a report.</summary>
public sealed class PlacementTests
{
    private static readonly Gen<TraceBuilder.Placement> Placements = Gen.Select(Gen.Int[1, 6], Gen.Int[1, 4], Gen.Int, (processors, files, seed) => new TraceBuilder.Placement(processors, files, seed));

    [Fact]
    public void The_report_is_the_same_to_the_tick_wherever_records_were_written() => Gen.Select(RandomRecording.Cases, Placements).Sample(
        (test, placement) =>
        {
            List<LockEvent> events = Recorded(test);
            if (events.Count == 0)
            {
                return;
            }

            TraceBuilder trace = RandomRecording.Write(events);
            Assert.Equal(Report([trace.Build()]), Report(trace.Build(placement)));
        },
        iter: 1000);

    /// <summary>The processor of a switch or an interrupt is no chance: it says who was interrupted. Its buffer and its file are.</summary>
    [Fact]
    public void So_is_what_holders_did() => Gen.Select(RandomRecording.Cases, Placements).Sample(
        (test, placement) =>
        {
            List<LockEvent> events = Recorded(test);
            if (events.Count == 0)
            {
                return;
            }

            TraceBuilder trace = Schedule(RandomRecording.Write(events), events, new Random(test.Seed));
            Assert.Equal(Report([trace.Build()]), Report(trace.Build(placement)));
        },
        iter: 300);

    [Theory]
    [InlineData("T1 alloc-failed bytes=64 site=4", "T2 alloc-failed bytes=64 site=5")]
    [InlineData("T1 misuse m1 kind=1 site=4", "T1 misuse m1 kind=1 site=5")]
    [InlineData("T1 reject m1 irql=2 max=1 site=4", "T1 reject m1 irql=2 max=1 site=5")]
    [InlineData("T1 fail m2 req=1030", "T3 fail m4 req=1030")]
    public void Of_two_that_come_at_one_time_it_does_not_matter_which_is_read_first(string one, string other)
    {
        const string before = """
            t=1001 T1 site id=4 line=40 file=a/Job.cs member=Work
            t=1001 T1 site id=5 line=40 file=b/Job.cs member=Work
            t=1010 T1 acquire m1 seq=1
            t=1010 T2 acquire m2 seq=1
            t=1010 T3 acquire m3 seq=1
            t=1010 T4 acquire m4 seq=1
            t=1020 T2 block m1 owner=1 ownerSeq=1
            t=1020 T4 block m3 owner=3 ownerSeq=1
            t=1030 T1 block m2 owner=2 ownerSeq=1
            t=1030 T3 block m4 owner=4 ownerSeq=1
            """;

        LockReport report = Script.Run($"{before}\nt=1100 {one}\nt=1100 {other}");
        Assert.Equal(2, report.Deadlocks.Count);
        Assert.Equal(JsonReport.ToText(report), JsonReport.ToText(Script.Run($"{before}\nt=1100 {other}\nt=1100 {one}")));
    }

    /// <summary>Both give up, one a little before the other, and both events come at one time.</summary>
    [Theory]
    [InlineData("T1 fail m2 req=1020 at=1090 reason=2", "T2 fail m1 req=1030 at=1095 reason=1", DeadlockEnd.Alerted, 60)]
    [InlineData("T1 fail m2 req=1020 at=1095 reason=2", "T2 fail m1 req=1030 at=1095 reason=1", DeadlockEnd.TimedOut, 65)]
    public void Who_gave_up_first_ended_a_deadlock_whichever_is_read_first(string one, string other, DeadlockEnd end, long lasted)
    {
        const string before = """
            t=1010 T1 acquire m1 seq=1
            t=1010 T2 acquire m2 seq=1
            t=1020 T1 block m2 owner=2 ownerSeq=1
            t=1030 T2 block m1 owner=1 ownerSeq=1
            """;

        foreach (string both in (string[])[$"t=1100 {one}\nt=1100 {other}", $"t=1100 {other}\nt=1100 {one}"])
        {
            Deadlock deadlock = Assert.Single(Script.Run($"{before}\n{both}").Deadlocks);
            Assert.Equal((end, lasted, 1), (deadlock.End, deadlock.LastedNs, deadlock.Count));
        }
    }

    /// <summary>Holds of one mutex are compared with those next to them in number: one that is put between two that were next to each other is found late or early.</summary>
    [Fact]
    public void Of_two_releases_that_come_at_one_time_it_does_not_matter_which_is_read_first()
    {
        const string before = "t=1100 T1 release m1 seq=1 acq=1010";
        const string one = "t=1200 T2 release m1 seq=2 acq=1110 at=1120";
        const string other = "t=1200 T3 release m1 seq=3 acq=1130";

        string report = JsonReport.ToText(Script.Run($"{before}\n{one}\n{other}", Script.Lossy));
        Assert.Equal(report, JsonReport.ToText(Script.Run($"{before}\n{other}\n{one}", Script.Lossy)));
    }

    /// <summary>Both come equally near to the opposite order, and one of them is named.</summary>
    [Fact]
    public void Of_two_lock_orders_that_end_at_one_time_it_does_not_matter_which_is_read_first()
    {
        const string before = """
            t=1001 T1 alloc m1 label=Disk
            t=1001 T1 alloc m2 label=Net
            t=1001 T1 alloc m3 label=Disk
            t=1001 T1 alloc m4 label=Net
            t=1100 T2 acquire m2 seq=1 site=1
            t=1101 T2 acquire m1 seq=1 site=2
            t=1102 T2 release m1 seq=1 acq=1101
            t=1103 T2 release m2 seq=1 acq=1100
            t=1110 T1 acquire m1 seq=2 site=3
            t=1110 T3 acquire m3 seq=1 site=4
            t=1115 T1 acquire m2 seq=2 site=5
            t=1115 T3 acquire m4 seq=1 site=6
            """;
        const string one = "t=1200 T1 release m1 seq=2 acq=1110";
        const string other = "t=1200 T3 release m3 seq=1 acq=1110";

        LockReport report = Script.Run($"{before}\n{one}\n{other}", Script.Lossy);
        Assert.Single(report.PossibleDeadlocks);
        Assert.Equal(JsonReport.ToText(report), JsonReport.ToText(Script.Run($"{before}\n{other}\n{one}", Script.Lossy)));
    }

    /// <summary>
    /// The events. Where some are missing, an acquire by another thread is all that shows that a lock is not held any more: of two events of one time, it matters then
    /// which is read first, so that only one of them is left.
    /// </summary>
    private static List<LockEvent> Recorded(RandomRecording test)
    {
        List<LockEvent> events = test.Recorded(TraceBuilder.StartTicks);
        return test.DropPercent == 0 ? events : [.. events.DistinctBy(one => one.Time)];
    }

    /// <summary>Adds switches between the threads, waits that end, and interrupts on two processors, at times at which nothing else happens.</summary>
    private static TraceBuilder Schedule(TraceBuilder trace, List<LockEvent> events, Random random)
    {
        HashSet<long> taken = [.. events.Select(one => one.Time)];
        int[] threads = [0, .. events.Select(one => one.Thread).Distinct()];
        int[] running = [0, 0];
        for (long time = TraceBuilder.StartTicks + 1; time < events[^1].Time; time += 1 + random.Next(60))
        {
            if (!taken.Contains(time))
            {
                int processor = random.Next(running.Length);
                int thread = threads[random.Next(threads.Length)];
                switch (random.Next(3))
                {
                    case 0:
                        trace.Record(time, KernelRecords.Switch(time, thread, running[processor], (byte)(random.Next(2) == 0 ? 1 : 5)), processor);
                        running[processor] = thread;
                        break;
                    case 1:
                        trace.Record(time, KernelRecords.Ready(time, thread), processor);
                        break;
                    default:
                        trace.Record(time, KernelRecords.DeferredCall(time, time - random.Next(40)), processor);
                        break;
                }
            }
        }

        return trace;
    }

    /// <summary>The report as JSON, without the names of files, the header records of each, and places in them.</summary>
    private static string Report(byte[][] files)
    {
        using EtlRecording recording = EtlRecording.Of([.. files.Select(bytes => EtlFile.Open(bytes, "t.etl"))]);
        LockReport report = TraceReader.Read(recording, ReadingOptions.Default, null, TestContext.Current.CancellationToken);
        return JsonReport.ToText(report with
        {
            Trace = report.Trace with { Files = [], EventsRead = report.Trace.EventsRead - files.Length },
            Oddities = [.. report.Oddities.Select(oddity => oddity with { FirstOffset = -1 })],
        });
    }
}
