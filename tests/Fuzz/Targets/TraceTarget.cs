using Tracing.Etl;
using Tracing.Fuzz.Mutation;

namespace Tracing.Fuzz.Targets;

/// <summary>Whole traces: headers of buffers and records, lengths, offsets, extended items.</summary>
internal sealed class TraceTarget : FuzzTarget
{
    public override string Name => "trace";

    // Three passes, each at most the limits' 1 MiB to merge and one buffer for each worker of the census; its tables; sentences.
    public override long AllocationLimit => 8 << 20;

    protected override FuzzSeed[] MakeSeeds()
    {
        byte[] plain = TraceSeeds.OfAllKinds();
        return
        [
            FuzzSeed.OfTrace(plain),
            FuzzSeed.OfTrace([.. plain, .. plain]),
            FuzzSeed.OfTrace(TraceSeeds.OfAllKinds(compress: true)),
            FuzzSeed.OfTrace(TraceSeeds.OfAllKinds(pointerSize: 4)),
            FuzzSeed.OfTrace(TraceSeeds.OfTraceLogging()),
        ];
    }

    public override bool Read(byte[] input)
    {
        if (!TraceReading.TryOpen(input, out EtlFile? file))
        {
            return false;
        }

        using (file)
        {
            long records = TraceReading.Count(file!.ReadInTimeOrder());
            EtlCensus census = file.TakeCensus();

            // Streams that the merge has no room for are counted all the same.
            if (file.Oddities.CountOf(EtlOddityKind.LimitReached) == 0)
            {
                TraceReading.Agree(records, census.Records, "Records of the census and of the timeline");
            }

            TraceReading.Agree(census.Records, census.Providers.Sum(provider => provider.Records) + census.UnnamedRecords, "Records by provider");
            long problems = file.Oddities.Problems;
            EtlFilter range = new() { From = file.Header.StartTicks + 5, Until = file.Header.StartTicks + 25 };
            if (TraceReading.Count(file.ReadInTimeOrder(range)) > records)
            {
                throw new FuzzFindingException("More records in a range of time than in all.");
            }

            TraceReading.Agree(problems, file.Oddities.Problems, "Problems after reading again");
            _ = file.Oddities.Sum(oddity => oddity.Sentence.Length);
        }

        return true;
    }
}
