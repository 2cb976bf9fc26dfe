using Tracing.Analysis.Comparing;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests.Comparing;

public sealed class RecordingComparisonTests
{
    private const int Blocks = 100;
    private const double MeanWaitNs = 20_000;
    private const double MeanHoldNs = 5_000;

    /// <summary>
    /// The law that everything else rests on: at a level of 5 % no more than one comparison in twenty of equal workloads may call anything significant. Waits are skewed
    /// and neighbouring blocks resemble each other, as they do on a machine.
    /// </summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    public void Two_recordings_of_one_workload_seldom_differ(double kept)
    {
        const int Pairs = 300;
        int alarms = Enumerable.Range(0, Pairs).Count(seed =>
        {
            var random = new Random(seed);
            return Significant(RecordingComparison.Compare(Record(random, kept), Record(random, kept))).Any();
        });

        // 5 % of 300 are 15; more than 27 would happen once in a thousand times.
        Assert.InRange(alarms, 0, 27);
    }

    [Fact]
    public void A_hold_that_has_really_become_longer_is_found_nearly_always_and_nothing_else()
    {
        const int Pairs = 50;
        int found = 0;
        for (int seed = 0; seed < Pairs; seed++)
        {
            var random = new Random(seed);
            Comparison comparison = RecordingComparison.Compare(Record(random, 0.3), Record(random, 0.3, slowdown: 1.3));
            found += Significant(comparison).SequenceEqual([("Queue", ComparedMeasure.MeanHold)]) ? 1 : 0;
        }

        Assert.InRange(found, 45, Pairs);
    }

    [Fact]
    public void The_interval_holds_the_true_difference_nearly_always()
    {
        const int Pairs = 200;
        int hits = Enumerable.Range(0, Pairs).Count(seed =>
        {
            var random = new Random(seed);
            Comparison comparison = RecordingComparison.Compare(Record(random, 0.3), Record(random, 0.3, slowdown: 1.3));
            MeasureComparison hold = comparison.Classes.Single(one => one.Class.Name == "Queue").Measures.Single(measure => measure.Measure == ComparedMeasure.MeanHold);
            return hold.LowDifference <= 0.3 * MeanHoldNs && hold.HighDifference >= 0.3 * MeanHoldNs;
        });

        // 95 % of 200 are 190; fewer than 180 would happen once in a thousand times.
        Assert.InRange(hits, 180, Pairs);
    }

    [Fact]
    public void The_same_recordings_give_the_same_comparison()
    {
        LockReport before = Record(new Random(1), 0.5);
        LockReport after = Record(new Random(2), 0.5);

        Assert.Equal(
            RecordingComparison.Compare(before, after).Classes.SelectMany(one => one.Measures), RecordingComparison.Compare(before, after).Classes.SelectMany(one => one.Measures));
    }

    [Fact]
    public void A_recording_does_not_differ_from_itself()
    {
        LockReport report = Record(new Random(1), 0.5);

        Comparison comparison = RecordingComparison.Compare(report, report);

        Assert.All(comparison.Classes.SelectMany(one => one.Measures), measure => Assert.Equal((1.0, false), (measure.PValue, measure.Significant)));
        Assert.Empty(comparison.NewFindings.Concat(comparison.GoneFindings));
        Assert.Empty(comparison.Regressions(0));
    }

