using Tracing.Reports.Model;

namespace Tracing.Reports.Gate;

/// <summary>What became of one rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Verdict">Whether it fired.</param>
/// <param name="Sentence">Why, in words, with the numbers.</param>
/// <param name="Violations">What fired it, the worst first; empty unless it fired.</param>
public sealed record GateResult(GateRule Rule, GateVerdict Verdict, string Sentence, IReadOnlyList<GateViolation> Violations);

/// <summary>One thing beyond a limit, or one finding that is new.</summary>
/// <param name="Subject">What it is about.</param>
/// <param name="Sentence">What is wrong with it.</param>
/// <param name="Site">Where in the source it belongs; null where the trace does not say.</param>
public sealed record GateViolation(string Subject, string Sentence, SourceSite? Site);

/// <summary>Whether a rule fired.</summary>
public enum GateVerdict
{
    /// <summary>What must not be is not.</summary>
    Passed,

    /// <summary>
    /// The recording cannot tell: it is light, incomplete, or does not know the mutex. A gate that cannot see does not pass.
    /// </summary>
    Unanswered,

    /// <summary>What must not be is.</summary>
    Failed,
}
