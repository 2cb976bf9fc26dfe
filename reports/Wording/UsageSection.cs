using System.Globalization;
using Tracing.Reports.Model;

namespace Tracing.Reports.Wording;

/// <summary>The use of locks by call site, thread or process: who waited, who held, and who made others wait.</summary>
internal static class UsageSection
{
    public static ReportSection Of(LockReport report, UsageBy by)
    {
        (string title, string name, IReadOnlyList<UsageRow> rows) = by switch
        {
            UsageBy.CallSite => ("Call sites", "acquired at", report.BySite),
            UsageBy.Thread => ("Threads", "thread", report.ByThread),
            UsageBy.Process => ("Processes", "process", report.ByProcess),
            _ => throw new ArgumentOutOfRangeException(nameof(by), by, "No such grouping."),
        };
        return new ReportSection(
            "usage", title,
            [
                new(name, ColumnKind.Name), new("acquires"), new("waited"), new("%"), new("wait total"), new("wait p99"), new("wait max"), new("held"), new("hold max"),
                new("blamed"), .. by == UsageBy.Process ? (IEnumerable<SectionColumn>)[] : [new("waits for", ColumnKind.Word)],
            ],
            [.. rows.Select(row => (IReadOnlyList<string>)
            [
                row is { ThreadId: int thread } ? report.Names.OfThread(thread) : row.Name, HumanCount.Format(row.Acquires), HumanCount.Format(row.Contended),
                row.ContendedPercent.ToString("0.0", CultureInfo.InvariantCulture), HumanDuration.Format(row.Wait.TotalNs), HumanDuration.Format(row.Wait.P99Ns),
                HumanDuration.Format(row.Wait.MaxNs), HumanDuration.Format(row.Hold.TotalNs), HumanDuration.Format(row.Hold.MaxNs), HumanDuration.Format(row.BlamedNs),
                .. by == UsageBy.Process ? (IEnumerable<string>)[] : [WaitsFor(row, report.Names)],
            ])],
            by != UsageBy.CallSite && report.Recordings.Count > 0
                ? ["Numbers of threads and processes mean nothing in another recording: report on each by itself."]
                : ["Blamed: for how long others waited while it was held from here."]);
    }

    /// <summary>The place, or the thread, that these waited for most.</summary>
    public static string WaitsFor(UsageRow row, ThreadNames names) =>
        row.TopBlamedThreadId is int thread ? names.OfThread(thread) : row.TopBlamedSite?.Short ?? "-";
}
