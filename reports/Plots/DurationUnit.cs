namespace Tracing.Reports.Plots;

/// <summary>Chooses the unit of an axis.</summary>
internal static class DurationUnit
{
    /// <summary>The unit in which the longest duration of an axis is a number between 1 and 1,000, where there is one.</summary>
    public static (long Nanoseconds, string Name) Of(long longestNs) => longestNs switch
    {
        >= 1_000_000_000 => (1_000_000_000, "s"),
        >= 1_000_000 => (1_000_000, "ms"),
        >= 1_000 => (1_000, "us"),
        _ => (1, "ns"),
    };
}
