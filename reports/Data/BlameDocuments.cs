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
    IReadOnlyList<ThreadBlameRow> Threads,
    long OtherThreadsNs,
    IReadOnlyList<ChainDocument> SlowestWaits,
    IReadOnlyList<ChainDocument> LongestChains)
{
    public static BlameDocument Of(BlameSummary blame) => new(
        blame.Waits, blame.WaitTicks, blame.BlamedTicks, blame.HandOffTicks, blame.UnknownTicks, blame.WaitNs, blame.BlamedNs, blame.HandOffNs, blame.UnknownNs,
        [.. blame.Sites.Select(row => new SiteBlameDocument(row.Cause, SiteDocument.Of(row.HolderSite), SiteDocument.Of(row.WaiterSite), row.Ns, row.Parts))],
        blame.OtherSitesNs, blame.Threads, blame.OtherThreadsNs, [.. blame.SlowestWaits.Select(ChainDocument.Of)], [.. blame.LongestChains.Select(ChainDocument.Of)]);
}

internal sealed record SiteBlameDocument(BlameCause Cause, SiteDocument? HolderSite, SiteDocument? WaiterSite, long Ns, long Parts);

internal sealed record ChainDocument(long StartNs, long WaitNs, IReadOnlyList<ChainLinkDocument> Links)
{
    public static ChainDocument Of(BlockingChain chain) => new(chain.StartNs, chain.WaitNs, [.. chain.Links.Select(link => new ChainLinkDocument(
        link.WaiterThreadId, SiteDocument.Of(link.WaiterSite), link.MutexId, link.Mutex, link.HolderThreadId, SiteDocument.Of(link.HolderSite), link.WaitNs, link.BlamedNs))]);
}

internal sealed record ChainLinkDocument(
    int WaiterThreadId, SiteDocument? WaiterSite, ulong MutexId, string Mutex, int? HolderThreadId, SiteDocument? HolderSite, long WaitNs, long BlamedNs);

internal sealed record UsageDocument(
    string Name,
    SiteDocument? Site,
    int? ThreadId,
    int? ProcessId,
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
    int? TopBlamedProcessId,
    long TopBlamedNs,
    int DeepestRecursion,
    long IrqlRejections,
    long Misuses)
{
    public static UsageDocument Of(UsageRow row) => new(
        row.Name, SiteDocument.Of(row.Site), row.ThreadId, row.ProcessId, row.Acquires, row.Contended, row.Failed, row.Wait.TotalNs, row.Wait.P50Ns, row.Wait.P99Ns,
        row.Wait.MaxNs, row.Hold.Count, row.Hold.TotalNs, row.Hold.P50Ns, row.Hold.P99Ns, row.Hold.MaxNs, row.HeldPercent, row.BlamedNs, SiteDocument.Of(row.TopBlamedSite),
        row.TopBlamedThreadId, row.TopBlamedProcessId, row.TopBlamedNs, row.DeepestRecursion, row.IrqlRejections, row.Misuses);
}
