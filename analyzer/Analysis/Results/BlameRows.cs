using System.Runtime.InteropServices;
using Tracing.Analysis.Blame;
using Tracing.Analysis.Durations;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Results;

/// <summary>Makes the summary of who made whom wait, over all mutexes.</summary>
internal sealed class BlameRows(IReadOnlyList<DriverLoad> loads, MutexNames names, TickScale scale, TraceTime time)
{
    // What a reader can take in, and more; the rest is in the sums.
    private const int MostSitePairs = 1000;
    private const int MostThreadPairs = 1000;
    private const int MostSlowest = 20;

    private readonly Dictionary<(BlameCause Cause, SourceSite? Holder, SourceSite? Waiter), (UInt128 Ticks, long Parts)> _sites = [];
    private UInt128 _waits;
    private UInt128 _blamed;
    private UInt128 _handedOff;
    private UInt128 _notKnown;
    private UInt128 _otherSites;
    private long _count;

    public BlameSummary Make()
    {
        foreach (DriverLoad load in loads)
        {
            foreach (MutexLedger mutex in load.WaitedFor)
            {
                Add(mutex, mutex.Division!, load.Sites.All);
            }
        }

        SiteBlameRow[] sites = [.. _sites
            .Select(pair => new SiteBlameRow(pair.Key.Cause, pair.Key.Holder, pair.Key.Waiter, scale.ToNanoseconds(pair.Value.Ticks), pair.Value.Parts))
            .OrderByDescending(row => row.Ns).ThenByDescending(row => row.Parts).ThenBy(row => row.Cause)
            .ThenBy(row => row.HolderSite?.Short, StringComparer.Ordinal).ThenBy(row => row.WaiterSite?.Short, StringComparer.Ordinal)
            .ThenBy(row => row.HolderSite, SourceSite.Order).ThenBy(row => row.WaiterSite, SourceSite.Order)];
        (ThreadBlameRow Row, UInt128 Ticks)[] threads = [.. loads.SelectMany(load => load.Blame.ThreadPairs.Rows.Select(row => Make(row, load)))
            .OrderByDescending(pair => pair.Ticks).ThenBy(pair => pair.Row.WaiterThreadId).ThenBy(pair => pair.Row.HolderThreadId)];
        UInt128 otherThreads = loads.Aggregate(UInt128.Zero, (sum, load) => sum + load.Blame.UnsplitThreads + load.Blame.ThreadPairs.Other)
            + threads.Skip(MostThreadPairs).Aggregate(UInt128.Zero, (sum, pair) => sum + pair.Ticks);
        BlockingChain[] chains = [.. loads.SelectMany(load => load.Blame.Slowest.All.Select(link => Make(link, load)))
            .OrderByDescending(chain => chain.WaitNs).ThenBy(chain => chain.StartNs).ThenBy(chain => chain.Links[0].WaiterThreadId)];
        return new BlameSummary
        {
            Waits = _count,
            WaitTicks = Saturate(_waits),
            BlamedTicks = Saturate(_blamed),
            HandOffTicks = Saturate(_handedOff),
            UnknownTicks = Saturate(_notKnown),
            WaitNs = scale.ToNanoseconds(_waits),
            BlamedNs = scale.ToNanoseconds(_blamed),
            HandOffNs = scale.ToNanoseconds(_handedOff),
            UnknownNs = scale.ToNanoseconds(_notKnown),
            Sites = [.. sites.Take(MostSitePairs)],
            OtherSitesNs = scale.ToNanoseconds(_otherSites) + sites.Skip(MostSitePairs).Sum(row => row.Ns),
            Threads = [.. threads.Take(MostThreadPairs).Select(pair => pair.Row)],
            OtherThreadsNs = scale.ToNanoseconds(otherThreads),
            SlowestWaits = [.. chains.Take(MostSlowest)],
            LongestChains = [.. chains.Where(chain => chain.Links.Count > 1).OrderByDescending(chain => chain.Links.Count).Take(MostSlowest)],
        };
    }

    private void Add(MutexLedger mutex, WaitDivision division, IReadOnlyList<SiteLedger> sites)
    {
        _count += mutex.Waits.Count;
        _waits += mutex.Waits.Total;
        _blamed += division.Blamed;
        _handedOff += division.HandedOff;
        _notKnown += division.NotKnown;
        _otherSites += division.Sites.Other;
        foreach (BlameTable.Row row in division.Sites.Rows)
        {
            BlameCause cause = row.Holder switch
            {
                WaitDivision.HandOff => BlameCause.HandOff,
                WaitDivision.Unknown => BlameCause.Unknown,
                _ => BlameCause.Hold,
            };
            SourceSite? holder = cause == BlameCause.Hold ? sites[row.Holder].Site : null;
            ref (UInt128 Ticks, long Parts) sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_sites, (cause, holder, sites[row.Waiter].Site), out _);
            sum = (sum.Ticks + row.Ticks, sum.Parts + row.Parts);
        }
    }

    private (ThreadBlameRow Row, UInt128 Ticks) Make(BlameTable.Row row, DriverLoad load) => (
        new ThreadBlameRow(load.Threads.All[row.Waiter].Id, load.Threads.All[row.Holder].Id, scale.ToNanoseconds(row.Ticks), row.Parts), row.Ticks);

    private BlockingChain Make(SlowWaits.Link first, DriverLoad load)
    {
        List<BlockingLink> links = [];
        for (SlowWaits.Link? link = first; link is not null; link = link.Next)
        {
            PastWait wait = link.Wait;
            bool isHeld = wait.Holder.Ticks > 0;
            links.Add(new BlockingLink(
                load.Threads.All[link.Thread].Id, load.Sites.All[wait.Site].Site, wait.Mutex, names.Of(load.Mutex(wait.Mutex), load),
                isHeld ? load.Threads.All[wait.Holder.Thread].Id : null, isHeld ? load.Sites.All[wait.Holder.Site].Site : null,
                scale.ToNanoseconds(wait.EndedAt - wait.RequestedAt), scale.ToNanoseconds(wait.Holder.Ticks)));
        }

        return new BlockingChain(scale.ToNanoseconds(time.SinceStart(first.Wait.RequestedAt)), links[0].WaitNs, links);
    }

    private static long Saturate(UInt128 value) => value > (UInt128)long.MaxValue ? long.MaxValue : (long)value;
}
