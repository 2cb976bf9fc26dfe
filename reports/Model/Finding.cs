namespace Tracing.Reports.Model;

/// <summary>One thing worth fixing, in plain words.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Kind">A short, stable name: <c>contention</c>, <c>irql-rejection</c>, <c>misuse</c>, <c>leak</c>.</param>
/// <param name="Sentence">What was found, with its numbers.</param>
public sealed record Finding(FindingSeverity Severity, string Kind, string Sentence);

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
