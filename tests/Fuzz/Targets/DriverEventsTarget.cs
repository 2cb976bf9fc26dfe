using Tracing.Analysis.Reading;
using Tracing.Analyzer.Tests.Files;
using Tracing.Etl;
using Tracing.Events;
using Tracing.Fuzz.Mutation;
using Tracing.Reports.Data;
using Tracing.Reports.Html;
using Tracing.Reports.Model;
using Tracing.Reports.Text;

namespace Tracing.Fuzz.Targets;

/// <summary>Payloads of the driver's events, through decoders and analysis to every form of the report.</summary>
internal sealed class DriverEventsTarget : FuzzTarget
{
    // The page with its pictures takes a hundred times what all the rest does.
    private const int PagesEvery = 16;

    public override string Name => "driver-events";

    // Batches between the threads of the analysis, histograms, and the pictures of a page of HTML.
    public override long AllocationLimit => 64 << 20;

    protected override FuzzSeed[] MakeSeeds() => [FuzzSeed.OfTrace(Run().Build()), FuzzSeed.OfTrace(Run().Rejected(1_000_090, 5, 1, 2, 2, 1, 9).Stopped(1_000_100, 1, 128).Build())];

    public override bool Read(byte[] input)
    {
        if (!TraceReading.TryOpen(input, out EtlFile? file))
        {
            return false;
        }

        using (file)
        {
            LockReport report = TraceReader.Read(file!);
            JsonReport.Write(report, Stream.Null);
            TextReport.Write(report, new TextStyle(), TextWriter.Null);
            if (input[^1] % PagesEvery == 0)
            {
                HtmlReport.Write(report, Stream.Null);
            }

            char[] line = new char[1 << 16];
            foreach (EtlRecord record in file!.ReadInTimeOrder())
            {
                if (record.ProviderId == KMutexProvider.Id && KMutexEventTable.Find(record.Id) is { } description)
                {
                    _ = EventListing.TryFormat(description, record.Payload, record.PointerSize, line, out _);
                }
            }
        }

        return true;
    }

    private static TraceBuilder Run() => new TraceBuilder()
        .Started(1_000_001)
        .Site(1_000_002, 9, 42, "a.cs", "Lock")
        .Allocated(1_000_003, 1, "One", 9)
        .Allocated(1_000_004, 2, "Two")
        .Acquired(1_000_010, 5, 1, 1, 1_000_010)
        .Blocked(1_000_011, 6, 1, 1_000_011)
        .Acquired(1_000_012, 5, 2, 1, 1_000_012)
        .Released(1_000_014, 5, 2, 1, 1_000_012, 1_000_014)
        .Released(1_000_020, 5, 1, 1, 1_000_010, 1_000_020)
        .Acquired(1_000_021, 6, 1, 2, 1_000_021, 1_000_011)
        .Released(1_000_050, 6, 1, 2, 1_000_021, 1_000_050)
        .Freed(1_000_060, 2, 1, 1, 0, 0, 0, 0);
}
