namespace Tracing.Analyzer.Tests.Comparing;

/// <summary>Random series as a machine makes them.</summary>
internal static class Noise
{
    /// <summary>A number of the standard normal distribution, by the method of Box and Muller.</summary>
    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>A series of variance 1 in which each value keeps a share of the one before it.</summary>
    public static double[] Autocorrelated(Random random, int length, double kept)
    {
        double[] values = new double[length];
        double value = Normal(random);
        for (int i = 0; i < length; i++)
        {
            value = (kept * value) + (Math.Sqrt(1 - (kept * kept)) * Normal(random));
            values[i] = value;
        }

        return values;
    }
}
