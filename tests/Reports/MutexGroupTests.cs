using CsCheck;
using Tracing.Reports.Model;

namespace Tracing.Reports.Tests;

public sealed class MutexGroupTests
{
    private static readonly SourceSite Here = new("Pool.cs", 9, "Make");
    private static readonly SourceSite There = new("Queue.cs", 20, "Open");

    private static readonly MutexRow[] Four =
    [
        new() { Id = 1, Label = "A", Name = "A #1", Site = Here, Acquires = 1 },
        new() { Id = 2, Label = "A", Name = "A #2", Site = Here, Acquires = 2 },
        new() { Id = 3, Label = "A", Name = "A #3", Site = There, Acquires = 4 },
        new() { Id = 4, Label = "", Name = "Pool.cs:9", Site = Here, Acquires = 8 },
    ];

    [Theory]
    [InlineData(GroupBy.Class, "Pool.cs:9 8", "A #3 4", "A 3")]
    [InlineData(GroupBy.Mutex, "Pool.cs:9 8", "A #3 4", "A #2 2", "A #1 1")]
    [InlineData(GroupBy.Label, "(no label) 8", "A 7")]
    [InlineData(GroupBy.Site, "Pool.cs:9 11", "Queue.cs:20 4")]
    public void Mutexes_are_put_together_by_what_is_asked_for(GroupBy by, params string[] expected) =>
        Assert.Equal(expected, MutexGroup.Group(Four, by).Select(group => $"{group.Name} {group.Acquires}"));

    [Fact]
    public void Of_a_group_what_is_counted_adds_up_and_of_depths_and_grades_the_worst_stands()
    {
        MutexGroup group = MutexGroup.Of("both",
        [
            Four[0] with { Failed = 1, DeepestQueue = 3, OwnerSwitches = 10, BlamedNs = 100, Misuses = 1, DeepestRecursion = 1, Grade = TrustGrade.C },
            Four[1] with { Failed = 2, DeepestQueue = 2, OwnerSwitches = 20, BlamedNs = 200, Misuses = 0, DeepestRecursion = 4, Grade = TrustGrade.A },
        ]);

        Assert.Equal((3, 30, 300, 1), (group.Failed, group.OwnerSwitches, group.BlamedNs, group.Misuses));
        Assert.Equal((3, 4, TrustGrade.C), (group.DeepestQueue, group.DeepestRecursion, group.Grade));
    }

    [Fact]
    public void Groups_lose_nothing() => (from report in Reports.Any from grouping in Gen.Enum<GroupBy>() select (report.Mutexes, grouping)).Sample(drawn =>
    {
        (IReadOnlyList<MutexRow> mutexes, GroupBy by) = drawn;
        IReadOnlyList<MutexGroup> groups = MutexGroup.Group(mutexes, by);
        Assert.Equal(mutexes.Count, groups.Sum(group => group.Mutexes.Count));
        Assert.Equal(Total(mutexes.Select(mutex => mutex.Acquires)), Total(groups.Select(group => group.Acquires)));
        Assert.Equal(mutexes.Select(mutex => mutex.Wait.MaxNs).DefaultIfEmpty().Max(), groups.Select(group => group.Wait.MaxNs).DefaultIfEmpty().Max());
    });

    [Fact]
    public void Percentiles_of_a_group_are_those_of_its_intervals_together()
    {
        // 99 intervals of 100 to 101 ns in one mutex, one of 5000 to 5100 ns in another: the 99th of 100 is short, the 100th is long.
        var frequent = new DurationSummary { Count = 99, TotalNs = 9_900, MaxNs = 100, Histogram = [new HistogramBucket(100, 101, 99)] };
        var slow = new DurationSummary { Count = 1, TotalNs = 5_010, MaxNs = 5_010, Histogram = [new HistogramBucket(5_000, 5_100, 1)] };

        var both = DurationSummary.Combine([slow, frequent]);
        Assert.Equal(100, both.Count);
        Assert.Equal(14_910, both.TotalNs);
        Assert.Equal(149, both.MeanNs);
        Assert.Equal(100, both.P50Ns);
        Assert.Equal(100, both.P99Ns);
        Assert.Equal(5_010, both.P999Ns);
        Assert.Equal(5_010, both.MaxNs);
        Assert.Equal(100, both.Sampled);
    }

    [Theory]
    [InlineData("a", null, 3)]
    [InlineData("#2", null, 1)]
    [InlineData("#22", null, 0)]
    [InlineData(null, "pool", 3)]
    [InlineData(null, "Queue.cs:20", 1)]
    [InlineData("A", "Make", 2)]
    [InlineData(null, null, 4)]
    public void A_filter_keeps_what_matches(string? mutex, string? site, int kept) =>
        Assert.Equal(kept, new ReportFilter(mutex, site).Apply(Reports.ByHand with { Mutexes = Four }).Mutexes.Count);

    [Fact]
    public void A_filter_takes_rejections_and_live_mutexes_with_it()
    {
        LockReport report = new ReportFilter("Idle", null).Apply(Reports.ByHand);

        Assert.Empty(report.IrqlRejections);
        Assert.Empty(report.LiveMutexes);
        Assert.Equal(5_000, report.AllHolds.TotalNs);
        Assert.Equal(Reports.ByHand.Findings, report.Findings);
    }

    // Amounts reach up to the greatest number: sums stay there.
    private static long Total(IEnumerable<long> amounts) => (long)Int128.Min(long.MaxValue, amounts.Aggregate(Int128.Zero, (sum, amount) => sum + amount));
}
