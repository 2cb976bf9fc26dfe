using System.Globalization;
using System.Text;
using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>Each measured wait is divided over the holds that had the mutex during it; what lies between two holds is hand-off.</summary>
public sealed class BlameTests
{
    // Thread 3 waits from 1120 to 1305: 80 while thread 1 holds, 5 until thread 2 has it, 95 while that holds, 5 until it has it itself.
    private const string ThreeThreads = """
        t=1000 T1 site id=1 line=10 file=Queue.cs member=Push
        t=1000 T1 site id=2 line=20 file=Queue.cs member=Pop
        t=1001 T1 alloc m1 label=Queue
        t=1100 T1 acquire m1 seq=1 site=1
        t=1110 T2 block m1 req=1110 site=2
        t=1120 T3 block m1 req=1120 site=1
        t=1205 T2 acquire m1 seq=2 req=1110 site=2 waited
        t=1210 T1 release m1 seq=1 acq=1100 at=1200 site=1
        t=1305 T3 acquire m1 seq=3 req=1120 site=1 waited
        t=1310 T2 release m1 seq=2 acq=1205 at=1300 site=2
        t=1400 T3 release m1 seq=3 acq=1305 site=1
        t=2000 T9 other
        """;

    [Fact]
    public void A_wait_is_divided_over_all_that_held_the_mutex_meanwhile()
    {
        LockReport report = Script.Run(ThreeThreads);

        SourceSite push = new("Queue.cs", 10, "Push");
        SourceSite pop = new("Queue.cs", 20, "Pop");
        Assert.Equal(
            [
                new(BlameCause.Hold, pop, push, 95, 1),
                new(BlameCause.Hold, push, pop, 90, 1),
                new(BlameCause.Hold, push, push, 80, 1),
                new(BlameCause.HandOff, null, push, 10, 2),
                new(BlameCause.HandOff, null, pop, 5, 1),
            ],
            report.Blame.Sites);
        Assert.Equal([new(3, 2, 95, 1), new(2, 1, 90, 1), new(3, 1, 80, 1)], report.Blame.Threads);
        Assert.Equal((2, 280, 265, 15, 0), (report.Blame.Waits, report.Blame.WaitTicks, report.Blame.BlamedTicks, report.Blame.HandOffTicks, report.Blame.UnknownTicks));
        Assert.Equal(IdentityResult.Holds, report.Trace.Identities.Single(check => check.Name == "blame-adds-up").Result);
    }

    public static TheoryData<int, bool> Later() => [.. Enumerable.Range(55, 20).Concat([10, 500, 2000]).Concat(Enumerable.Range(1015, 15)).SelectMany(later => new[] { (later, true), (later, false) })];

    /// <summary>However many: on either side of the sixty-four that are kept, and of the thousand that are kept for such a release, for a mutex whose first acquire it was and for one that had been acquired before.</summary>
    [Theory]
    [MemberData(nameof(Later))]
    public void A_release_that_comes_after_many_later_acquires_is_late_and_neither_repeated_nor_without_acquire(int later, bool isFirst)
    {
        int first = isFirst ? 1 : 101;
        var script = new StringBuilder(isFirst ? "t=1000 T1 alloc m1 label=Queue\n" : "t=1001 T3 acquire m1 seq=100\nt=1002 T3 release m1 seq=100 acq=1001\n");
        script.Append(CultureInfo.InvariantCulture, $"t=1100 T1 acquire m1 seq={first}\n");
        for (int i = 0; i < later; i++)
        {
            int at = 1200 + (10 * i);
            script.Append(CultureInfo.InvariantCulture, $"t={at} T2 acquire m1 seq={first + 1 + i}\nt={at + 5} T2 release m1 seq={first + 1 + i} acq={at}\n");
        }

        script.Append(CultureInfo.InvariantCulture, $"t=90000 T1 release m1 seq={first} acq=1100 at=1150\nt=99999 T9 other");
        LockReport report = Script.Run(script.ToString());

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Empty(report.Oddities);
        int before = isFirst ? 0 : 1;
        Assert.Equal((before + later + 1, before + 50 + (5 * later), 0, 0), (mutex.Hold.Count, mutex.Hold.TotalNs, mutex.Hold.Unknown, mutex.Hold.Censored.Count));
        Assert.All(report.Trace.Identities, check => Assert.NotEqual(IdentityResult.Violated, check.Result));
    }

