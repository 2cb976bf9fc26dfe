using Tracing.Reports.Model;

namespace Tracing.Reports.Wording;

/// <summary>Wrong uses that the driver itself saw, threads that ended while they held a mutex, and allocations that failed.</summary>
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
                    row.Mutex, row.Site?.Short ?? "-", report.Names.OfThread(row.ThreadId) ?? "-", HumanDuration.Format(row.FirstNs),
                    HumanCount.Format(row.Count),
                ])],
                ["Their owners ended while they held them: what they guard may be half changed."]);
        }

        if (report.AllocationFailures.Count > 0)
        {
            yield return new ReportSection(
                "allocation-failures", "Allocations that failed",
                [new("site", ColumnKind.Name), new("kind", ColumnKind.Word), new("bytes"), new("first"), new("times")],
                [.. report.AllocationFailures.Select(row => (IReadOnlyList<string>)
                [
                    row.Site?.Short ?? "-", row.Kind, HumanCount.Format(row.Bytes), HumanDuration.Format(row.FirstNs), HumanCount.Format(row.Count),
                ])],
                []);
        }
    }
}
