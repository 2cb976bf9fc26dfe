using Tracing.Analysis.Comparing;

namespace Tracing.Analyzer.Tests.Comparing;

public sealed class StudentTTests
{
    // Two-sided critical values: NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2.
    [Theory]
    [InlineData(1, 0.05, 12.706)]
    [InlineData(2, 0.05, 4.303)]
    [InlineData(10, 0.05, 2.228)]
    [InlineData(10, 0.01, 3.169)]
    [InlineData(24, 0.05, 2.064)]
    [InlineData(24, 0.002, 3.467)]
    [InlineData(100, 0.05, 1.984)]
    public void Critical_values_are_those_of_the_tables(int degrees, double chance, double value)
    {
        Assert.Equal(value, StudentT.QuantileOfTwoSidedTail(chance, degrees), 3);
        Assert.Equal(chance, StudentT.TwoSidedTail(value, degrees), 4);
    }

    // With one degree of freedom it is Cauchy's distribution, whose tail is known in closed form.
    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(3)]
    [InlineData(1e6)]
    public void One_degree_of_freedom_is_Cauchys_distribution(double t) =>
        Assert.Equal(1 - (2 / Math.PI * Math.Atan(t)), StudentT.TwoSidedTail(t, 1), 12);

    [Fact]
    public void What_is_infinitely_far_away_never_happens() => Assert.Equal(0, StudentT.TwoSidedTail(double.PositiveInfinity, 5));
}
