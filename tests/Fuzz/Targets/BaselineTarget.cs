using Tracing.Analysis.Reading;
using Tracing.Etl;
using Tracing.Fuzz.Mutation;
using Tracing.Reports.Data;
using Tracing.Reports.Gate;

namespace Tracing.Fuzz.Targets;

/// <summary>The JSON of an earlier report, that a gate compares with.</summary>
internal sealed class BaselineTarget : FuzzTarget
{
    public override string Name => "baseline";

    public override long AllocationLimit => 4 << 20;

    protected override FuzzSeed[] MakeSeeds()
    {
        using EtlFile file = EtlFile.Open(new DriverEventsTarget().Seeds[1].Bytes, "seed.etl");
        return [FuzzSeed.OfText(JsonReport.ToText(TraceReader.Read(file)))];
    }

    public override bool Read(byte[] input)
    {
        try
        {
            _ = Baseline.Read(input);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
