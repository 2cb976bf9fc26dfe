using System.Text;
using Tracing.Fuzz.Mutation;
using Tracing.Reports.Gate;

namespace Tracing.Fuzz.Targets;

/// <summary>The rules of <c>--fail-on</c>.</summary>
internal sealed class GateTarget : FuzzTarget
{
    private static readonly string[] Kinds = ["contention", "leak", "irql-rejection"];

    private static readonly string[] Rules =
        ["max wait > 60s; irql-rejections > 0; misuses > 0", "new findings", "p99.9 hold(One) >= 1.5ms; leaks > 0", "new leaks; max wait(#7) > 20us"];

    public override string Name => "gate";

    public override long AllocationLimit => 1 << 20;

    protected override FuzzSeed[] MakeSeeds() =>
        [.. Rules.Select(FuzzSeed.OfText)];

    public override bool Read(byte[] input)
    {
        try
        {
            _ = GateParser.Parse(Encoding.UTF8.GetString(input), Kinds);
            return true;
        }
        catch (GateFormatException)
        {
            return false;
        }
    }
}
