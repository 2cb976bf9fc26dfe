using CsCheck;
using Tracing.Analysis.Reading;
using Tracing.Analyzer.Tests.Files;
using Tracing.Analyzer.Tests.Naive;
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
            List<LockEvent> events = test.Recorded(TraceBuilder.StartTicks);
            if (events.Count == 0)
            {
                return;
            }

            TraceBuilder trace = RandomRecording.Write(events);
            Assert.Equal(Report([trace.Build()]), Report(trace.Build(placement)));
        },
        iter: 1000);

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
