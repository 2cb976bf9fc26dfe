using Tracing.Fuzz.Mutation;
using Tracing.Fuzz.Running;

namespace Tracing.Fuzz;

/// <summary>A reader that breaks its promises is found out, once for each place, and by a number that makes the input again.</summary>
[Collection("Process")]
public sealed class FuzzRunTests
{
    private static readonly FuzzOptions Options = new(null, 500, 0, []);

    [Fact]
    public void What_throws_is_a_finding_that_its_number_brings_back()
    {
        ReaderOf target = new(input => input.Length > 3 && input[3] == 0xFF ? throw new InvalidOperationException("no 255 here") : true);
        FuzzRun run = new(target);
        run.Run(Options);

        Finding finding = Assert.Single(run.Findings);
        Assert.IsType<InvalidOperationException>(finding.Exception);
        Assert.Equal(finding.Input, FuzzRun.InputOf(target, finding.Number));
    }

    [Fact]
    public void What_allocates_more_than_its_limit_is_a_finding()
    {
        FuzzRun run = new(new ReaderOf(input => new byte[input.Length > 0 && input[0] == 0xFF ? 1 << 20 : 16].Length > 0));
        run.Run(Options);

        Assert.Contains("allowed", Assert.Single(run.Findings).Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_refused_is_counted_and_no_finding()
    {
        FuzzRun run = new(new ReaderOf(input => input.Length != 8));
        run.Run(Options);

        Assert.Empty(run.Findings);
        Assert.InRange(run.Refused, 1, Options.Inputs - 1);
    }

    private sealed class ReaderOf(Func<byte[], bool> read) : FuzzTarget
    {
        public override string Name => "a reader";

        public override long AllocationLimit => 1 << 16;

        public override bool Read(byte[] input) => read(input);

        protected override FuzzSeed[] MakeSeeds() => [new(new byte[8], [new Field(0, 1), new Field(2, 4)])];
    }
}
