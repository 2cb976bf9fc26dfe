namespace Tracing.Reports.Model;

/// <summary>What has changed from one recording to another, and what of it is more than chance.</summary>
public sealed record Comparison
{
    /// <summary>The version of this shape that the code at hand writes.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>The earlier recording.</summary>
    public required TraceSummary Before { get; init; }

    /// <summary>The later one.</summary>
    public required TraceSummary After { get; init; }

    /// <summary>The chance that any difference is called significant though nothing has changed: over all comparisons together.</summary>
    public double Level { get; init; }

    /// <summary>The classes of mutexes that are in both, what has changed most certainly first.</summary>
    public IReadOnlyList<ClassComparison> Classes { get; init; } = [];

    /// <summary>Classes that only the earlier recording has.</summary>
    public IReadOnlyList<ComparedClass> Gone { get; init; } = [];

    /// <summary>Classes that only the later recording has.</summary>
    public IReadOnlyList<ComparedClass> Added { get; init; } = [];

    /// <summary>Findings that only the later recording has.</summary>
    public IReadOnlyList<Finding> NewFindings { get; init; } = [];

    /// <summary>Findings that only the earlier recording has.</summary>
    public IReadOnlyList<Finding> GoneFindings { get; init; } = [];

    /// <summary>Why the recordings are not as comparable as they should be, one sentence each.</summary>
    public IReadOnlyList<string> Cautions { get; init; } = [];

    /// <summary>How many measures were tested.</summary>
    public int Tested => Classes.Sum(one => one.Measures.Count(measure => measure.Tested));

    /// <summary>
    /// What has become worse: measures that have risen significantly and by more than some percent, and new findings of severity Error. A comparison that cannot tell is worse,
    /// too: one of its recordings lacks events, or nothing could be tested.
    /// </summary>
    /// <param name="percent">How much more is borne.</param>
    public IEnumerable<Regression> Regressions(double percent)
    {
        foreach (TraceSummary trace in (TraceSummary[])[Before, After])
        {
            if (trace.Grade >= TrustGrade.C)
            {
                yield return new Regression(null, null, null, trace);
            }
        }

        foreach (ClassComparison one in Classes)
        {
            foreach (MeasureComparison measure in one.Measures.Where(measure => measure.Significant && measure.After > measure.Before && !(measure.ChangePercent <= percent)))
            {
                yield return new Regression(one.Class, measure, null, null);
            }
        }

        foreach (Finding finding in NewFindings.Where(finding => finding.Severity == FindingSeverity.Error))
        {
            yield return new Regression(null, null, finding, null);
        }

        if (Tested == 0)
        {
            yield return new Regression(null, null, null, null);
        }
    }
}

/// <summary>One thing that has become worse, or cannot be told to have not.</summary>
/// <param name="Class">Which mutexes; null when it is not about a measure.</param>
/// <param name="Measure">The measure; null when it is not about one.</param>
/// <param name="Finding">The new finding; null when it is not about one.</param>
/// <param name="Trace">The recording that is too incomplete to tell; null when it is not about one. When all are null, nothing could be tested.</param>
public sealed record Regression(ComparedClass? Class, MeasureComparison? Measure, Finding? Finding, TraceSummary? Trace);

/// <summary>A class of mutexes: those of one label, or, without a label, of one allocation site.</summary>
/// <param name="Label">The label; empty for none.</param>
/// <param name="Site">Where they were allocated, in the later recording that has them; null where the trace does not say or they differ.</param>
public sealed record ComparedClass(string Label, SourceSite? Site)
{
    /// <summary>What to call it.</summary>
    public string Name => Label.Length > 0 ? Label : Site?.Short ?? "(no label)";
}

/// <summary>One class in both recordings.</summary>
/// <param name="Class">Which.</param>
/// <param name="Before">Its mutexes in the earlier recording.</param>
/// <param name="After">Its mutexes in the later one.</param>
/// <param name="Measures">One for each <see cref="ComparedMeasure"/>.</param>
public sealed record ClassComparison(ComparedClass Class, MutexGroup Before, MutexGroup After, IReadOnlyList<MeasureComparison> Measures);

/// <summary>A measure that is compared.</summary>
public enum ComparedMeasure
{
    /// <summary>Mean wait of acquires that waited, in nanoseconds.</summary>
    MeanWait,

    /// <summary>Mean outermost hold, in nanoseconds.</summary>
    MeanHold,

    /// <summary>Contended acquires per hundred acquires.</summary>
    ContendedPercent,
}

/// <summary>One measure of one class in both recordings.</summary>
public sealed record MeasureComparison
{
    /// <summary>Which measure.</summary>
    public required ComparedMeasure Measure { get; init; }

    /// <summary>Its value in the earlier recording; null when there is none.</summary>
    public double? Before { get; init; }

    /// <summary>Its value in the later recording; null when there is none.</summary>
    public double? After { get; init; }

    /// <summary>Whether there was enough to tell chance from change; the numbers below have a meaning only then.</summary>
    public bool Tested { get; init; }

    /// <summary>Least difference (after less before) of the 95 % confidence interval, in the measure's unit.</summary>
    public double LowDifference { get; init; }

    /// <summary>Greatest difference of the interval.</summary>
    public double HighDifference { get; init; }

    /// <summary>The chance of a difference so great if nothing has changed, by itself.</summary>
    public double PValue { get; init; } = 1;

    /// <summary>The same after correction for all comparisons of the report.</summary>
    public double AdjustedPValue { get; init; } = 1;

    /// <summary>Whether the difference is more than chance, at the level of the report.</summary>
    public bool Significant { get; init; }

    /// <summary>After less before, in percent of before; null when there is nothing to take percents of.</summary>
    public double? ChangePercent => Before is > 0 && After is double after ? 100 * (after - Before) / Before : null;
}
