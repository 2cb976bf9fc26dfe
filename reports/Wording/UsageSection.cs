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
        bool isShared = by == UsageBy.Thread;
        return new ReportSection(
            "usage", title,
            [
                new(name, ColumnKind.Name), new("acquires"), new("waited"), new("wait"), .. isShared ? (IEnumerable<SectionColumn>)[] : [new("p99")], new("max"), new("held"),
                .. isShared ? (IEnumerable<SectionColumn>)[new("held %")] : [], new("hold max"), new("blamed"),
                new("waits for", ColumnKind.Word),
            ],
            [.. rows.Select(row => (IReadOnlyList<string>)
            [
                NameOf(row, report.Names), HumanCount.Format(row.Acquires), HumanCount.Format(row.Contended),
                HumanDuration.Format(row.Wait.TotalNs), .. isShared ? (IEnumerable<string>)[] : [HumanDuration.Format(row.Wait.P99Ns)],
                HumanDuration.Format(row.Wait.MaxNs), HumanDuration.Format(row.Hold.TotalNs), .. isShared ? (IEnumerable<string>)[Held(row)] : [],
                HumanDuration.Format(row.Hold.MaxNs), HumanDuration.Format(row.BlamedNs), WaitsFor(row, report.Names),
            ])],
            by != UsageBy.CallSite && report.Recordings.Count > 0
                ? ["Numbers of threads and processes mean nothing in another recording: report on each by itself."]
                : ["Blamed: for how long others waited while it was held from here."]);
    }

    private static string NameOf(UsageRow row, ThreadNames names) =>
        names.OfThread(row.ThreadId) ?? names.OfProcess(row.ProcessId) ?? row.Name;

    /// <summary>A thread's share of the time held.</summary>
    public static string Held(UsageRow row) => row.HeldPercent?.ToString("0.0", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>The place, the thread, or the process, that these waited for most.</summary>
    public static string WaitsFor(UsageRow row, ThreadNames names) =>
        names.OfThread(row.TopBlamedThreadId) ?? names.OfProcess(row.TopBlamedProcessId) ?? row.TopBlamedSite?.Short ?? "-";
}
