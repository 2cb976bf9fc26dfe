using Tracing.Reports.Model;

namespace Tracing.Reports.Wording;

/// <summary>How a table of mutexes marks numbers that do not come from one event for each acquire.</summary>
internal static class CountSourceWords
{
    /// <summary>What the marks mean; below a table that has one.</summary>
    public const string Legend = "(c) counted by the driver's own counters. (w) only acquires that waited were recorded.";

    /// <summary>The mark; empty where every acquire was recorded.</summary>
    public static string Mark(CountSource source) => source switch
    {
        CountSource.Counters => "(c)",
        CountSource.ContendedEvents => "(w)",
        _ => "",
    };
}
