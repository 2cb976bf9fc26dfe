using Tracing.Reports.Model;

namespace Tracing.Analysis.Loads;

/// <summary>Call sites by the number that events refer to them with.</summary>
public sealed class SiteTable
{
    private readonly Dictionary<uint, SourceSite> _sites = [];

    /// <summary>True when the site has been defined: rundowns repeat all of them.</summary>
    public bool IsDefined(uint siteId) => _sites.ContainsKey(siteId);

    /// <summary>Defines a site. The first definition stays.</summary>
    public void Define(uint siteId, SourceSite site) => _sites.TryAdd(siteId, site);

    /// <summary>The site, a stand-in that shows its number if it was never defined, or null for number 0.</summary>
    public SourceSite? Find(uint siteId) =>
        siteId == 0 ? null : _sites.TryGetValue(siteId, out SourceSite? site) ? site : new SourceSite("", 0, $"site {siteId}");
}
