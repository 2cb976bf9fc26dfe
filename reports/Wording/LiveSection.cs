using System.Globalization;
using Tracing.Reports.Model;

namespace Tracing.Reports.Wording;

/// <summary>Mutexes that are live at the end, by label, allocation site and class.</summary>
internal static class LiveSection
{
    public static IEnumerable<ReportSection> Of(LockReport report)
    {
        if (report.LiveMutexes.Count > 0)
        {
            yield return new ReportSection(
                "live", "Live at the end",
                [
                    new("mutex", ColumnKind.Name), new("class", ColumnKind.Word), new("site", ColumnKind.Word), new("count"), new("bytes"), new("oldest"),
                    new("last used"), new("held"),
                ],
                [.. LiveGroup.Group(report.LiveMutexes).Select(group => (IReadOnlyList<string>)
                [
                    group.Name, ClassName(group.Class), group.Site?.Short ?? "-", HumanCount.Format(group.Count), HumanCount.Format(group.Bytes),
                    Age(group.OldestNs), Age(group.LastUsedNs), HumanCount.Format(group.Held),
                ])],
                [.. Notes(report)]);
        }
    }

    /// <summary>A class in words.</summary>
    public static string ClassName(LiveClass liveClass) => liveClass switch
    {
        LiveClass.InUse => "in use",
        LiveClass.Idle => "idle",
        LiveClass.Stuck => "stuck",
        LiveClass.Growing => "growing",
        LiveClass.Doubtful => "doubtful",
        _ => "leaked",
    };

    private static IEnumerable<string> Notes(LockReport report)
    {
        foreach (LiveGrowth growth in report.Growth.Where(growth => growth.Rises).Take(3))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{growth.Site?.Short ?? "An unknown site"}: {growth.PerSecond:0.##} more live per second, {HumanCount.Format(growth.Allocations)} allocated and {HumanCount.Format(growth.Frees)} freed.");
        }

        if (report.Trace.Rundown is RundownState.Absent or RundownState.Incomplete)
        {
            yield return "Without a complete rundown, mutexes that were born before the recording and not used in it are not known.";
        }
    }

    private static string Age(long? ns) => ns is long age ? HumanDuration.Format(age) : "-";
}
