using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Analysis.Findings;

/// <summary>Mutexes that leaked, grow in number, are stuck, or are just still there.</summary>
internal static class LifetimeFindings
{
    // A busy mutex is held at the end by chance, and for a moment.
    private const int ShareOfTheRecording = 100;

    public static IEnumerable<Finding> Of(LockReport report) =>
    [
        .. report.LiveMutexes.Where(mutex => mutex.Class == LiveClass.Leaked).GroupBy(mutex => (mutex.Label, mutex.Site)).Select(rows => Leaked([.. rows])).OrderByDescending(finding => finding.Numbers[1].Value),
        .. Doubtful(report),
        .. report.LiveMutexes.Where(mutex => IsStuck(mutex, report.Trace)).Select(mutex => Stuck(mutex, report.Names)),
        .. report.Growth.Where(growth => growth.Rises).Select(Growing),
        .. Live([.. report.LiveMutexes.Where(mutex => mutex.Class is LiveClass.InUse or LiveClass.Idle)], report.Trace.Grade == TrustGrade.C),
    ];

    private static Finding Leaked(LiveMutexRow[] rows)
    {
        LiveMutexRow first = rows[0];
        return new Finding(
            FindingSeverity.Error, "leak",
            Words.Text($"{Words.Count(rows.Length, "mutex", "mutexes")}{Named(first.Label)} leaked ({Bytes(rows):N0} bytes), allocated{(first.Site is null ? " at an unknown place" : Words.At(first.Site))}: still not freed when the driver unloaded."))
        {
            Subject = Words.Class(first.Label, first.Site),
            Advice = "Compare the allocation with the frees on every way out: early returns, failed initialisation, cancelled requests.",
            Numbers = [new("mutexes", rows.Length), new("bytes", (double)Bytes(rows), "bytes"), .. rows.Max(row => row.AgeNs) is long oldest ? [new FindingNumber("oldest", oldest, "ns")] : (FindingNumber[])[]],
            Site = first.Site,
        };
    }

    private static IEnumerable<Finding> Doubtful(LockReport report)
    {
        LiveMutexRow[] rows = [.. report.LiveMutexes.Where(mutex => mutex.Class == LiveClass.Doubtful)];
        long counted = Math.Max(0, (report.Trace.LiveAtUnload ?? 0) - report.LiveMutexes.LongCount(mutex => mutex.Class == LiveClass.Leaked));
        if (rows.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Warning, "leak",
                Words.Text($"The driver counted {Words.Count(counted, "live mutex", "live mutexes")} when it unloaded, and the recording has no free of {rows.Length:N0}: which of them leaked cannot be told."))
            {
                Advice = "If events are missing, record again with larger buffers or with fewer keywords beside Lifetime.",
                Numbers = [new("counted", counted), new("mutexes", rows.Length)],
                Site = rows[0].Site,
            };
        }
    }

    private static bool IsStuck(LiveMutexRow mutex, TraceSummary trace) =>
        mutex.Class == LiveClass.Stuck && (mutex.HeldForNs is null || mutex.HeldForNs >= trace.DurationNs / ShareOfTheRecording);

    private static Finding Stuck(LiveMutexRow mutex, ThreadNames names)
    {
        string since = mutex.HeldForNs is long held ? $"for {HumanDuration.Format(held)}" : "since before the recording";
        string waiters = mutex.Waiters == 0 ? "" : $", and {Words.Count(mutex.Waiters, "thread")} waited for it";
        return new Finding(
            FindingSeverity.Warning, "stuck",
            $"{mutex.Name} was still held at the end by thread {names.OfThread(mutex.OwnerThreadId ?? 0)}{Words.At(mutex.OwnerSite)}, {since}{waiters}.")
        {
            Subject = Words.Class(mutex.Label, mutex.Site),
            Advice = "Find out what that thread does: it may wait for something that never comes, or have lost the release.",
            Numbers = [.. mutex.HeldForNs is long ns ? [new FindingNumber("held", ns, "ns")] : (FindingNumber[])[], new("waiters", mutex.Waiters)],
            Site = mutex.OwnerSite ?? mutex.Site,
        };
    }

    private static Finding Growing(LiveGrowth growth) => new(
        FindingSeverity.Warning, "growing",
        Words.Text($"Ever more mutexes allocated{(growth.Site is null ? " at an unknown place" : Words.At(growth.Site))} are live: {growth.Curve[^1].Live:N0} at the end, {growth.PerSecond:0.##} more per second; {growth.Allocations:N0} were allocated and {growth.Frees:N0} freed."))
    {
        Subject = growth.Site?.Short ?? "an unknown site",
        Advice = "See which of these allocations is never freed; a cache needs a bound.",
        Numbers = [new("live", growth.Curve[^1].Live), new("growth", growth.PerSecond, "per-second"), new("allocations", growth.Allocations), new("frees", growth.Frees)],
        Site = growth.Site,
    };

    private static IEnumerable<Finding> Live(LiveMutexRow[] rows, bool missesEvents)
    {
        if (rows.Length == 0)
        {
            yield break;
        }

        IGrouping<SourceSite?, LiveMutexRow> most = rows.GroupBy(mutex => mutex.Site).OrderByDescending(site => site.Count()).First();
        int idle = rows.Count(mutex => mutex.Class == LiveClass.Idle);
        string doubt = missesEvents ? " As events are missing, some may have been freed." : "";
        string from = $"{(most.Count() == rows.Length ? "all" : Words.Text($"{most.Count():N0} of them"))} from {most.Key?.Short ?? "an unknown site"}";
        yield return new Finding(
            FindingSeverity.Note, "live",
            Words.Text($"{Words.Count(rows.Length, "mutex", "mutexes")} live at the end ({Bytes(rows):N0} bytes, {from}; {idle:N0} idle): in use or leaked, the recording cannot tell.{doubt}"))
        {
            Advice = "Record across an unload of the driver to learn which of them leak.",
            Numbers = [new("mutexes", rows.Length), new("bytes", (double)Bytes(rows), "bytes"), new("idle", idle)],
            Site = most.Key,
        };
    }

    private static string Named(string label) => label.Length == 0 ? "" : $" named {label}";

    private static decimal Bytes(IEnumerable<LiveMutexRow> rows) => rows.Sum(row => (decimal)row.Bytes);
}
