using Tracing.Etl;
using Tracing.Fuzz.Mutation;

namespace Tracing.Fuzz.Targets;

/// <summary>Compressed streams: XPRESS, LZNT1, XPRESS with Huffman.</summary>
internal sealed class CompressedTarget : FuzzTarget
{
    public override string Name => "compressed";

    public override long AllocationLimit => 8 << 20;

    protected override FuzzSeed[] MakeSeeds() =>
        [FuzzSeed.OfTrace(TraceSeeds.OfAllKinds(compress: true)), FuzzSeed.OfTrace(TraceSeeds.Packed(2)), FuzzSeed.OfTrace(TraceSeeds.Packed(4))];

    public override bool Read(byte[] input)
    {
        if (!TraceReading.TryOpen(input, out EtlFile? file))
        {
            return false;
        }

        using (file)
        {
            _ = TraceReading.Count(file!.ReadInTimeOrder());
        }

        return true;
    }
}
