using Tracing.Analysis.Blame;
using Tracing.Analysis.Durations;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Results;

/// <summary>Makes the rows of call sites, threads and processes. Equal sites of several loads of the driver are one.</summary>
internal sealed class UsageRows(IReadOnlyList<DriverLoad> loads, TickScale scale)
{
    public IReadOnlyList<UsageRow> BySite()
    {
        foreach (DriverLoad load in loads)
        {
            Blame(load);
        }

        return UsageRow.Rank(loads.SelectMany(load => load.Sites.All).Where(site => IsUsed(site)).GroupBy(site => site.Site)
            .Select(same => Make(Merge(same)) with { Name = same.Key?.Short ?? "(no site)", Site = same.Key }));
    }

    // Threads and processes are many, and nobody merges recordings by them: they go without the buckets.
    public IReadOnlyList<UsageRow> ByThread() => UsageRow.Rank(Threads().GroupBy(thread => (thread.Id, thread.ProcessId))
        .Select(same => WithoutBuckets(Make(Merge(same))) with
        {
            Name = $"thread {same.Key.Id}",
            ThreadId = same.Key.Id,
            ProcessId = same.Key.ProcessId,
        }));

    public IReadOnlyList<UsageRow> ByProcess() => UsageRow.Rank(Threads().GroupBy(thread => thread.ProcessId)
        .Select(same => WithoutBuckets(Make(Merge(same))) with { Name = $"process {same.Key}", ProcessId = same.Key }));

    private IEnumerable<ThreadLedger> Threads() => loads.SelectMany(load => load.Threads.All).Where(thread => IsUsed(thread));

    private static bool IsUsed(Usage usage) => usage.Acquires + usage.Failed + usage.Rejections + usage.Misuses + usage.Holds.Count + usage.Holds.Censored > 0;

    private static void Blame(DriverLoad load)
    {
        foreach (ThreadLedger thread in load.Threads.All)
        {
            thread.Blamed = load.Blame.BlamedOn(thread.Index);
        }

        foreach (MutexLedger mutex in load.Mutexes)
        {
            foreach (BlameTable.Row row in mutex.Division?.Sites.Rows.Where(row => row.Holder >= 0) ?? [])
            {
                load.Sites.All[row.Holder].Blamed += row.Ticks;
            }
        }
    }

    private static Usage Merge(IEnumerable<Usage> usages)
    {
        var sum = new Usage();
        foreach (Usage usage in usages)
        {
            sum.Merge(usage);
        }

        return sum;
    }

    private UsageRow Make(Usage usage) => new()
    {
        Name = "",
        Acquires = usage.Acquires,
        Contended = usage.Contended,
        Failed = usage.Failed,
        Wait = DurationSummaries.Summarize(usage.Waits, scale),
        Hold = DurationSummaries.Summarize(usage.Holds, scale),
        BlamedNs = scale.ToNanoseconds(usage.Blamed),
        IrqlRejections = usage.Rejections,
        Misuses = usage.Misuses,
        DeepestRecursion = usage.DeepestRecursion,
    };

    private static UsageRow WithoutBuckets(UsageRow row) =>
        row with { Wait = row.Wait with { Histogram = [] }, Hold = row.Hold with { Histogram = [] } };
}
