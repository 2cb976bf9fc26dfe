using Tracing.Reports.Model;

namespace Tracing.Analysis.Comparing;

/// <summary>Tests one measure of one class: how far the two recordings are apart, in units of what chance does.</summary>
internal static class MeasureTest
{
    private const double OutsideOfInterval = 0.05;

    // Any number will do; one is chosen so that the same recordings give the same report.
    private const ulong Seed = 20_261_128;

    public static MeasureComparison Run(ComparedMeasure measure, IReadOnlyList<ActivityBlock> before, IReadOnlyList<ActivityBlock> after)
    {
        var comparison = new MeasureComparison { Measure = measure, Before = ValueOf(measure, before), After = ValueOf(measure, after) };
        var random = new SplitMix(Seed);
        if (Estimate(measure, before, ref random) is not BlockBootstrap.Estimate first || Estimate(measure, after, ref random) is not BlockBootstrap.Estimate second)
        {
            return comparison;
        }

        double difference = second.Ratio - first.Ratio;
        double error = Math.Sqrt((first.Error * first.Error) + (second.Error * second.Error));
        int degrees = Math.Min(first.Runs, second.Runs) - 1;
        double margin = error * StudentT.QuantileOfTwoSidedTail(OutsideOfInterval, degrees);
        return comparison with
        {
            Tested = true,
            LowDifference = difference - margin,
            HighDifference = difference + margin,
            PValue = difference == 0 ? 1 : StudentT.TwoSidedTail(Math.Abs(difference) / error, degrees),
        };
    }

    private static BlockBootstrap.Estimate? Estimate(ComparedMeasure measure, IReadOnlyList<ActivityBlock> blocks, ref SplitMix random)
    {
        // The last block may be cut short, but a ratio does not mind.
        double[] numerators = [.. blocks.Select(block => Terms(measure, block).Numerator)];
        double[] denominators = [.. blocks.Select(block => Terms(measure, block).Denominator)];
        return BlockBootstrap.Run(numerators, denominators, ref random);
    }

    private static double? ValueOf(ComparedMeasure measure, IReadOnlyList<ActivityBlock> blocks)
    {
        double denominator = blocks.Sum(block => Terms(measure, block).Denominator);
        return denominator == 0 ? null : blocks.Sum(block => Terms(measure, block).Numerator) / denominator;
    }

    private static (double Numerator, double Denominator) Terms(ComparedMeasure measure, in ActivityBlock block) => measure switch
    {
        ComparedMeasure.MeanWait => (block.WaitNs, block.Waits),
        ComparedMeasure.MeanHold => (block.HoldNs, block.Holds),
        ComparedMeasure.ContendedPercent => (100.0 * block.Contended, block.Acquires),
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "No such measure."),
    };
}
