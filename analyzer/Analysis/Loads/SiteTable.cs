using Tracing.Reports.Model;

namespace Tracing.Analysis.Loads;

/// <summary>Call sites by the number that events refer to them with.</summary>
public sealed class SiteTable
{
    private readonly IdTable<SiteLedger> _sites = new((id, index) => new SiteLedger((uint)id) { Index = index });

    // Of sites that nothing was done at: a mutex was allocated there, say. As many as there are numbers in the recording.
    private readonly IdTable<SourceSite> _standIns = new((id, _) => SiteLedger.StandIn(id));

    /// <summary>All that an event has named, in the order of their first mention.</summary>
    public IReadOnlyList<SiteLedger> All => _sites.All;

    /// <summary>The account of a site.</summary>
    public SiteLedger Get(uint siteId) => _sites.Get(siteId);

    /// <summary>True when the site has been defined: rundowns repeat all of them.</summary>
    public bool IsDefined(uint siteId) => _sites.Find(siteId)?.Defined is not null;

    /// <summary>Defines a site. The first definition stays.</summary>
    public void Define(uint siteId, SourceSite site) => _sites.Get(siteId).Defined ??= site;

    /// <summary>The site, a stand-in that shows its number if it was never defined, or null for number 0.</summary>
    public SourceSite? Find(uint siteId) => siteId == 0 ? null : _sites.Find(siteId)?.Site ?? _standIns.Get(siteId);

    /// <summary>What the site is called for short; empty for number 0.</summary>
    public string ShortOf(uint siteId) => siteId == 0 ? "" : _sites.Find(siteId)?.Short ?? Find(siteId)!.Short;
}
