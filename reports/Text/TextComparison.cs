using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Text;

/// <summary>A comparison of two recordings on a terminal: what it rests on, what has changed, and how much was looked at.</summary>
public static class TextComparison
{
    private const int MostNames = 8;

    /// <summary>Writes a comparison.</summary>
    public static void Write(Comparison comparison, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ArgumentNullException.ThrowIfNull(output);
        var page = new TextPage(output, new TextStyle());
        WriteRecording(page, "Before", comparison.Before);
        WriteRecording(page, "After", comparison.After);
        foreach (string caution in comparison.Cautions)
        {
            page.WriteWrapped("  - ", 4, SafeText.Sentence(caution));
        }

        WriteChanges(page, comparison);
        WriteFindings(page, "New findings", comparison.NewFindings);
        WriteFindings(page, "Gone findings", comparison.GoneFindings);
        WriteNames(page, "Only before", comparison.Gone);
        WriteNames(page, "Only after", comparison.Added);
    }

    private static void WriteRecording(TextPage page, string which, TraceSummary trace) => page.WriteWrapped(
        $"{which}: ", which.Length + 2,
        TextPage.Text($"{SafeText.Escape(string.Join(", ", trace.Files.Select(Path.GetFileName)))}, {HumanDuration.Format(trace.DurationNs)}, {trace.DriverEventsRead:N0} driver events, trust {trace.Grade}"));

    private static void WriteChanges(TextPage page, Comparison comparison)
    {
        page.WriteHead("What has changed");
        List<(ClassComparison Class, MeasureComparison Measure)> changed =
            [.. comparison.Classes.SelectMany(one => one.Measures.Select(measure => (one, measure))).Where(pair => pair.measure.Significant)];
        if (changed.Count > 0)
        {
            var table = new TextTable(
                page.Style.Width, new TextColumn("mutexes", AlignRight: false, IsName: true), new TextColumn("measure", AlignRight: false), new TextColumn("before"),
                new TextColumn("after"), new TextColumn("change"), new TextColumn("95 % interval"), new TextColumn("p"));
            foreach ((ClassComparison one, MeasureComparison measure) in changed)
            {
                table.Add(
                    SafeText.Name(one.Class.Name), ComparisonWords.NameOf(measure.Measure), ComparisonWords.Value(measure.Measure, measure.Before),
                    ComparisonWords.Value(measure.Measure, measure.After), ComparisonWords.Change(measure), ComparisonWords.Interval(measure),
                    ComparisonWords.Chance(measure.AdjustedPValue));
            }

            page.Write(table);
        }

        int measures = comparison.Classes.Sum(one => one.Measures.Count);
        page.WriteWrapped("", 0, changed.Count == 0
            ? TextPage.Text($"Nothing that is more than chance, in {comparison.Tested:N0} comparisons of {comparison.Classes.Count:N0} classes of mutexes.")
            : TextPage.Text($"{changed.Count:N0} of {comparison.Tested:N0} comparisons of {comparison.Classes.Count:N0} classes of mutexes are more than chance ({100 * comparison.Level:0} % risk of any false alarm in all)."));
        if (measures > comparison.Tested)
        {
            page.WriteWrapped("", 0, TextPage.Text($"{measures - comparison.Tested:N0} measures rest on too little to be compared; --json has their values."));
        }
    }

    private static void WriteFindings(TextPage page, string title, IReadOnlyList<Finding> findings)
    {
        if (findings.Count > 0)
        {
            page.WriteHead(title);
            foreach (Finding finding in findings)
            {
                page.WriteWrapped("  - ", 4, $"{SafeText.Sentence(finding.Sentence)} [{finding.Kind}]");
            }
        }
    }

    private static void WriteNames(TextPage page, string title, IReadOnlyList<ComparedClass> classes)
    {
        if (classes.Count > 0)
        {
            string names = string.Join(", ", classes.Take(MostNames).Select(one => SafeText.Name(one.Name)));
            page.WriteHead(TextPage.Text($"{title} ({classes.Count:N0})"));
            page.WriteWrapped("  ", 2, classes.Count > MostNames ? $"{names}, and others" : names);
        }
    }
}
