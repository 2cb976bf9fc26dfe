using System.Globalization;
using CsCheck;
using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>What is known about mutexes that are live at the end, and how their number went.</summary>
public sealed class LiveClassTests
{
    [Fact]
    public void Idle_is_what_was_not_acquired_in_the_last_half_of_the_recording()
    {
        LockReport report = Script.Run("""
            t=1000 T1 alloc m1
            t=1000 T1 alloc m2
            t=1100 T1 acquire m1 seq=1
            t=1150 T1 release m1 seq=1 acq=1100
            t=1600 T4 acquire m2 seq=1
            t=1650 T4 release m2 seq=1 acq=1600
            t=1700 T1 alloc m3
            t=2000 T9 other
            """);

        Assert.Equal(
            [(1UL, LiveClass.Idle, (long?)900, (int?)1), (2UL, LiveClass.InUse, 400, 4), (3UL, LiveClass.InUse, null, null)],
            report.LiveMutexes.Select(mutex => (mutex.Id, mutex.Class, mutex.LastUsedNs, mutex.LastThreadId)));
    }

    [Fact]
    public void Stuck_is_what_is_held_at_the_end_for_longer_than_ever_before()
    {
        LockReport report = Script.Run("""
            t=1001 T1 site id=4 line=40 file=Job.cs member=Work
            t=1010 T1 alloc m1 label=Jobs
            t=1100 T1 acquire m1 seq=1
            t=1200 T1 release m1 seq=1 acq=1100
            t=1700 T2 acquire m1 seq=2 site=4
            t=1800 T3 block m1
            t=2000 T9 other
            """);

        LiveMutexRow stuck = Assert.Single(report.LiveMutexes);
        Assert.Equal(
            (LiveClass.Stuck, 2, "Job.cs:40", 300L, 1), (stuck.Class, stuck.OwnerThreadId, stuck.OwnerSite!.Short, stuck.HeldForNs, stuck.Waiters));
        Assert.Contains(report.Findings, finding => finding is { Kind: "stuck", Severity: FindingSeverity.Warning, Subject: "Jobs" });
    }

    [Fact]
    public void A_busy_mutex_that_is_held_at_the_end_by_chance_is_not_stuck() =>
        Assert.Equal(LiveClass.InUse, Assert.Single(Script.Run("""
            t=1010 T1 alloc m1
            t=1100 T1 acquire m1 seq=1
            t=1200 T1 release m1 seq=1 acq=1100
            t=1950 T2 acquire m1 seq=2
            t=2000 T9 other
            """).LiveMutexes).Class);

    [Fact]
    public void Held_all_through_the_recording_is_known_by_a_rundown()
    {
        const string Rundown = """
            t=1010 T1 rundown id=1
            t=1020 T1 state m5 id=1 label=Old born=400 acquires=7 owner=6 ownerSeq=7 since=500
            t=1030 T1 rundown-end id=1 written=1
            t=1500 T9 other
            """;
        LiveMutexRow stuck = Assert.Single(Script.Run(Rundown).LiveMutexes);
        Assert.Equal((LiveClass.Stuck, 6, 1000L), (stuck.Class, stuck.OwnerThreadId, stuck.HeldForNs));

        Assert.Null(Assert.Single(Script.Run($"{Rundown}\nt=1600 T6 release m5 seq=7 acq=500").LiveMutexes).OwnerThreadId);
        Assert.Null(Assert.Single(Script.Run(Rundown, Script.Lossy).LiveMutexes).OwnerThreadId);
    }

    [Fact]
    public void An_allocation_site_grows_when_its_lowest_number_rises_from_quarter_to_quarter()
    {
        // Every 10 ticks one more, every other one freed again.
        LockReport report = Script.Run(Steps(64, i => i % 2 == 0 ? [$"alloc m{i} site=3 label=Cell"] : [$"alloc m{i} site=3", $"free m{i}"]));

        LiveGrowth growth = Assert.Single(report.Growth);
        Assert.True(growth.Rises);
        Assert.Equal((64L, 32L), (growth.Allocations, growth.Frees));
        Assert.Equal(32, growth.Curve[^1].Live);
        Assert.InRange(growth.PerSecond, 0.045e9, 0.055e9);
        Assert.All(report.LiveMutexes, mutex => Assert.Equal(LiveClass.Growing, mutex.Class));
        Assert.Equal("growing", report.Findings[0].Kind);
    }

