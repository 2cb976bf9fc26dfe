using Tracing.Reports.Model;

namespace Tracing.Analysis.Loads;

/// <summary>What is known of one call site, and of the acquires made there.</summary>
/// <param name="id">The number that events refer to it with; 0 stands for all that have none.</param>
public sealed class SiteLedger(uint id) : Usage
{
    private HoldDivision _division;
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
    public SourceSite? Site => Id == 0 ? null : Defined ?? new SourceSite("", 0, $"site {Id}");

    /// <summary>What it is called for short; empty for number 0. Made once: a recording may have a million mutexes that were allocated there.</summary>
    public string Short => _short ??= Site?.Short ?? "";

    /// <summary>What threads did in the holds that began there.</summary>
    internal ref HoldDivision Division => ref _division;
}
