using Tracing.Analysis.Blame;
using Tracing.Analysis.Durations;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Results;

/// <summary>Makes the rows of call sites, threads and processes. Equal sites of several loads of the driver are one.</summary>
/// <param name="loads">The loads.</param>
/// <param name="scale">From ticks to nanoseconds.</param>
/// <param name="timedNs">For how long holds were recorded; 0 for not at all.</param>
internal sealed class UsageRows(IReadOnlyList<DriverLoad> loads, TickScale scale, long timedNs)
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
        }).Select(row => row with { HeldPercent = timedNs == 0 ? null : 100.0 * ((double)row.Hold.TotalNs + row.Hold.Censored.AtLeastTotalNs) / timedNs }));

    public IReadOnlyList<UsageRow> ByProcess()
    {
        Dictionary<int, (int Holder, UInt128 Ticks)> tops = loads
            .SelectMany(load => load.Blame.ThreadPairs.Rows.Select(row => (Waiter: load.Threads.All[row.Waiter].ProcessId, Holder: load.Threads.All[row.Holder].ProcessId, row.Ticks)))
            .GroupBy(pair => (pair.Waiter, pair.Holder), pair => pair.Ticks, (pair, ticks) => (pair.Waiter, pair.Holder, Ticks: ticks.Aggregate((sum, one) => sum + one)))
            .GroupBy(pair => pair.Waiter).ToDictionary(same => same.Key, same => same.OrderByDescending(pair => pair.Ticks).ThenBy(pair => pair.Holder).Select(pair => (pair.Holder, pair.Ticks)).First());
        return UsageRow.Rank(Threads().GroupBy(thread => thread.ProcessId).Select(same =>
        {
            UsageRow row = WithoutBuckets(Make(Merge(same))) with { Name = $"process {same.Key}", ProcessId = same.Key };
            return tops.TryGetValue(same.Key, out (int Holder, UInt128 Ticks) top) ? row with { TopBlamedProcessId = top.Holder, TopBlamedNs = scale.ToNanoseconds(top.Ticks) } : row;
        }));
    }

    private IEnumerable<ThreadLedger> Threads() => loads.SelectMany(load => load.Threads.All).Where(thread => IsUsed(thread));

    private static bool IsUsed(Usage usage) => usage.Acquires + usage.Failed + usage.Rejections + usage.Misuses + usage.Holds.Count + usage.Holds.Censored > 0;

    private static void Blame(DriverLoad load)
    {
        foreach (ThreadLedger thread in load.Threads.All)
        {
            thread.Blamed = load.Blame.BlamedOn(thread.Index);
        }

        foreach (MutexLedger mutex in load.WaitedFor)
        {
            foreach (BlameTable.Row row in mutex.Division!.Sites.Rows.Where(row => row.Holder >= 0))
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
