namespace Tracing.Reports.Model;

/// <summary>One thing worth fixing, in plain words.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Kind">A short, stable name such as <c>contention</c>; docs/reference/findings has a page for each.</param>
/// <param name="Sentence">What was found, with its numbers.</param>
public sealed record Finding(FindingSeverity Severity, string Kind, string Sentence)
{
    /// <summary>
    /// What it is about, the same in every recording of one driver: a label, a place in the source, or a pair of them. Two findings are one when
    /// kind and subject agree.
    /// </summary>
    public string Subject { get; init; } = "";

    /// <summary>What to try.</summary>
    public string Advice { get; init; } = "";

    /// <summary>The numbers behind the sentence.</summary>
    public IReadOnlyList<FindingNumber> Numbers { get; init; } = [];

    /// <summary>Where in the driver's source it belongs; null where the trace does not say.</summary>
    public SourceSite? Site { get; init; }
}

/// <summary>A number that a finding rests on.</summary>
/// <param name="Name">What it is, such as <c>waitTotal</c>.</param>
/// <param name="Value">The number.</param>
/// <param name="Unit"><c>ns</c>, <c>bytes</c>, <c>percent</c>, <c>per-second</c>, or empty for a count.</param>
public sealed record FindingNumber(string Name, double Value, string Unit = "");

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing.</summary>
    Note,

    /// <summary>Costs time or memory.</summary>
    Warning,

    /// <summary>A defect.</summary>
    Error,
}
