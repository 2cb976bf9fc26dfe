using Tracing.Reports.Model;

namespace Tracing.Analysis.Loads;

/// <summary>What is known of one call site, and of the acquires made there.</summary>
/// <param name="id">The number that events refer to it with; 0 stands for all that have none.</param>
public sealed class SiteLedger(uint id) : Usage
{
    private HoldDivision _division;
    private SourceSite? _standIn;
    private string? _short;

    /// <summary>The number that events refer to it with.</summary>
    public uint Id { get; } = id;

    /// <summary>Where it stands; null until it is defined.</summary>
    public SourceSite? Defined
    {
        get;
        set => (field, _short) = (value, null);
    }

    /// <summary>Where it stands, a stand-in that shows its number if it was never defined, or null for number 0.</summary>
    public SourceSite? Site => Id == 0 ? null : Defined ?? (_standIn ??= StandIn(Id));

    /// <summary>What it is called for short; empty for number 0. Made once.</summary>
    public string Short => _short ??= Site?.Short ?? "";

    /// <summary>What shows the number of a site that was never defined. Made once for each: a recording may have a million mutexes that were allocated there.</summary>
    internal static SourceSite StandIn(ulong id) => new("", 0, $"site {id}");

    /// <summary>What threads did in the holds that began there.</summary>
    internal ref HoldDivision Division => ref _division;
}
