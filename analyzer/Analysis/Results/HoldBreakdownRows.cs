using Tracing.Analysis.Durations;
using Tracing.Analysis.Loads;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Results;

/// <summary>Makes the rows of what threads did while they held, the place that held longest first. Equal sites of several loads of the driver are one.</summary>
internal sealed class HoldBreakdownRows(IReadOnlyList<DriverLoad> loads, TickScale scale)
{
    public IReadOnlyList<HoldBreakdown> Make() =>
    [
        .. loads.SelectMany(load => load.Sites.All).Where(site => site.Division.Holds > 0).GroupBy(site => site.Site)
            .Select(same => Make(same.Key, same)).OrderByDescending(row => row.HoldNs).ThenBy(row => row.Site?.Short, StringComparer.Ordinal).ThenBy(row => row.Site, SourceSite.Order),
    ];

    private HoldBreakdown Make(SourceSite? site, IEnumerable<SiteLedger> same)
    {
        HoldDivision sum = default;
        foreach (SiteLedger ledger in same)
        {
            sum.Merge(ledger.Division);
        }

        return new HoldBreakdown(
            site, sum.Holds, scale.ToNanoseconds(sum.Total), scale.ToNanoseconds(sum.Running), scale.ToNanoseconds(sum.Ready), scale.ToNanoseconds(sum.Waiting),
            scale.ToNanoseconds(sum.Interrupted), scale.ToNanoseconds(sum.Unknown));
    }
}
