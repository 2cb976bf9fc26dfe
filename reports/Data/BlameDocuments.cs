using Tracing.Reports.Model;

namespace Tracing.Reports.Data;

internal sealed record BlameDocument(
    long Waits,
    long WaitTicks,
    long BlamedTicks,
    long HandOffTicks,
    long UnknownTicks,
    long WaitNs,
    long BlamedNs,
    long HandOffNs,
    long UnknownNs,
    IReadOnlyList<SiteBlameDocument> Sites,
    long OtherSitesNs,
    IReadOnlyList<ThreadBlameDocument> Threads,
    long OtherThreadsNs,
    IReadOnlyList<ChainDocument> SlowestWaits,
    IReadOnlyList<ChainDocument> LongestChains)
{
    public static BlameDocument Of(BlameSummary blame, ThreadNames names) => new(
        blame.Waits, blame.WaitTicks, blame.BlamedTicks, blame.HandOffTicks, blame.UnknownTicks, blame.WaitNs, blame.BlamedNs, blame.HandOffNs, blame.UnknownNs,
        [.. blame.Sites.Select(row => new SiteBlameDocument(row.Cause, SiteDocument.Of(row.HolderSite), SiteDocument.Of(row.WaiterSite), row.Ns, row.Parts))],
        blame.OtherSitesNs,
        [.. blame.Threads.Select(row => new ThreadBlameDocument(
            row.WaiterThreadId, names.OfThread(row.WaiterThreadId), row.HolderThreadId, names.OfThread(row.HolderThreadId), row.Ns, row.Parts))],
        blame.OtherThreadsNs, [.. blame.SlowestWaits.Select(chain => ChainDocument.Of(chain, names))],
        [.. blame.LongestChains.Select(chain => ChainDocument.Of(chain, names))]);
}

internal sealed record SiteBlameDocument(BlameCause Cause, SiteDocument? HolderSite, SiteDocument? WaiterSite, long Ns, long Parts);

internal sealed record ThreadBlameDocument(int WaiterThreadId, string Waiter, int HolderThreadId, string Holder, long Ns, long Parts);

internal sealed record ChainDocument(long StartNs, long WaitNs, IReadOnlyList<ChainLinkDocument> Links)
{
    public static ChainDocument Of(BlockingChain chain, ThreadNames names) => new(chain.StartNs, chain.WaitNs, [.. chain.Links.Select(link => new ChainLinkDocument(
        link.WaiterThreadId, names.OfThread(link.WaiterThreadId), SiteDocument.Of(link.WaiterSite), link.MutexId, link.Mutex, link.HolderThreadId,
        names.OfThread(link.HolderThreadId), SiteDocument.Of(link.HolderSite), link.WaitNs, link.BlamedNs))]);
}

internal sealed record ChainLinkDocument(
    int WaiterThreadId, string Waiter, SiteDocument? WaiterSite, ulong MutexId, string Mutex, int? HolderThreadId, string? Holder, SiteDocument? HolderSite, long WaitNs, long BlamedNs);

internal sealed record UsageDocument(
    string Name,
    SiteDocument? Site,
    int? ThreadId,
    string? Thread,
    int? ProcessId,
    string? Process,
    long Acquires,
    long Contended,
    long Failed,
    long WaitTotalNs,
    long WaitP50Ns,
    long WaitP99Ns,
    long WaitMaxNs,
    long HoldCount,
    long HoldTotalNs,
    long HoldP50Ns,
    long HoldP99Ns,
    long HoldMaxNs,
    double? HeldPercent,
    long BlamedNs,
    SiteDocument? TopBlamedSite,
    int? TopBlamedThreadId,
    string? TopBlamedThread,
    int? TopBlamedProcessId,
    string? TopBlamedProcess,
    long TopBlamedNs,
    int DeepestRecursion,
    long IrqlRejections,
    long Misuses)
{
    public static UsageDocument Of(UsageRow row, ThreadNames names) => new(
        row.Name, SiteDocument.Of(row.Site), row.ThreadId, names.OfThread(row.ThreadId), row.ProcessId, names.OfProcess(row.ProcessId), row.Acquires, row.Contended, row.Failed, row.Wait.TotalNs, row.Wait.P50Ns, row.Wait.P99Ns,
        row.Wait.MaxNs, row.Hold.Count, row.Hold.TotalNs, row.Hold.P50Ns, row.Hold.P99Ns, row.Hold.MaxNs, row.HeldPercent, row.BlamedNs, SiteDocument.Of(row.TopBlamedSite),
        row.TopBlamedThreadId, names.OfThread(row.TopBlamedThreadId), row.TopBlamedProcessId, names.OfProcess(row.TopBlamedProcessId), row.TopBlamedNs, row.DeepestRecursion, row.IrqlRejections, row.Misuses);
}