    /// <summary>The release was in a buffer that is overwritten.</summary>
    [Theory]
    [InlineData("state m1 id=1 acquires=1", null)]
    [InlineData("state m1 id=1 acquires=3 owner=5 ownerSeq=3 since=1500", null)]
    [InlineData("state m1 id=1 acquires=1 owner=2 ownerSeq=1 since=1100", 2)]
    [InlineData("state m1 id=1", 2)]
    public void A_rundown_knows_better_whether_an_earlier_acquire_still_holds(string state, int? owner)
    {
        LockReport report = Script.Run($"""
            t=1010 T1 alloc m1
            t=1100 T2 acquire m1 seq=1
            t=1900 T1 {state}
            """);

        Assert.Equal(owner, Assert.Single(report.LiveMutexes).OwnerThreadId);
        Assert.Equal(owner is null ? 1 : 0, Assert.Single(report.Mutexes).Hold.Unknown);
    }

    [Fact]
    public void Allocations_at_the_start_that_stay_do_not_grow_and_neither_do_numbers_that_fall_back()
    {
        Assert.False(Assert.Single(Script.Run(Steps(64, i => i < 8 ? [$"alloc m{i} site=3"] : ["other"])).Growth).Rises);
        Assert.False(Assert.Single(Script.Run(Steps(64, i => i < 32 ? [$"alloc m{i} site=3"] : [$"free m{i - 32}"])).Growth).Rises);
    }

    [Fact]
    public void Where_events_are_missing_frees_may_be_and_nothing_is_said_to_grow()
    {
        string steps = Steps(64, i => [$"alloc m{i} site=3"]);
        Assert.True(Assert.Single(Script.Run(steps).Growth).Rises);

        LockReport lossy = Script.Run(steps, Script.Lossy);
        Assert.False(Assert.Single(lossy.Growth).Rises);
        Assert.DoesNotContain(LiveClass.Growing, lossy.LiveMutexes.Select(mutex => mutex.Class));
    }

    [Fact]
    public void A_mutex_that_a_rundown_tells_of_was_live_all_along()
    {
        LiveGrowth growth = Assert.Single(Script.Run(Steps(20, i => i switch
        {
            10 => ["state m500 id=1 site=3 born=400"],
            15 => ["free m500"],
            _ => ["other"],
        })).Growth);

        Assert.Equal((1L, 0L), (growth.Curve[0].Live, growth.Curve[^1].Live));
        Assert.Equal((0L, 1L), (growth.Allocations, growth.Frees));
    }

    [Fact]
    public void Each_point_of_a_curve_is_the_number_of_allocations_less_frees_so_far() =>
        Gen.Select(Gen.Int[1, 5000].List[1, 200], Gen.Int[0, 9]).Sample((gaps, freed) =>
        {
            var lines = new List<string>();
            var changes = new List<(long At, int Change)>();
            long now = 1000;
            for (int i = 0; i < gaps.Count; i++)
            {
                now += gaps[i];
                bool free = i % 10 < freed && i > 0 && changes.Sum(change => change.Change) > 0;
                changes.Add((now, free ? -1 : 1));
                lines.Add(Line(now, free ? $"free m{FirstLive(lines)}" : $"alloc m{i} site=3"));
            }

            LiveGrowth growth = Assert.Single(Script.Run(string.Join('\n', lines)).Growth);
            Assert.InRange(growth.Curve.Count, 1, 64);
            Assert.All(growth.Curve.SkipLast(1), point => Assert.Equal(changes.Where(change => change.At < 1000 + point.AtNs).Sum(change => change.Change), point.Live));
            Assert.Equal((now - 1000, changes.Sum(change => change.Change)), (growth.Curve[^1].AtNs, growth.Curve[^1].Live));
        });

    private static string FirstLive(List<string> lines) => lines.Where(line => line.Contains("alloc", StringComparison.Ordinal)).Select(line => line.Split(' ')[3][1..])
        .First(id => !lines.Exists(line => line.EndsWith($"free m{id}", StringComparison.Ordinal)));

    private static string Steps(int count, Func<int, string[]> step) =>
        string.Join('\n', Enumerable.Range(0, count).SelectMany(i => step(i).Select(what => Line(1010 + (i * 10), what))));

    private static string Line(long time, string what) => string.Create(CultureInfo.InvariantCulture, $"t={time} T1 {what}");
}
