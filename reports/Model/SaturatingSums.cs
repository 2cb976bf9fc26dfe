namespace Tracing.Reports.Model;

/// <summary>Sums that stay at the greatest number instead of turning negative: what is added up comes out of traces.</summary>
public static class SaturatingSums
{
    /// <summary>The sum of an amount over parts; 0 for none.</summary>
    public static long SaturatingSum<T>(this IEnumerable<T> parts, Func<T, long> amount) =>
        Saturate(parts.Aggregate(Int128.Zero, (sum, part) => sum + amount(part)));

    /// <summary>A sum, or the greatest number in the place of a greater one.</summary>
    internal static long Saturate(Int128 sum) => (long)Int128.Min(long.MaxValue, sum);
}
