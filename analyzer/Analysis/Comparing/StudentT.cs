namespace Tracing.Analysis.Comparing;

/// <summary>Student's t distribution: its tails, and the value that leaves a given tail.</summary>
/// <remarks>Source: NIST Digital Library of Mathematical Functions, sections 8.17.1 and 8.17.22 (regularized incomplete beta function and its continued fraction).</remarks>
internal static class StudentT
{
    private const int MostTerms = 500;
    private const double Tiny = 1e-300;
    private const double Precise = 1e-14;

    /// <summary>The chance that a value lies at least so far from 0, on either side.</summary>
    public static double TwoSidedTail(double t, int degrees) =>
        double.IsInfinity(t) ? 0 : RegularizedBeta(degrees / (degrees + (t * t)), degrees / 2.0, 0.5);

    /// <summary>The distance from 0 that is reached or exceeded, on either side, with the given chance.</summary>
    public static double QuantileOfTwoSidedTail(double chance, int degrees)
    {
        double low = 0;
        double high = 1;
        while (TwoSidedTail(high, degrees) > chance)
        {
            high *= 2;
        }

        for (int i = 0; i < 100; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = TwoSidedTail(middle, degrees) > chance ? (middle, high) : (low, middle);
        }

        return high;
    }

    private static double RegularizedBeta(double x, double a, double b)
    {
        if (x is <= 0 or >= 1)
        {
            return x <= 0 ? 0 : 1;
        }

        // The fraction converges fast below the mean only; above it the function is 1 less its mirror image.
        if (x > (a + 1) / (a + b + 2))
        {
            return 1 - RegularizedBeta(1 - x, b, a);
        }

        double front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x))) / a;
        return front * ContinuedFraction(x, a, b);
    }

    // Evaluated from the front by Lentz's method.
    private static double ContinuedFraction(double x, double a, double b)
    {
        double c = 1;
        double d = 1 / NotZero(1 - ((a + b) * x / (a + 1)));
        double value = d;
        for (int m = 1; m <= MostTerms; m++)
        {
            double even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / NotZero(1 + (even * d));
            c = NotZero(1 + (even / c));
            value *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / NotZero(1 + (odd * d));
            c = NotZero(1 + (odd / c));
            value *= d * c;
            if (Math.Abs((d * c) - 1) < Precise)
            {
                break;
            }
        }

        return value;
    }

    private static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;

    // Stirling's series, after lifting the argument to where it is precise: NIST DLMF 5.11.1 and 5.5.1.
    private static double LogGamma(double x)
    {
        double lifted = 0;
        while (x < 10)
        {
            lifted -= Math.Log(x);
            x++;
        }

        double inverse = 1 / x;
        double square = inverse * inverse;
        double series = inverse * ((1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square / 1680))))));
        return lifted + ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + series;
    }
}
