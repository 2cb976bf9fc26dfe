using System.Globalization;
using Tracing.Reports.Model;

namespace Tracing.Reports.Wording;

/// <summary>How the parts of a comparison are put into words.</summary>
public static class ComparisonWords
{
    /// <summary>A measure's name.</summary>
    public static string NameOf(ComparedMeasure measure) => measure switch
    {
        ComparedMeasure.MeanWait => "mean wait",
        ComparedMeasure.MeanHold => "mean hold",
        ComparedMeasure.ContendedPercent => "contended",
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "No such measure."),
    };

    /// <summary>A value of a measure; <c>-</c> for none.</summary>
    public static string Value(ComparedMeasure measure, double? value) =>
        value is not double number ? "-"
        : measure == ComparedMeasure.ContendedPercent ? Text($"{number:0.0} %")
        : HumanDuration.Format((long)Math.Max(0, number));

    /// <summary>The difference in percent of the earlier value; <c>new</c> where that was 0.</summary>
    public static string Change(MeasureComparison measure)
    {
        ArgumentNullException.ThrowIfNull(measure);
        return measure.ChangePercent is double percent ? Percent(percent) : measure.After > 0 ? "new" : "-";
    }

    /// <summary>The confidence interval of the difference in percent of the earlier value.</summary>
    public static string Interval(MeasureComparison measure)
    {
        ArgumentNullException.ThrowIfNull(measure);
        return !measure.Tested || measure.Before is not > 0 ? "-"
            : $"{Percent(100 * measure.LowDifference / measure.Before.Value)} to {Percent(100 * measure.HighDifference / measure.Before.Value)}";
    }

    /// <summary>A chance.</summary>
    public static string Chance(double p) => p < 0.0001 ? "< 0.0001" : Text($"{p:0.0000}");

    /// <summary>What has become worse, in a sentence.</summary>
    public static string Describe(Regression regression)
    {
        ArgumentNullException.ThrowIfNull(regression);
        return regression switch
        {
            { Class: ComparedClass one, Measure: MeasureComparison measure } =>
                $"{SafeText.Escape(one.Name)}: {NameOf(measure.Measure)} was {Value(measure.Measure, measure.Before)} and is {Value(measure.Measure, measure.After)} ({Change(measure)})",
            { Finding: Finding finding } => $"new {finding.Kind}: {SafeText.Escape(finding.Sentence)}",
            { Trace: TraceSummary trace } =>
                $"{SafeText.Escape(string.Join(", ", trace.Files))} cannot tell: it is of grade {trace.Grade}, {SafeText.Escape(trace.GradeReasons.FirstOrDefault("events are missing."))}",
            _ => "nothing could be compared: no class of mutexes is in both recordings often enough",
        };
    }

    private static string Percent(double value) => Math.Abs(value) < 9.95 ? Text($"{value:+0.0;-0.0;0.0} %") : Text($"{value:+#,0;-#,0;0} %");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
