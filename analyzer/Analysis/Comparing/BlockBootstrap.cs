namespace Tracing.Analysis.Comparing;

/// <summary>
/// How much a ratio of sums over time (all waiting over all waits: the mean wait) would scatter from recording to recording of the same workload, judged from one.
/// </summary>
/// <remarks>
/// <para>Lock events are no independent draws: a slow moment makes many waits slow. So whole runs of neighbouring blocks of time are drawn, with replacement, until a
/// recording of the same length is put together, and the ratio is taken of that; the spread over many such recordings is the standard error (the circular block
/// bootstrap). The length of a run grows with the cube root of the number of blocks.</para>
/// <para>Source: H. R. Künsch, "The jackknife and the bootstrap for general stationary observations", Annals of Statistics 17 (1989); D. N. Politis and J. P. Romano, "A
/// circular block-resampling procedure for stationary data" (1992). What it cannot see is what differs between two runs and not within one.</para>
/// </remarks>
internal static class BlockBootstrap
{
    /// <summary>The fewest blocks from which a spread is judged.</summary>
    public const int FewestBlocks = 24;

    /// <summary>The fewest of them in which there must have been something.</summary>
    public const int FewestUsedBlocks = 12;

    private const int Resamples = 1000;

    /// <summary>The ratio and its standard error; null when there is too little to judge from.</summary>
    /// <param name="numerators">A sum for each block of time.</param>
    /// <param name="denominators">A count for each.</param>
    /// <param name="random">Where the draws come from.</param>
    public static Estimate? Run(ReadOnlySpan<double> numerators, ReadOnlySpan<double> denominators, ref SplitMix random)
    {
        int blocks = denominators.Length;
        int used = denominators.Length - denominators.Count(0.0);
        if (blocks < FewestBlocks || used < FewestUsedBlocks)
        {
            return null;
        }

        int run = Math.Max(2, (int)Math.Round(Math.Cbrt(blocks)));
        int runs = blocks / run;
        double[] numeratorRuns = SumsOfRuns(numerators, run);
        double[] denominatorRuns = SumsOfRuns(denominators, run);
        double ratio = Sum(numerators) / Sum(denominators);
        double sum = 0;
        double squares = 0;
        int taken = 0;
        for (int i = 0; i < Resamples; i++)
        {
            double numerator = 0;
            double denominator = 0;
            for (int j = 0; j < runs; j++)
            {
                int start = random.Next(blocks);
                numerator += numeratorRuns[start];
                denominator += denominatorRuns[start];
            }

            // Runs in which nothing happened alone make no recording with a ratio.
            if (denominator > 0)
            {
                double deviation = (numerator / denominator) - ratio;
                sum += deviation;
                squares += deviation * deviation;
                taken++;
            }
        }

        double mean = sum / taken;
        double variance = Math.Max(0, (squares / taken) - (mean * mean));

        // Drawing with replacement from n runs underestimates the variance by (n - 1) / n.
        return new Estimate(ratio, Math.Sqrt(variance * runs / (runs - 1)), runs);
    }

    /// <summary>For each block, the sum over the run that begins with it; runs go on at the front beyond the end.</summary>
    private static double[] SumsOfRuns(ReadOnlySpan<double> values, int run)
    {
        double[] sums = new double[values.Length];
        for (int i = 0; i < sums.Length; i++)
        {
            for (int j = 0; j < run; j++)
            {
                sums[i] += values[(i + j) % values.Length];
            }
        }

        return sums;
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum;
    }

    /// <summary>A ratio and how it scatters.</summary>
    /// <param name="Ratio">The ratio.</param>
    /// <param name="Error">Its standard error.</param>
    /// <param name="Runs">How many independent runs of blocks it rests on.</param>
    internal readonly record struct Estimate(double Ratio, double Error, int Runs);
}

/// <summary>A small generator of random numbers whose numbers are the same everywhere and for ever: SplitMix64, after G. Steele, D. Lea and C. Flood (2014).</summary>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from 0 to below the limit.</summary>
    public int Next(int limit)
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)Math.BigMul(mixed ^ (mixed >> 31), (ulong)limit, out _);
    }
}