    /// <summary>Holm: the smallest of m p-values is multiplied by m, the next by m - 1, and none may fall below the one before it.</summary>
    [Fact]
    public void Many_comparisons_are_corrected_for()
    {
        Comparison comparison = RecordingComparison.Compare(Record(new Random(1), 0.5), Record(new Random(2), 0.5));
        MeasureComparison[] sorted = [.. comparison.Classes.SelectMany(one => one.Measures).OrderBy(measure => measure.PValue)];

        Assert.Equal(6, sorted.Length);
        double highest = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            highest = Math.Max(highest, Math.Min(1, sorted[i].PValue * (6 - i)));
            Assert.Equal(highest, sorted[i].AdjustedPValue, 12);
        }
    }

    [Fact]
    public void A_short_recording_is_shown_and_not_judged()
    {
        LockReport report = Record(new Random(1), 0.5, blocks: 5);

        Comparison comparison = RecordingComparison.Compare(report, report);

        Assert.Equal(0, comparison.Tested);
        Assert.All(comparison.Classes.SelectMany(one => one.Measures), measure => Assert.NotNull(measure.Before));
        Assert.Equal([new Regression(null, null, null, null)], comparison.Regressions(10));
    }

    [Fact]
    public void Of_light_recordings_only_waits_are_compared()
    {
        LockReport full = Record(new Random(1), 0.5);
        LockReport light = full with { Mutexes = [.. full.Mutexes.Select(mutex => mutex with { CountedFrom = CountSource.Counters })] };

        Assert.All(RecordingComparison.Compare(full, light).Classes, one => Assert.Equal([ComparedMeasure.MeanWait], one.Measures.Select(measure => measure.Measure)));
    }

    [Fact]
    public void Findings_are_the_same_when_kind_and_subject_are()
    {
        LockReport report = Record(new Random(1), 0.5);
        var known = new Finding(FindingSeverity.Error, "misuse", "3 times") { Subject = "Queue" };
        var fixedOne = new Finding(FindingSeverity.Error, "misuse", "3 times") { Subject = "Pump" };
        var news = new Finding(FindingSeverity.Error, "leak", "9 leaked") { Subject = "Queue" };

        Comparison comparison = RecordingComparison.Compare(
            report with { Findings = [known, fixedOne] }, report with { Findings = [known with { Sentence = "5 times" }, news] });

        Assert.Equal([news], comparison.NewFindings);
        Assert.Equal([fixedOne], comparison.GoneFindings);
        Assert.Equal([news], comparison.Regressions(10).Select(regression => regression.Finding));
    }

    [Fact]
    public void A_rise_is_a_regression_when_it_is_significant_and_more_than_is_borne()
    {
        Comparison comparison = RecordingComparison.Compare(Record(new Random(1), 0.3), Record(new Random(2), 0.3, slowdown: 2));

        Assert.Equal("Queue", Assert.Single(comparison.Regressions(50)).Class!.Name);
        Assert.Empty(comparison.Regressions(200));
    }

    private static IEnumerable<(string, ComparedMeasure)> Significant(Comparison comparison) =>
        comparison.Classes.SelectMany(one => one.Measures.Where(measure => measure.Significant).Select(measure => (one.Class.Name, measure.Measure)));

    /// <summary>Two classes of mutexes; the holds of one may be slower.</summary>
    private static LockReport Record(Random random, double kept, double slowdown = 1, int blocks = Blocks) => new()
    {
        Trace = new TraceSummary { Files = ["t.etl"], Grade = TrustGrade.A, LockEventsRecorded = true },
        Mutexes = [new MutexRow { Id = 1, Label = "Queue", Name = "Queue" }, new MutexRow { Id = 2, Label = "Pump", Name = "Pump" }],
        Activity = new LockActivity(0, 1_000_000, blocks, [Class("Queue", random, kept, slowdown, blocks), Class("Pump", random, kept, 1, blocks)]),
    };

    private static ActivityClass Class(string label, Random random, double kept, double slowdown, int blocks)
    {
        double[] load = Noise.Autocorrelated(random, blocks, kept);
        double[] waits = Noise.Autocorrelated(random, blocks, kept);
        double[] holds = Noise.Autocorrelated(random, blocks, kept);
        return new ActivityClass(label, null, [.. Enumerable.Range(0, blocks).Select(i =>
        {
            long acquires = (long)(500 * Math.Exp(0.3 * load[i]));
            long contended = (long)(acquires * 0.2 * Math.Exp(0.3 * waits[i]));
            long waitNs = (long)(contended * MeanWaitNs * Math.Exp(0.6 * waits[i]));
            return new ActivityBlock(acquires, contended, contended, waitNs, acquires, (long)(acquires * slowdown * MeanHoldNs * (1 + (0.1 * holds[i]))));
        })]);
    }
}
