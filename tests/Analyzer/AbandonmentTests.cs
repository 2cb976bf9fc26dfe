using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>A thread that ends while it holds a mutex abandons it.</summary>
public sealed class AbandonmentTests
{
    private const string Held = """
        t=1001 T1 site id=4 line=40 file=Job.cs member=Work
        t=1002 T1 alloc m1 label=Jobs
        t=1100 T1 acquire m1 seq=1 site=4
        """;

    private static readonly AbandonmentRow Expected = new(1, "Jobs", new SourceSite("Job.cs", 40, "Work"), 1, 1, 200);

    [Fact]
    public void The_next_owner_learns_that_the_mutex_was_abandoned() =>
        Assert.Equal([Expected], Script.Run($"{Held}\nt=1200 T2 acquire m1 seq=2 abandoned").Abandonments);

    [Fact]
    public void The_kernel_tells_that_a_thread_has_ended() =>
        Assert.Equal([Expected], Script.Run($"{Held}\nt=1200 T1 thread-end").Abandonments);

    [Fact]
    public void Both_tell_of_one_abandonment() =>
        Assert.Equal([Expected], Script.Run($"{Held}\nt=1200 T1 thread-end\nt=1300 T2 acquire m1 seq=2 abandoned").Abandonments);

    [Fact]
    public void A_thread_that_has_released_all_may_end() =>
        Assert.Empty(Script.Run($"{Held}\nt=1150 T1 release m1 seq=1 acq=1100\nt=1200 T1 thread-end").Abandonments);

    [Fact]
    public void Where_the_release_may_be_missing_the_end_of_a_thread_tells_nothing() =>
        Assert.Empty(Script.Run($"{Held}\nt=1200 T1 thread-end", Script.Lossy).Abandonments);

    [Fact]
    public void A_next_owner_that_was_not_told_so_shows_that_the_release_is_missing() =>
        Assert.Empty(Script.Run($"{Held}\nt=1200 T1 thread-end\nt=1300 T2 acquire m1 seq=2").Abandonments);

    [Fact]
    public void A_light_recording_has_no_release_that_nobody_waited_for() => Assert.Empty(Script.Run("""
        t=1050 T1 alloc m1 label=Jobs
        t=1100 T1 block m1
        t=1150 T1 acquire m1 seq=2 req=1100 waited
        t=1200 T1 thread-end
        """).Abandonments);

    [Fact]
    public void Nobody_is_named_when_another_owner_may_have_come_between() =>
        Assert.Equal([new AbandonmentRow(1, "Jobs", null, null, 1, 300)], Script.Run($"{Held}\nt=1300 T2 acquire m1 seq=3 abandoned", Script.Lossy).Abandonments);

    [Fact]
    public void Nor_is_the_end_of_an_earlier_owner_when_it_became_known() =>
        Assert.Equal([new AbandonmentRow(1, "Jobs", null, null, 1, 300)], Script.Run($"{Held}\nt=1200 T1 thread-end\nt=1300 T2 acquire m1 seq=3 abandoned", Script.Lossy).Abandonments);

    [Fact]
    public void Who_has_released_has_not_abandoned() =>
        Assert.Null(Assert.Single(Script.Run($"{Held}\nt=1150 T1 release m1 seq=1 acq=1100\nt=1300 T2 acquire m1 seq=2 abandoned").Abandonments).ThreadId);

    [Fact]
    public void What_was_taken_again_within_the_hold_is_none() =>
        Assert.Equal(
            [Expected with { FirstNs = 300 }],
            Script.Run($"{Held}\nt=1110 T1 acquire m1 seq=2 depth=2\nt=1120 T1 release m1 seq=2 depth=2\nt=1300 T2 acquire m1 seq=3 abandoned").Abandonments);

    [Fact]
    public void An_owner_from_before_the_recording_is_not_known() =>
        Assert.Equal([new AbandonmentRow(1, "#1", null, null, 1, 200)], Script.Run("t=1200 T2 acquire m1 seq=9 abandoned").Abandonments);
}