    /// <summary>Thread 2 asked after thread 1 had got the mutex and before that one looked at the clock. Nobody held it before number 1; before any other number nobody knows.</summary>
    [Theory]
    [InlineData(1, 10, 0)]
    [InlineData(5, 0, 10)]
    public void Before_the_first_acquisition_of_all_nobody_held_it(int first, long handedOff, long unknown)
    {
        LockReport report = Script.Run($"""
            t=1090 T2 block m1 req=1090
            t=1100 T1 acquire m1 seq={first}
            t=1150 T1 release m1 seq={first} acq=1100
            t=1150 T2 acquire m1 seq={first + 1} req=1090 waited
            t=1160 T2 release m1 seq={first + 1} acq=1150
            """);

        Assert.Equal((50, handedOff, unknown), (report.Blame.BlamedTicks, report.Blame.HandOffTicks, report.Blame.UnknownTicks));
    }

    /// <summary>A thread lets go and is kept from saying so, by others that have the processor, while the mutex goes round: its hold is in the division all the same.</summary>
    [Theory]
    [InlineData(100, 40, 10, 0)]
    [InlineData(1000, 40, 10, 0)]
    [InlineData(1100, 0, 0, 50)]
    public void A_wait_is_divided_once_the_release_has_come_if_that_is_not_too_late(int later, long blamed, long handedOff, long unknown)
    {
        var script = new StringBuilder("""
            t=1000 T1 alloc m1 label=Queue
            t=1100 T1 acquire m1 seq=1
            t=1110 T2 block m1 req=1110
            t=1160 T2 acquire m1 seq=2 req=1110 waited
            t=1170 T2 release m1 seq=2 acq=1160

            """);
        for (int i = 0; i < later; i++)
        {
            int at = 1200 + (10 * i);
            script.Append(CultureInfo.InvariantCulture, $"t={at} T2 acquire m1 seq={i + 3}\nt={at + 5} T2 release m1 seq={i + 3} acq={at}\n");
        }

        script.Append("t=90000 T1 release m1 seq=1 acq=1100 at=1150");
        LockReport report = Script.Run(script.ToString());

        Assert.Equal((blamed, handedOff, unknown), (report.Blame.BlamedTicks, report.Blame.HandOffTicks, report.Blame.UnknownTicks));
        Assert.Equal(unknown > 0 ? TrustGrade.B : TrustGrade.A, Assert.Single(report.Mutexes).Grade);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1100)]
    public void A_late_release_that_comes_again_is_repeated(int later)
    {
        var script = new StringBuilder("t=1000 T1 alloc m1 label=Queue\nt=1100 T1 acquire m1 seq=1\n");
        for (int i = 0; i < later; i++)
        {
            int at = 1200 + (10 * i);
            script.Append(CultureInfo.InvariantCulture, $"t={at} T2 acquire m1 seq={i + 2}\nt={at + 5} T2 release m1 seq={i + 2} acq={at}\n");
        }

        script.Append("t=90000 T1 release m1 seq=1 acq=1100 at=1150\nt=90001 T1 release m1 seq=1 acq=1100 at=1150\n");
        LockReport report = Script.Run(script.ToString());

        Assert.True(Assert.Single(report.Oddities) is { Kind: "release-repeated", Count: 1 });
        Assert.All(report.Trace.Identities, check => Assert.NotEqual(IdentityResult.Violated, check.Result));
    }

    /// <summary>Nothing said that thread 2 would wait through a hundred holds, so that not all of them are kept. From then on it is known that it may.</summary>
    [Fact]
    public void What_of_a_wait_reaches_back_further_than_what_is_kept_is_unknown_and_the_next_is_known()
    {
        var script = new StringBuilder();
        for (int round = 0; round < 2; round++)
        {
            int start = 1100 + (2000 * round);
            int first = 1 + (101 * round);
            for (int i = 0; i < 100; i++)
            {
                int at = start + (10 * i);
                script.Append(CultureInfo.InvariantCulture, $"t={at} T1 acquire m1 seq={first + i}\nt={at + 5} T1 release m1 seq={first + i} acq={at}\n");
            }

            script.Append(CultureInfo.InvariantCulture, $"t={start + 1000} T2 acquire m1 seq={first + 100} req={start} waited\nt={start + 1001} T2 release m1 seq={first + 100} acq={start + 1000}\n");
        }

        LockReport report = Script.Run(script.ToString());

        BlameSummary blame = report.Blame;
        Assert.Equal(2000, blame.BlamedTicks + blame.HandOffTicks + blame.UnknownTicks);
        Assert.InRange(blame.UnknownTicks, 1, 999);
        Assert.Equal((1000 - (blame.UnknownTicks / 2), 1000 - (blame.UnknownTicks / 2)), (blame.BlamedTicks, blame.HandOffTicks));
        Assert.Equal(blame.UnknownTicks, blame.Sites.Single(row => row.Cause == BlameCause.Unknown).Ns);
        Assert.Equal(IdentityResult.Holds, report.Trace.Identities.Single(check => check.Name == "blame-adds-up").Result);
    }

    /// <summary>Of a hundred acquisitions the last 63 are kept, from 1038 on: a wait that ended before that is in no queue any more, and one that reaches into it for the rest.</summary>
    [Theory]
    [InlineData(1030, 0, 0)]
    [InlineData(1038, 0, 0)]
    [InlineData(1090, 1, 52)]
    public void A_wait_that_was_given_up_long_ago_is_in_the_queue_for_what_is_kept(int gaveUp, int deepest, int ticks)
    {
        LockReport report = Script.Run($"t=1000 T1 alloc m1\n{Turns(1, 100)}t=2000 T2 fail m1 req=1010 at={gaveUp}");

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal((1, gaveUp - 1010), (mutex.Failed, mutex.FailedWait.TotalNs));
        Assert.Equal((deepest, ticks / 10.0), (mutex.DeepestQueue, mutex.WaitedForPercent));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1100)]
    public void Any_number_of_releases_may_be_late_at_a_time(int threads)
    {
        var script = new StringBuilder("t=1000 T1 alloc m1 label=Queue\n");
        for (int i = 1; i <= threads; i++)
        {
            script.Append(CultureInfo.InvariantCulture, $"t={1000 + (10 * i)} T{i} acquire m1 seq={i}\n");
        }

        for (int i = 1; i <= 100; i++)
        {
            script.Append(CultureInfo.InvariantCulture, $"t={20_000 + i} T{threads + 1} acquire m1 seq={threads + i}\nt={20_000 + i} T{threads + 1} release m1 seq={threads + i} acq={20_000 + i}\n");
        }

        for (int i = 1; i <= threads; i++)
        {
            script.Append(CultureInfo.InvariantCulture, $"t={30_000 + i} T{i} release m1 seq={i} acq={1000 + (10 * i)} at={1007 + (10 * i)}\n");
        }

        LockReport report = Script.Run(script.ToString());

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Empty(report.Oddities);
        Assert.Equal((threads + 100, 7 * threads, 0, 0), (mutex.Hold.Count, mutex.Hold.TotalNs, mutex.Hold.Unknown, mutex.Hold.Censored.Count));
    }

    /// <summary>No acquire is missing, so that this one was there, and its release, too: a second one contradicts them, and the grade says so.</summary>
    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1000)]
    public void A_release_that_is_there_twice_is_repeated_however_late(int acquires)
    {
        LockReport report = Script.Run($"t=1000 T1 alloc m1\n{Turns(1, acquires)}t=9000 T1 release m1 seq=1 acq=1001 at=1001");

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal("release-repeated", Assert.Single(report.Oddities).Kind);
        Assert.Equal((acquires, TrustGrade.D), (mutex.Hold.Count, mutex.Grade));
    }

    /// <summary>Where an acquire is missing, an old release may be that of the missing one. It is a hold of its own, and events are missing.</summary>
    [Fact]
    public void A_release_of_long_ago_may_be_that_of_an_acquire_that_is_missing()
    {
        LockReport report = Script.Run($"t=1000 T1 alloc m1\n{Turns(2, 100)}t=9000 T1 release m1 seq=1 acq=1001 at=1001");

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal("release-without-acquire", Assert.Single(report.Oddities).Kind);
        Assert.Equal((101, TrustGrade.C), (mutex.Hold.Count, mutex.Grade));
    }

    [Fact]
    public void An_acquire_that_comes_long_after_later_ones_still_gets_its_release()
    {
        LockReport report = Script.Run($"""
            t=1000 T1 alloc m1
            {Turns(2, 20)}t=1022 T9 acquire m1 seq=22
            {Turns(23, 100)}t=8000 T3 acquire m1 seq=1 at=1001
            t=8001 T3 release m1 seq=1 acq=1001 at=1001
            t=8002 T9 release m1 seq=22 acq=1022 at=1022
            """);

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Empty(report.Oddities);
        Assert.Equal((122, 0, TrustGrade.A), (mutex.Hold.Count, mutex.Hold.Unknown, mutex.Grade));
    }

    /// <summary>Of 6,000 that are awaited the oldest are forgotten: when those come they are not called repeated.</summary>
    [Fact]
    public void What_is_too_much_to_await_is_no_contradiction_when_it_comes()
    {
        const int Threads = 6000;
        var script = new StringBuilder("t=1000 T1 alloc m1\n");
        for (int i = 1; i <= Threads; i++)
        {
            script.Append(CultureInfo.InvariantCulture, $"t={1000 + i} T{i} acquire m1 seq={i}\n");
        }

        for (int i = 1; i <= Threads; i++)
        {
            script.Append(CultureInfo.InvariantCulture, $"t={10_000 + i} T{i} release m1 seq={i} acq={1000 + i} at={1000 + i}\n");
        }

        LockReport report = Script.Run(script.ToString());

        Assert.Equal("release-without-acquire", Assert.Single(report.Oddities).Kind);
        Assert.Equal(Threads, Assert.Single(report.Mutexes).Hold.Count);
    }

    [Fact]
    public void A_mutex_shows_its_queue_its_owners_and_the_place_to_blame()
    {
        MutexRow mutex = Assert.Single(Script.Run(ThreeThreads).Mutexes);

        Assert.Equal((265, 15, 0), (mutex.BlamedNs, mutex.HandOffNs, mutex.UnknownBlameNs));
        Assert.Equal("Queue.cs:10", mutex.TopWaitingSite?.Short);
        Assert.Equal("Queue.cs:10", mutex.TopBlamedSite?.Short);
        Assert.Equal(170, mutex.TopBlamedNs);
        Assert.Equal(2, mutex.DeepestQueue);
        Assert.Equal(2, mutex.OwnerSwitches);
        Assert.Equal(19.5, mutex.WaitedForPercent, 9);
        Assert.Equal(29, mutex.UtilisationPercent, 9);
        Assert.Equal(TrustGrade.A, mutex.Grade);
    }

    [Fact]
    public void Sites_and_threads_have_accounts_of_their_own()
    {
        LockReport report = Script.Run(ThreeThreads);

        Assert.Equal(
            [("Queue.cs:10", 2, 1, 185, 195, 170), ("Queue.cs:20", 1, 1, 95, 95, 95)],
            report.BySite.Select(row => (row.Name, row.Acquires, row.Contended, row.Wait.TotalNs, row.Hold.TotalNs, row.BlamedNs)));
        Assert.Equal(
            [(3, 185, 95, 9.5, 0), (2, 95, 95, 9.5, 95), (1, 0, 100, 10, 170)],
            report.ByThread.Select(row => (row.ThreadId!.Value, row.Wait.TotalNs, row.Hold.TotalNs, row.HeldPercent!.Value, row.BlamedNs)));
        Assert.All(report.BySite.Concat(report.ByProcess), row => Assert.Null(row.HeldPercent));
        Assert.Equal((280, 290, 265), Assert.Single(report.ByProcess) is var all ? (all.Wait.TotalNs, all.Hold.TotalNs, all.BlamedNs) : default);
    }

    [Fact]
    public void A_hold_whose_release_was_lost_is_blamed_for_nothing()
    {
        LockReport report = Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1305 T2 acquire m1 seq=2 req=1110 waited
            t=1400 T2 release m1 seq=2 acq=1305
            """, Script.Lossy);

        Assert.Equal((0, 0, 195), (report.Blame.BlamedTicks, report.Blame.HandOffTicks, report.Blame.UnknownTicks));
    }

    [Fact]
    public void Time_after_a_release_is_no_hand_off_where_an_acquisition_is_missing()
    {
        // Number 2 was lost: somebody else had the mutex between 1200 and 1305.
        LockReport report = Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1200 T1 release m1 seq=1 acq=1100
            t=1305 T2 acquire m1 seq=3 req=1110 waited
            """, Script.Lossy);

        Assert.Equal((90, 0, 105), (report.Blame.BlamedTicks, report.Blame.HandOffTicks, report.Blame.UnknownTicks));
    }

    [Fact]
    public void Nested_acquires_of_the_holder_leave_no_gap()
    {
        LockReport report = Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1120 T1 acquire m1 seq=2 depth=2
            t=1130 T1 release m1 seq=2 depth=2 acq=1120
            t=1200 T1 release m1 seq=1 acq=1100
            t=1205 T2 acquire m1 seq=3 req=1110 waited
            """);

        Assert.Equal((90, 5, 0), (report.Blame.BlamedTicks, report.Blame.HandOffTicks, report.Blame.UnknownTicks));
    }

    [Fact]
    public void Of_a_hold_from_before_the_recording_the_part_within_is_blamed()
    {
        LockReport report = Script.Run("""
            t=1205 T2 acquire m1 seq=42 req=1110 waited
            t=1210 T1 release m1 seq=41 acq=400 at=1200
            """);

        Assert.Equal((90, 5, 0), (report.Blame.BlamedTicks, report.Blame.HandOffTicks, report.Blame.UnknownTicks));
    }

    /// <summary>Two cannot have it at once: the first is blamed until the second had it, and the contradiction is told.</summary>
    [Fact]
    public void Of_a_hold_that_overlaps_the_next_the_part_before_that_is_blamed()
    {
        LockReport report = Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1200 T2 acquire m1 seq=2 req=1110 waited
            t=1300 T1 release m1 seq=1 acq=1100
            t=1400 T2 release m1 seq=2 acq=1200
            """);

        Assert.Equal((90, 0, 0), (report.Blame.BlamedTicks, report.Blame.HandOffTicks, report.Blame.UnknownTicks));
        Assert.Equal("holds-overlap", Assert.Single(report.Oddities).Kind);
    }

    [Fact]
    public void Waits_that_were_given_up_or_cut_lengthen_the_queue_and_are_not_divided()
    {
        LockReport report = Script.Run("""
            t=1100 T1 acquire m1 seq=1
            t=1110 T2 block m1 req=1110
            t=1150 T3 block m1 req=1150
            t=1180 T2 fail m1 req=1110
            t=1300 T9 other
            """);

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal(2, mutex.DeepestQueue);
        Assert.Equal(100.0 * 190 / 300, mutex.WaitedForPercent, 9);
        Assert.Equal(0, report.Blame.Waits);
    }

    [Fact]
    public void In_a_light_trace_a_contended_release_is_enough_to_blame_its_holder()
    {
        // Numbers 1 to 40 were never recorded. The release of 41 says who held, and nothing is missing between 41 and 42.
        LockReport report = Script.Run("""
            t=1110 T2 block m1 req=1110
            t=1205 T2 acquire m1 seq=42 req=1110 waited
            t=1210 T1 release m1 seq=41 acq=1050 at=1200 contended
            """);

        Assert.False(report.Trace.LockEventsRecorded);
        Assert.Equal((90, 5, 0), (report.Blame.BlamedTicks, report.Blame.HandOffTicks, report.Blame.UnknownTicks));
    }

    [Fact]
    public void A_mutex_that_passes_from_waiter_to_waiter_for_long_is_a_convoy()
    {
        Convoy convoy = Assert.Single(Script.Run(PassedOn(from: 1090, firstSequence: 1, handOffs: 20)).Convoys);

        Assert.Equal((110, 20, 230, 1), (convoy.OnsetNs, convoy.Length, convoy.DurationNs, convoy.Runs));
        Assert.Equal(Enumerable.Range(0, 20).Sum(i => 12 + (12 * i)), convoy.CostNs);
    }

    [Theory]
    [InlineData(15, new long[0])]
    [InlineData(16, new long[] { 16 })]
    public void Fewer_than_sixteen_hand_offs_are_none(int handOffs, long[] lengths) =>
        Assert.Equal(lengths, Script.Run(PassedOn(from: 1090, firstSequence: 1, handOffs)).Convoys.Select(convoy => convoy.Length));

    /// <summary>Each asks at the tick of the release: that is in time to be handed the mutex.</summary>
    [Fact]
    public void Who_asks_at_the_tick_of_the_release_is_waiting()
    {
        Assert.Equal(16, Assert.Single(Script.Run(AskedFor(handOffs: 16, after: 0, waits: 2)).Convoys).Length);
    }

    [Fact]
    public void Of_two_convoys_of_one_length_the_first_is_shown()
    {
        Convoy convoy = Assert.Single(Script.Run(PassedOn(from: 1090, firstSequence: 1, handOffs: 17) + PassedOn(from: 5090, firstSequence: 19, handOffs: 17)).Convoys);

        Assert.Equal((110, 17, 2), (convoy.OnsetNs, convoy.Length, convoy.Runs));
    }

    /// <summary>Each of many threads asks 10 ticks after the first has the mutex and holds it for 10; whoever releases, the next is already waiting. The last one releases, too.</summary>
    private static string PassedOn(int from, int firstSequence, int handOffs)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"t={from} T{firstSequence} acquire m1 seq={firstSequence}\n");
        for (int i = 1; i <= handOffs; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"t={from + 10} T{firstSequence + i} block m1\n");
        }

        int acquired = from;
        for (int i = 0; i < handOffs; i++)
        {
            int release = from + 20 + (12 * i);
            text.Append(CultureInfo.InvariantCulture, $"t={release} T{firstSequence + i} release m1 seq={firstSequence + i} acq={acquired}\n");
            acquired = release + 2;
            text.Append(CultureInfo.InvariantCulture, $"t={acquired} T{firstSequence + i + 1} acquire m1 seq={firstSequence + i + 1} req={from + 10} waited\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"t={acquired + 10} T{firstSequence + handOffs} release m1 seq={firstSequence + handOffs} acq={acquired}\n");
        return text.ToString();
    }

    /// <summary>Each asks after the release: the queue was empty then.</summary>
    [Fact]
    public void A_mutex_that_is_asked_for_only_after_each_release_is_no_convoy()
    {
        LockReport report = Script.Run(AskedFor(handOffs: 20, after: 1, waits: 3));

        Assert.Equal(20 * 3, report.Blame.HandOffTicks);
        Assert.Empty(report.Convoys);
    }

    /// <summary>Each of many threads asks some ticks after the one before has released, waits for some, and holds the mutex for ten.</summary>
    private static string AskedFor(int handOffs, int after, int waits)
    {
        var text = new StringBuilder("t=1090 T1 acquire m1 seq=1\n");
        for (int i = 0; i < handOffs; i++)
        {
            int release = 1110 + ((after + waits + 10) * i);
            text.Append(CultureInfo.InvariantCulture, $"t={release} T{i + 1} release m1 seq={i + 1} acq={(i == 0 ? 1090 : release - 10)}\n");
            text.Append(CultureInfo.InvariantCulture, $"t={release + after + waits} T{i + 2} acquire m1 seq={i + 2} req={release + after} waited\n");
        }

        return text.ToString();
    }

    [Fact]
    public void The_slowest_wait_is_followed_to_what_its_holder_waited_for_itself()
    {
        // Thread 3 waits for m1, which thread 2 holds while it waits for m2, which thread 1 holds.
        LockReport report = Script.Run("""
            t=1001 T1 alloc m1 label=Outer
            t=1002 T1 alloc m2 label=Inner
            t=1010 T1 acquire m2 seq=1
            t=1020 T2 acquire m1 seq=1
            t=1030 T2 block m2 req=1030
            t=1040 T3 block m1 req=1040
            t=1205 T2 acquire m2 seq=2 req=1030 waited
            t=1210 T1 release m2 seq=1 acq=1010 at=1200
            t=1220 T2 release m2 seq=2 acq=1205
            t=1235 T3 acquire m1 seq=2 req=1040 waited
            t=1240 T2 release m1 seq=1 acq=1020 at=1230
            t=1250 T3 release m1 seq=2 acq=1235
            """);

        Assert.Equal([195, 175], report.Blame.SlowestWaits.Select(chain => chain.WaitNs));
        BlockingChain chain = Assert.Single(report.Blame.LongestChains);
        Assert.Equal(
            [
                new BlockingLink(3, null, 1, "Outer", 2, null, 195, 190),
                new BlockingLink(2, null, 2, "Inner", 1, null, 175, 170),
            ],
            chain.Links);
        Assert.Equal(40, chain.StartNs);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(100)]
    public void The_main_holder_of_a_wait_is_the_longest_hold_within_it_however_many_wait(int waiters)
    {
        // All ask at once and hold for 10 ticks each in turn, but one in the middle for 1,000.
        int slow = (waiters / 2) + 1;
        List<string> steps = ["t=1100 T1 acquire m1 seq=1", .. Enumerable.Range(2, waiters).Select(i => $"t=1101 T{i} block m1 req=1101")];
        int now = 1200;
        for (int i = 1; i <= waiters; i++)
        {
            steps.Add($"t={now} T{i} release m1 seq={i} acq={(i == 1 ? 1100 : now - LengthOf(i))}");
            steps.Add($"t={now} T{i + 1} acquire m1 seq={i + 1} req=1101 waited");
            now += LengthOf(i + 1);
        }

        LockReport report = Script.Run(string.Join('\n', steps));

        Assert.Equal(waiters, report.Blame.Waits);
        Assert.All(
            report.Blame.SlowestWaits.Where(chain => chain.Links[0].WaiterThreadId > slow),
            chain => Assert.Equal((slow, 1000L), (chain.Links[0].HolderThreadId, chain.Links[0].BlamedNs)));

        int LengthOf(int thread) => thread == slow ? 1000 : 10;
    }

    /// <summary>
    /// Again and again a thread waits for one that itself waits, on a mutex that is looked at later: each path is completed when it is, however many were before it.
    /// </summary>
    [Fact]
    public void The_last_of_very_many_paths_is_as_complete_as_the_first()
    {
        const int Many = 1200;
        var text = new StringBuilder();
        int t = 1010;
        for (int i = 0; i < Many; i++)
        {
            (int outer, int inner, int middle, int end) = ((2 * i) + 1, (2 * i) + 2, 10 + i, t + 20 + i);
            text.Append(CultureInfo.InvariantCulture, $"""
                t={t} T{middle} acquire m{outer} seq=1
                t={t + 1} T1 acquire m{inner} seq=1
                t={end} T1 release m{inner} seq=1 acq={t + 1}
                t={end + 1} T{middle} acquire m{inner} seq=2 req={t + 2} waited
                t={end + 2} T{middle} release m{inner} seq=2 acq={end + 1}
                t={end + 3} T{middle} release m{outer} seq=1 acq={t}
                t={end + 4} T3 acquire m{outer} seq=2 req={t + 3} waited
                t={end + 5} T3 release m{outer} seq=2 acq={end + 4}

                """);
            t = end + 10;
        }

        BlockingChain slowest = Script.Run(text.ToString()).Blame.SlowestWaits[0];
        Assert.Equal([(3, 10 + Many - 1), (10 + Many - 1, 1)], slowest.Links.Select(link => (link.WaiterThreadId, link.HolderThreadId ?? 0)));
    }

    [Fact]
    public void A_path_ends_after_sixteen_waits()
    {
        // Each of twenty threads holds its own mutex and waits for that of the one before.
        var script = new StringBuilder("t=1010 T100 acquire m100 seq=1\n");
        for (int i = 1; i <= 20; i++)
        {
            script.Append(CultureInfo.InvariantCulture, $"t={1010 + i} T{100 + i} acquire m{100 + i} seq=1\nt={1100 + i} T{100 + i} block m{99 + i} req={1100 + i}\n");
        }

        for (int i = 1; i <= 20; i++)
        {
            int at = 2000 + (10 * i);
            script.Append(CultureInfo.InvariantCulture, $"t={at} T{99 + i} release m{99 + i} seq=1 acq={1009 + i}\nt={at + 1} T{100 + i} acquire m{99 + i} seq=2 req={1100 + i} waited\n");
        }

        BlockingChain longest = Script.Run(script.ToString()).Blame.LongestChains[0];

        Assert.Equal(Enumerable.Range(0, 16).Select(i => 120 - i), longest.Links.Select(link => link.WaiterThreadId));
    }

    [Fact]
    public void A_thread_that_waits_while_two_wait_for_it_is_followed_in_the_paths_of_both()
    {
        // Threads 3 and 4 wait for m1 through the hold of thread 2, which waits for m2 meanwhile.
        LockReport report = Script.Run("""
            t=1010 T1 acquire m2 seq=1
            t=1020 T2 acquire m1 seq=1
            t=1030 T2 block m2 req=1030
            t=1040 T3 block m1 req=1040
            t=1050 T4 block m1 req=1050
            t=1205 T2 acquire m2 seq=2 req=1030 waited
            t=1210 T1 release m2 seq=1 acq=1010 at=1200
            t=1220 T2 release m2 seq=2 acq=1205
            t=1235 T3 acquire m1 seq=2 req=1040 waited
            t=1240 T2 release m1 seq=1 acq=1020 at=1230
            t=1245 T4 acquire m1 seq=3 req=1050 waited
            t=1250 T3 release m1 seq=2 acq=1235 at=1242
            t=1260 T4 release m1 seq=3 acq=1245
            """);

        Assert.Equal(
            [(3, 190, 1, 170), (4, 180, 1, 170)],
            report.Blame.LongestChains.Select(chain => (chain.Links[0].WaiterThreadId, chain.Links[0].BlamedNs, chain.Links[1].HolderThreadId, chain.Links[1].BlamedNs)));
    }

    [Fact]
    public void One_mutex_is_exact_although_the_session_lost_events_elsewhere()
    {
        LockReport report = Script.Run("""
            t=1010 T1 alloc m1
            t=1100 T1 acquire m1 seq=1
            t=1200 T1 release m1 seq=1 acq=1100
            t=1300 T1 free m1 acquires=1
            t=1310 T1 acquire m2 seq=5
            t=1320 T1 release m2 seq=5 acq=1310
            """, Script.Lossy);

        Assert.Equal([TrustGrade.A, TrustGrade.C], report.Mutexes.Select(mutex => mutex.Grade));
    }

    /// <summary>A thread acquires and releases again and again, from this number on.</summary>
    private static string Turns(int first, int count) => string.Concat(Enumerable.Range(first, count).Select(i => string.Create(
        CultureInfo.InvariantCulture, $"t={1000 + i} T1 acquire m1 seq={i}\nt={1000 + i} T1 release m1 seq={i} acq={1000 + i}\n")));
}
