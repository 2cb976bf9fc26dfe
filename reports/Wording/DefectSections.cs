using Tracing.Reports.Model;

namespace Tracing.Reports.Wording;

/// <summary>Wrong uses that the driver itself saw.</summary>
internal static class DefectSections
{
    public static IEnumerable<ReportSection> Of(LockReport report)
    {
        if (report.Misuses.Count > 0)
        {
            yield return new ReportSection(
                "misuse", "Misuse",
                [new("mutex", ColumnKind.Name), new("what", ColumnKind.Word), new("site", ColumnKind.Word), new("thread"), new("first"), new("times")],
                [.. report.Misuses.Select(row => (IReadOnlyList<string>)
                [
                    row.Mutex, row.Kind, row.Site?.Short ?? "-", report.Names.OfThread(row.ThreadId), HumanDuration.Format(row.FirstNs),
                    HumanCount.Format(row.Count),
                ])],
                []);
        }
    }
}
