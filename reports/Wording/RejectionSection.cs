using Tracing.Reports.Model;

namespace Tracing.Reports.Wording;

/// <summary>Calls refused because of the IRQL, by cause.</summary>
internal static class RejectionSection
{
    public static IEnumerable<ReportSection> Of(LockReport report)
    {
        if (report.IrqlRejections.Count > 0)
        {
            yield return new ReportSection(
                "rejections", "Refused because of the IRQL",
                [
                    new("mutex", ColumnKind.Name), new("operation", ColumnKind.Word), new("called at", ColumnKind.Word), new("legal up to", ColumnKind.Word),
                    new("site", ColumnKind.Word), new("times"),
                ],
                [.. report.IrqlRejections.Select(row => (IReadOnlyList<string>)
                [
                    row.Mutex.Length == 0 ? "-" : row.Mutex, row.Operation, IrqlName.Of(row.Irql), IrqlName.Of(row.MaximumIrql), row.Site?.Short ?? "-",
                    HumanCount.Format(row.Count),
                ])],
                [.. Notes(report.IrqlRejections)]);
        }
    }

    private static IEnumerable<string> Notes(IReadOnlyList<IrqlRejectionRow> rows)
    {
        yield return $"The first {HumanDuration.Format(rows.Min(row => row.FirstNs))} after the start, the last {HumanDuration.Format(rows.Max(row => row.LastNs))}.";
        if (rows.Any(row => row.RetriedWithSuccess > 0))
        {
            yield return $"{HumanCount.Format(rows.Sum(row => row.RetriedWithSuccess ?? 0))} of the calls were followed by an acquire of the same mutex by the same thread: it tried again, and lower.";
        }
    }
}
