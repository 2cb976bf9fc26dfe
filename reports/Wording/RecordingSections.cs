using System.Globalization;
using Tracing.Reports.Model;

namespace Tracing.Reports.Wording;

/// <summary>The recordings that a report was merged from, one line each.</summary>
internal static class RecordingSections
{
    public static IEnumerable<ReportSection> Of(LockReport report)
    {
        if (report.Recordings.Count > 0)
        {
            yield return new ReportSection(
                "recordings", "Recordings",
                [new("files", ColumnKind.Name), new("trust", ColumnKind.Word), new("duration"), new("acquires"), new("waited"), new("wait total"), new("hold total"), new("findings")],
                [.. report.Recordings.Select(one => (IReadOnlyList<string>)
                [
                    string.Join(", ", one.Trace.Files.Select(Path.GetFileName)), one.Trace.Grade.ToString(), HumanDuration.Format(one.Trace.DurationNs),
                    HumanCount.Format(one.Mutexes.SaturatingSum(mutex => mutex.Acquires)), HumanCount.Format(one.Mutexes.SaturatingSum(mutex => mutex.Contended)),
                    HumanDuration.Format(one.AllWaits.TotalNs), HumanDuration.Format(one.AllHolds.TotalNs),
                    one.Findings.Count.ToString(CultureInfo.InvariantCulture),
                ])],
                [
                    "Below, mutexes of one label, allocation site and build are one, whatever recording they are in.",
                    "Threads, processes, the slowest waits and the timeline have a meaning within one recording only: they are in the report on each.",
                ]);
        }
    }
}
