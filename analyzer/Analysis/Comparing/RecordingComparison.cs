using System.Globalization;
using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Analysis.Comparing;

/// <summary>
/// Compares two recordings: what is different, and what of that is more than chance.
/// </summary>
/// <remarks>
/// Every class of mutexes that both have is tested by several measures, so that among many some differ by chance. The p-values are corrected by Holm's method, which keeps
/// the chance of any false alarm in the whole report at the level, whatever the measures have to do with each other: a gate for builds must not cry wolf.
/// Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).
/// </remarks>
public static class RecordingComparison
{
    /// <summary>The chance of any false alarm in a report.</summary>
    public const double Level = 0.05;

    /// <summary>Compares.</summary>
    /// <param name="before">The earlier recording, read with its activity.</param>
    /// <param name="after">The later one, read with its activity.</param>
    /// <exception cref="ArgumentException">One was read without its activity.</exception>
    public static Comparison Compare(LockReport before, LockReport after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        Dictionary<ClassKey, Side> first = SidesOf(before);
        Dictionary<ClassKey, Side> second = SidesOf(after);
        Dictionary<ClassKey, ClassKey> matches = ClassMatcher.Match(first.Keys, second.Keys);
        List<ClassComparison> classes = [.. matches.Select(match => CompareClass(match.Value, first[match.Key], second[match.Value]))];
        HashSet<ClassKey> matched = [.. matches.Values];
        return new Comparison
        {
            Before = before.Trace,
            After = after.Trace,
            Level = Level,
            Classes =
            [
                .. Correct(classes).OrderBy(one => one.Measures.Min(measure => measure.AdjustedPValue)).ThenBy(one => one.Measures.Min(measure => measure.PValue))
                    .ThenBy(one => one.Class.Name, StringComparer.Ordinal).ThenBy(one => one.Class.Site?.File, StringComparer.Ordinal).ThenBy(one => one.Class.Site?.Line),
            ],
            Gone = Sorted(first.Where(side => !matches.ContainsKey(side.Key))),
            Added = Sorted(second.Where(side => !matched.Contains(side.Key))),
            NewFindings = Missing(after.Findings, before.Findings),
            GoneFindings = Missing(before.Findings, after.Findings),
            Cautions = [.. Cautions(before.Trace, "before"), .. Cautions(after.Trace, "after"), .. Differences(before.Trace, after.Trace)],
        };
    }

    private static Dictionary<ClassKey, Side> SidesOf(LockReport report)
    {
        LockActivity activity = report.Activity ?? throw new ArgumentException("The report was read without its activity.", nameof(report));
        ILookup<ClassKey, ActivityClass> activities = activity.Classes.ToLookup(one => ClassKey.Of(one.Label, one.Site));
        return report.Mutexes.GroupBy(mutex => ClassKey.Of(mutex.Label, mutex.Site)).ToDictionary(
            group => group.Key,
            group => new Side(MutexGroup.Of(NameOf(group.First()), [.. group]), Add([.. activities[group.Key]], activity.Blocks)));
    }

    private static string NameOf(MutexRow mutex) => new ComparedClass(mutex.Label, mutex.Site).Name;

    private static ActivityBlock[] Add(ActivityClass[] classes, int blocks) =>
    [
        .. Enumerable.Range(0, blocks).Select(i => classes.Aggregate(default(ActivityBlock), (sum, one) => new ActivityBlock(
            sum.Acquires + one.Blocks[i].Acquires, sum.Contended + one.Blocks[i].Contended, sum.Waits + one.Blocks[i].Waits,
            sum.WaitNs + one.Blocks[i].WaitNs, sum.Holds + one.Blocks[i].Holds, sum.HoldNs + one.Blocks[i].HoldNs))),
    ];

    private static ClassComparison CompareClass(ClassKey key, Side before, Side after) => new(
        new ComparedClass(key.Label, after.Mutexes.Site), before.Mutexes, after.Mutexes,
        [.. MeasuresOf(before.Mutexes, after.Mutexes).Select(measure => MeasureTest.Run(measure, before.Blocks, after.Blocks))]);

    /// <summary>Where only contended acquires were recorded, holds are a chosen few and the share of contended acquires is 100 % by construction.</summary>
    private static ComparedMeasure[] MeasuresOf(MutexGroup before, MutexGroup after) =>
        before.CountedFrom == CountSource.Events && after.CountedFrom == CountSource.Events ? Enum.GetValues<ComparedMeasure>() : [ComparedMeasure.MeanWait];

    /// <summary>Holm's correction over all tests of all classes.</summary>
    private static IEnumerable<ClassComparison> Correct(List<ClassComparison> classes)
    {
        MeasureComparison[] tested = [.. classes.SelectMany(one => one.Measures).Where(measure => measure.Tested).OrderBy(measure => measure.PValue)];
        var adjusted = new Dictionary<MeasureComparison, double>(ReferenceEqualityComparer.Instance);
        double highest = 0;
        for (int i = 0; i < tested.Length; i++)
        {
            highest = Math.Max(highest, Math.Min(1, tested[i].PValue * (tested.Length - i)));
            adjusted.Add(tested[i], highest);
        }

        return classes.Select(one => one with
        {
            Measures =
            [
                .. one.Measures.Select(measure => adjusted.TryGetValue(measure, out double p) ? measure with { AdjustedPValue = p, Significant = p < Level } : measure),
            ],
        });
    }

    private static IReadOnlyList<ComparedClass> Sorted(IEnumerable<KeyValuePair<ClassKey, Side>> sides) =>
    [
        .. sides.Select(side => new ComparedClass(side.Key.Label, side.Value.Mutexes.Site)).OrderBy(one => one.Name, StringComparer.Ordinal)
            .ThenBy(one => one.Site?.File, StringComparer.Ordinal).ThenBy(one => one.Site?.Line).ThenBy(one => one.Site?.Member, StringComparer.Ordinal),
    ];

    private static IReadOnlyList<Finding> Missing(IReadOnlyList<Finding> from, IReadOnlyList<Finding> others)
    {
        HashSet<(string, string)> known = [.. others.Select(finding => (finding.Kind, finding.Subject))];
        return [.. from.Where(finding => !known.Contains((finding.Kind, finding.Subject)))];
    }

    private static IEnumerable<string> Cautions(TraceSummary trace, string which)
    {
        if (trace.Grade >= TrustGrade.C)
        {
            yield return $"The recording {which} is of grade {trace.Grade}: {trace.GradeReasons.FirstOrDefault("events are missing.")}";
        }
    }

    private static IEnumerable<string> Differences(TraceSummary before, TraceSummary after)
    {
        if (before.LockEventsRecorded != after.LockEventsRecorded)
        {
            yield return "One recording is light (keyword Lock off) and the other is not: only waits are compared.";
        }

        if (before.ProcessorCount != after.ProcessorCount)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"The machines differ: {before.ProcessorCount} processors before, {after.ProcessorCount} after.");
        }

        if (before.OsBuild != after.OsBuild || before.IsSimulated != after.IsSimulated)
        {
            yield return $"The systems differ: {SystemOf(before)} before, {SystemOf(after)} after.";
        }
    }

    private static string SystemOf(TraceSummary trace) => trace.IsSimulated ? "the simulated kernel" : SafeText.Escape(trace.OsBuild);

    /// <summary>A class in one recording.</summary>
    private sealed record Side(MutexGroup Mutexes, ActivityBlock[] Blocks);
}
