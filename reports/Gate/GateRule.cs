namespace Tracing.Reports.Gate;

/// <summary>One thing that must not be true of a recording. See <see cref="GateParser"/> for how it is written.</summary>
/// <param name="Text">The rule as it was written.</param>
public abstract record GateRule(string Text);

/// <summary>A number of the report must not be beyond a limit.</summary>
/// <param name="Text">The rule as it was written.</param>
/// <param name="Measure">Which number.</param>
/// <param name="Mutex">Of which mutexes: a label, a name as the report shows it, or <c>#</c> and an id. Null for the whole recording.</param>
/// <param name="Comparison">How it must not compare.</param>
/// <param name="Limit">The limit, in the measure's unit: nanoseconds for a duration.</param>
public sealed record LimitRule(string Text, GateMeasure Measure, string? Mutex, GateComparison Comparison, decimal Limit) : GateRule(Text);

/// <summary>There must be no finding that the baseline does not have.</summary>
/// <param name="Text">The rule as it was written.</param>
/// <param name="Kind">The kind of finding; null for any.</param>
public sealed record NewFindingRule(string Text, string? Kind) : GateRule(Text);

/// <summary>How a number must not compare to its limit.</summary>
public enum GateComparison
{
    /// <summary><c>&gt;</c></summary>
    Above,

    /// <summary><c>&gt;=</c></summary>
    AtLeast,

    /// <summary><c>&lt;</c></summary>
    Below,

    /// <summary><c>&lt;=</c></summary>
    AtMost,
}
