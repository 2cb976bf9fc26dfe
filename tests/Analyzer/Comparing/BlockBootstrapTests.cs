using Tracing.Analysis.Comparing;

namespace Tracing.Analyzer.Tests.Comparing;

public sealed class BlockBootstrapTests
{
    private const int Blocks = 128;

    [Fact]
    public void A_ratio_that_never_changes_has_no_error() =>
        Assert.Equal(0, Estimate(Repeat(30), Repeat(10)).Error, 9);

    [Fact]
    public void The_ratio_is_that_of_the_sums()
    {
        double[] counts = [.. Enumerable.Range(1, Blocks).Select(i => (double)i)];
        double[] sums = [.. counts.Select(count => count * count)];

        Assert.Equal(sums.Sum() / counts.Sum(), Estimate(sums, counts).Ratio, 9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Of_independent_blocks_the_error_is_the_one_of_the_textbook(int seed)
    {
        var random = new Random(seed);
        double[] values = [.. Enumerable.Range(0, Blocks).Select(_ => 100 + Noise.Normal(random))];
        double mean = values.Average();
        double expected = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (Blocks - 1) / Blocks);

        Assert.InRange(Estimate(values, Repeat(1)).Error, expected * 0.7, expected * 1.4);
    }

    [Fact]
    public void Of_blocks_that_resemble_their_neighbours_the_error_is_greater_than_if_they_were_independent()
    {
        var random = new Random(5);
        double[] values = Noise.Autocorrelated(random, Blocks, 0.8);
        double mean = values.Average();
        double naive = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (Blocks - 1) / Blocks);

        Assert.True(Estimate(values, Repeat(1)).Error > 1.5 * naive);
    }

    [Fact]
    public void Too_little_is_not_judged()
    {
        var random = new SplitMix(1);
        Assert.Null(BlockBootstrap.Run(new double[BlockBootstrap.FewestBlocks - 1], [.. Enumerable.Repeat(1.0, BlockBootstrap.FewestBlocks - 1)], ref random));

        double[] seldom = new double[Blocks];
        seldom.AsSpan(0, BlockBootstrap.FewestUsedBlocks - 1).Fill(1);
        Assert.Null(BlockBootstrap.Run(seldom, seldom, ref random));
    }

    private static double[] Repeat(double value) => [.. Enumerable.Repeat(value, Blocks)];

    private static BlockBootstrap.Estimate Estimate(double[] numerators, double[] denominators)
    {
        var random = new SplitMix(7);
        return BlockBootstrap.Run(numerators, denominators, ref random)!.Value;
    }
}
