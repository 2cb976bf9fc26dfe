using System.Globalization;
using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Gate;

/// <summary>
/// Holds a report against rules. What fires, fires: every number of a report is at most the truth, or a percentile within a percent of it. What does not fire passes only when
/// the recording can tell: with events missing (grade C) the true number may be higher, and a recording of grade D says nothing.
/// </summary>
public static class GateEvaluator
{
    private const int MostNamed = 3;

    /// <summary>Holds a report against rules.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="report">The report of the whole recording, not filtered.</param>
    /// <param name="baseline">The findings known before; null when there is no baseline, and then no rule may ask for what is new.</param>
    /// <returns>A result per rule, in their order.</returns>
    public static IReadOnlyList<GateResult> Evaluate(IReadOnlyList<GateRule> rules, LockReport report, Baseline? baseline)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(report);
        return [.. rules.Select(rule => rule switch
        {
            LimitRule limit => Evaluate(limit, report),
            NewFindingRule news => Evaluate(news, report, baseline ?? throw new ArgumentNullException(nameof(baseline))),
            _ => throw new ArgumentException($"No such rule: {rule.GetType()}.", nameof(rules)),
        })];
    }

    private static GateResult Evaluate(LimitRule rule, LockReport report)
    {
        IReadOnlyList<MutexGroup> groups = GroupsOf(rule, report);
        if (groups.Count == 0 && rule.Mutex is not null)
        {
            return new GateResult(rule, GateVerdict.Unanswered, $"the recording has no mutex called {SafeText.Escape(rule.Mutex)}", []);
        }

        List<(MutexGroup Group, GateReading Reading)> readings = [.. groups.Select(group => (group, rule.Measure.Read(report, group)))];
        bool above = rule.Comparison is GateComparison.Above or GateComparison.AtLeast;
        List<(MutexGroup Group, GateReading Reading)> fired = [.. readings.Where(pair => Fires(rule, pair.Reading.Value))];
        if (fired.Count > 0)
        {
            fired = [.. above ? fired.OrderByDescending(pair => pair.Reading.Value) : fired.OrderBy(pair => pair.Reading.Value)];
            GateViolation[] violations = [.. fired.Select(pair => Violation(rule, pair.Group, pair.Reading))];
            return new GateResult(rule, GateVerdict.Failed, Join(violations), violations);
        }

        // A number that is too small to count as too small stays so whatever is missing: then the truth is greater still.
        bool mayHide = above || report.Trace.Grade == TrustGrade.D || readings.Exists(pair => !pair.Reading.IsAtLeast);
        string? doubt = readings.Where(pair => above || !pair.Reading.IsAtLeast).Select(pair => pair.Reading.Doubt).FirstOrDefault(reason => reason is not null)
            ?? (mayHide ? DoubtOf(report) : null);
        if (doubt is not null)
        {
            return new GateResult(rule, GateVerdict.Unanswered, doubt, []);
        }

        decimal seen = readings.Select(pair => pair.Reading.Value).DefaultIfEmpty().Max();
        return new GateResult(rule, GateVerdict.Passed, $"{rule.Measure.Name} is {Show(rule.Measure.Unit, seen)}{(groups.Count > 1 ? " at most" : "")}", []);
    }

    private static GateResult Evaluate(NewFindingRule rule, LockReport report, Baseline baseline)
    {
        GateViolation[] violations =
        [
            .. report.Findings.Where(finding => (rule.Kind is null || finding.Kind == rule.Kind) && !baseline.Knows(finding))
                .Select(finding => new GateViolation(finding.Kind, SafeText.Escape(finding.Sentence), finding.Site)),
        ];
        return violations.Length > 0 ? new GateResult(rule, GateVerdict.Failed, Join(violations), violations)
            : DoubtOf(report) is string doubt ? new GateResult(rule, GateVerdict.Unanswered, doubt, [])
            : new GateResult(rule, GateVerdict.Passed, "every finding is in the baseline", []);
    }

    private static IReadOnlyList<MutexGroup> GroupsOf(LimitRule rule, LockReport report)
    {
        if (rule.Mutex is null && rule.Measure.Scope == GateScope.EachClass)
        {
            return MutexGroup.Group(report.Mutexes, GroupBy.Class);
        }

        MutexRow[] mutexes = [.. report.Mutexes.Where(mutex => rule.Mutex is null || IsCalled(mutex, rule.Mutex))];
        return mutexes.Length == 0 && rule.Mutex is not null ? [] : [MutexGroup.Of(rule.Mutex ?? "the recording", mutexes)];
    }

    private static bool IsCalled(MutexRow mutex, string name) =>
        mutex.Label == name || mutex.Name == name || (name[0] == '#' && ulong.TryParse(name.AsSpan(1), CultureInfo.InvariantCulture, out ulong id) && mutex.Id == id);

    private static bool Fires(LimitRule rule, decimal value) => rule.Comparison switch
    {
        GateComparison.Above => value > rule.Limit,
        GateComparison.AtLeast => value >= rule.Limit,
        GateComparison.Below => value < rule.Limit,
        _ => value <= rule.Limit,
    };

    private static GateViolation Violation(LimitRule rule, MutexGroup group, GateReading reading)
    {
        string subject = rule.Mutex ?? (rule.Measure.Scope == GateScope.EachClass ? group.Name : "the recording");
        SourceSite? site = reading.Site ?? (rule.Measure.Unit == GateUnit.Duration ? group.Site : null);
        return new GateViolation(subject, $"{SafeText.Escape(subject)}: {rule.Measure.Name} is {Show(rule.Measure.Unit, reading.Value)}", site);
    }

    /// <summary>Why the recording cannot prove that something is not there; null when it can.</summary>
    private static string? DoubtOf(LockReport report) =>
        report.Trace.Grade < TrustGrade.C ? null
        : $"the recording is of grade {report.Trace.Grade}: {SafeText.Escape(report.Trace.GradeReasons.FirstOrDefault("events are missing").TrimEnd('.'))}";

    private static string Join(GateViolation[] violations)
    {
        string named = string.Join("; ", violations.Take(MostNamed).Select(violation => violation.Sentence));
        return violations.Length <= MostNamed ? named : string.Create(CultureInfo.InvariantCulture, $"{named}; and {violations.Length - MostNamed:N0} more");
    }

    private static string Show(GateUnit unit, decimal value) => unit == GateUnit.Duration
        ? HumanDuration.Format((long)Math.Min(long.MaxValue, value))
        : value.ToString("N0", CultureInfo.InvariantCulture);
}
