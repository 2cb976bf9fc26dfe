using Tracing.Reports.Model;

namespace Tracing.Reports.Wording;

/// <summary>Wrong uses: those that the driver itself saw, and threads that ended while they held a mutex.</summary>
internal static class DefectSections
{
    public static IEnumerable<ReportSection> Of(LockReport report)
    {
        if (report.Misuses.Count > 0)
        {
            yield return new ReportSection(
                "misuse", "Misuse",
                [new("mutex", ColumnKind.Name), new("what", ColumnKind.Word), new("site", ColumnKind.Word), new("thread", ColumnKind.Word), new("first"), new("times")],
                [.. report.Misuses.Select(row => (IReadOnlyList<string>)
                [
                    row.Mutex, row.Kind, row.Site?.Short ?? "-", report.Names.OfThread(row.ThreadId), HumanDuration.Format(row.FirstNs),
                    HumanCount.Format(row.Count),
                ])],
                []);
        }

        if (report.Abandonments.Count > 0)
        {
            yield return new ReportSection(
                "abandoned", "Abandoned",
                [new("mutex", ColumnKind.Name), new("acquired at", ColumnKind.Word), new("thread", ColumnKind.Word), new("known"), new("times")],
                [.. report.Abandonments.Select(row => (IReadOnlyList<string>)
                [
                    row.Mutex, row.Site?.Short ?? "-", row.ThreadId is int thread ? report.Names.OfThread(thread) : "-", HumanDuration.Format(row.FirstNs),
                    HumanCount.Format(row.Count),
                ])],
                ["Their owners ended while they held them: what they guard may be half changed."]);
        }
    }
}
