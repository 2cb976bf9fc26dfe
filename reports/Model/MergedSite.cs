namespace Tracing.Reports.Model;

/// <summary>A call site among several recordings: one that is known by its number only means another place in each.</summary>
/// <param name="Site">The site; null for unknown.</param>
/// <param name="Recording">Which recording numbered it; -1 for a site that is known by its source.</param>
internal readonly record struct MergedSite(SourceSite? Site, int Recording)
{
    /// <summary>What stands for a site.</summary>
    /// <param name="site">As a report names it.</param>
    /// <param name="recording">Which of the reports.</param>
    public static MergedSite Of(SourceSite? site, int recording) => new(site, site is { File.Length: 0 } ? recording : -1);
}
