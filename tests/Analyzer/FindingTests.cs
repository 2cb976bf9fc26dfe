using System.Globalization;
using Tracing.Analysis.Findings;
using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>Findings: what the report says, in words, the worst first.</summary>
public sealed class FindingTests
{
    private const string Opposite = """
        t=1002 T1 alloc m1 label=Disk
        t=1002 T1 alloc m2 label=Net
        t=1100 T1 acquire m1 seq=1
        t=1110 T1 acquire m2 seq=1
        t=1120 T1 release m2 seq=1 acq=1110
        t=1130 T1 release m1 seq=1 acq=1100
        t=1200 T2 acquire m2 seq=2
        t=1210 T2 acquire m1 seq=2
        t=1220 T2 release m1 seq=2 acq=1210
        t=1230 T2 release m2 seq=2 acq=1200
        """;

    [Fact]
    public void A_recording_in_which_all_went_well_has_none() => Assert.Empty(Script.Run("""
        t=1010 T1 alloc m1 label=Quiet
        t=1100 T1 acquire m1 seq=1
        t=1110 T1 release m1 seq=1 acq=1100
        t=1120 T1 free m1 acquires=1 holds=1 holdTotal=10 holdMax=10
        """).Findings);

    [Fact]
    public void Contradicting_orders_are_told_with_both_places_and_how_near_they_came()
    {
        Finding finding = Find(Script.Run(Opposite), "possible-deadlock");

        Assert.Equal(
            "Different threads take locks in contradicting orders and can block each other for good: Net was taken while Disk was held (1 time), and Disk was taken while Net was held (1 time); they came within 90 ns of each other.",
            finding.Sentence);
        Assert.Equal((FindingSeverity.Error, "Disk Net"), (finding.Severity, finding.Subject));
        Assert.Contains(new FindingNumber("nearest", 90, "ns"), finding.Numbers);
    }

    [Fact]
    public void A_deadlock_of_the_same_locks_says_it_all()
    {
        LockReport report = Script.Run($"""
            {Opposite}
            t=1300 T1 acquire m1 seq=3
            t=1310 T2 acquire m2 seq=3
            t=1320 T1 block m2
            t=1350 T2 block m1
            t=1400 T1 fail m2 req=1320
            """);

        Finding finding = report.Findings[0];
        Assert.Equal("deadlock", finding.Kind);
        Assert.Equal(
            "2 threads were in a deadlock: thread 2 waited for Disk, thread 1 waited for Net, each held by the next; a timeout ended it after 50 ns.",
            finding.Sentence);
        Assert.DoesNotContain(report.Findings, other => other.Kind == "possible-deadlock");
    }

    [Fact]
    public void An_abandoned_mutex_names_the_thread_and_the_place()
    {
        LockReport report = Script.Run("""
            t=1001 T1 site id=4 line=40 file=Job.cs member=Work
            t=1002 T1 alloc m1 label=Jobs
            t=1100 T1 acquire m1 seq=1 site=4
            t=1200 T2 acquire m1 seq=2 abandoned
            """);

        Assert.Equal(
            "Jobs was abandoned 1 time: thread 1 ended while it held the mutex acquired at Job.cs:40.", Find(report, "abandoned").Sentence);
    }

    [Fact]
    public void A_failed_allocation_is_told_with_its_place()
    {
        LockReport report = Script.Run("""
            t=1001 T1 site id=4 line=40 file=Job.cs member=Work
            t=1100 T1 alloc-failed site=4 bytes=96
            t=1200 T1 alloc-failed site=4 bytes=64
            """);

        Assert.Equal([new AllocationFailureRow("KMutex", new SourceSite("Job.cs", 40, "Work"), 96, 2, 100)], report.AllocationFailures);
        Assert.Equal(
            "2 allocations of a KMutex failed at Job.cs:40 for lack of pool memory, of 96 bytes at most.", Find(report, "allocation-failed").Sentence);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("timed", false)]
    [InlineData("alertable", false)]
    public void A_KMutex_that_needs_nothing_special_could_be_a_FastMutex(string flag, bool expected)
    {
        IEnumerable<string> uses = Enumerable.Range(1, 1000).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"t={1000 + (10 * i)} T1 acquire m1 seq={i} {flag}\nt={1005 + (10 * i)} T1 release m1 seq={i} acq={1000 + (10 * i)}"));

        Assert.Equal(
            expected, Script.Run(string.Join('\n', uses.Prepend("t=1001 T1 alloc m1 label=Plain"))).Findings.Any(finding => finding is { Kind: "fast-mutex-candidate", Subject: "Plain" }));
    }

    [Fact]
    public void KMutexes_of_one_class_could_be_FastMutexes_together_or_not_at_all() => Assert.Equal(["Pair 2", "Single 1"], Candidates("""
        t=1010 T1 alloc m1 label=Pair
        t=1010 T1 alloc m2 label=Pair
        t=1010 T1 alloc m3 label=Single
        t=1010 T1 alloc m4 label=Mixed
        t=1010 T1 alloc m5 label=Mixed
        t=1100 T1 acquire m1 seq=1
        t=1200 T1 acquire m2 seq=1
        t=1300 T1 acquire m3 seq=1
        t=1400 T1 acquire m4 seq=1
        t=1500 T1 acquire m5 seq=1 timed
        """));

    [Fact]
    public void Candidates_of_several_builds_are_called_with_their_build() => Assert.Equal(["Pair [11111111] 2", "Pair #1 [22222222] 1"], Candidates("""
        t=1001 T1 started build=11111111
        t=1010 T1 alloc m1 label=Pair
        t=1010 T1 alloc m2 label=Pair
        t=1100 T1 acquire m1 seq=1
        t=1200 T1 acquire m2 seq=1
        t=1290 T1 stopped live=2
        t=1300 T1 started build=22222222
        t=1310 T1 alloc m1 label=Pair
        t=1400 T1 acquire m1 seq=1
        """));

    [Fact]
    public void Where_events_are_missing_nothing_is_known_to_be_a_candidate()
    {
        const string used = "t=1001 T1 alloc m1\nt=1100 T1 acquire m1 seq=1";
        Assert.Single(Script.Run(used).FastMutexCandidates);
        Assert.Empty(Script.Run(used, Script.Lossy).FastMutexCandidates);
    }

    [Fact]
    public void A_KMutex_of_which_an_acquire_is_missing_could_not() => Assert.Empty(Script.Run("t=1001 T1 alloc m1\nt=1100 T1 acquire m1 seq=2").FastMutexCandidates);

    [Fact]
    public void A_recursive_KMutex_could_not() => Assert.Empty(Script.Run("""
        t=1001 T1 alloc m1
        t=1100 T1 acquire m1 seq=1
        t=1110 T1 acquire m1 seq=2 depth=2
        """).FastMutexCandidates);

    [Fact]
    public void Missing_events_are_a_finding_too() =>
        Assert.Equal(FindingSeverity.Note, Find(Script.Run("t=1100 T1 acquire m1 seq=1\nt=1110 T1 release m1 seq=1 acq=1100", Script.Lossy), "low-trust").Severity);

    [Fact]
    public void Waiting_that_adds_up_to_little_is_a_note()
    {
        const string Waits = """
            t=1010 T1 alloc m1 label=Busy
            t=1100 T1 acquire m1 seq=1
            t=1110 T2 block m1 req=1110
            t=1140 T1 release m1 seq=1 acq=1100
            t=1141 T2 acquire m1 seq=2 req=1110 waited
            t=1150 T2 release m1 seq=2 acq=1141
            """;

        Assert.Equal(FindingSeverity.Warning, Find(Script.Run(Waits, Script.Complete with { DurationNs = 3_100 }), "contention").Severity);
        Assert.Equal(FindingSeverity.Note, Find(Script.Run(Waits, Script.Complete with { DurationNs = 3_200 }), "contention").Severity);
    }

    [Fact]
    public void Contention_names_the_place_that_the_waits_were_for_and_a_slow_hold_says_how_slow()
    {
        LockReport report = Script.Run("""
            t=1001 T1 site id=7 line=7 file=Config.cs member=Reload
            t=1001 T1 site id=8 line=8 file=Config.cs member=Read
            t=1010 T1 alloc m1 label=Config
            t=1100 T1 acquire m1 seq=1 site=7
            t=1110 T2 block m1 req=1110 site=8
            t=1500 T1 release m1 seq=1 acq=1100 site=7
            t=1510 T2 acquire m1 seq=2 req=1110 site=8 waited
            t=1520 T2 release m1 seq=2 acq=1510 site=8
            """);

        Assert.StartsWith("Config was waited for 76.9 % of the time, 400 ns in total, 100 % of all waiting; 98 % of that while held at Config.cs:7, 100 % of it by thread 1.", Find(report, "contention").Sentence, StringComparison.Ordinal);
        Finding slow = Find(report, "slow-hold");
        Assert.Equal(
            "Config is held for 400 ns on average when acquired at Config.cs:7, and for 10 ns elsewhere: 98 % of the waiting for it, 390 ns, was for those holds.",
            slow.Sentence);
        Assert.Equal(("Config Config.cs:7", "Config.cs:7"), (slow.Subject, slow.Site!.Short));
    }

    /// <summary>Threads 1 and 3 each hold it at one place while thread 2 waits.</summary>
    [Theory]
    [InlineData(100, 300, ", 75 % of it by thread 3 pump. ")]
    [InlineData(200, 200, ". ")]
    public void Contention_names_the_thread_that_held_there_when_most_of_it_was_one(int first, int second, string whose)
    {
        int handedOver = 1050 + first;
        int end = handedOver + second;
        LockReport report = Script.Run($"""
            t=1001 T1 site id=7 line=7 file=Config.cs member=Reload
            t=1010 T1 alloc m1 label=Config
            t=1050 T1 acquire m1 seq=1 site=7
            t=1050 T2 block m1 req=1050 site=8
            t={handedOver} T1 release m1 seq=1 acq=1050 site=7
            t={handedOver} T3 acquire m1 seq=2 site=7
            t={end} T3 release m1 seq=2 acq={handedOver} site=7
            t={end} T2 acquire m1 seq=3 req=1050 waited site=8
            """, Script.Complete with { Names = new ThreadNames(new Dictionary<int, ThreadName> { [3] = new("pump", 0) }, new Dictionary<int, string>()) });

        Assert.Contains($"100 % of that while held at Config.cs:7{whose}", Find(report, "contention").Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, " In those holds the thread ran for 20 % of the time, waited for 80 %, and was ready without a processor for 0 %.", "Take out of the lock")]
    [InlineData(1, " In those holds the thread ran for 20 % of the time, waited for 0 %, and was ready without a processor for 80 %.", "The holder had no processor")]
    public void A_slow_hold_says_what_the_holder_did_when_the_recording_tells(int state, string sentence, string advice)
    {
        Finding slow = Find(
            Script.Run($"""
                t=1050 T1 runs
                t=1100 T1 acquire m1 seq=1 site=7
                t=1110 T2 block m1 req=1110 site=8
                t=1140 T0 runs from=1 state={state}
                t=1460 T1 runs
                t=1500 T1 release m1 seq=1 acq=1100 site=7
                t=1510 T2 acquire m1 seq=2 req=1110 site=8 waited
                t=1520 T2 release m1 seq=2 acq=1510 site=8
                """),
            "slow-hold");

        Assert.EndsWith(sentence, slow.Sentence, StringComparison.Ordinal);
        Assert.StartsWith(advice, slow.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_while_nobody_holds_is_hand_off()
    {
        LockReport report = Script.Run("""
            t=1010 T1 alloc m1 label=Config
            t=1100 T1 acquire m1 seq=1
            t=1110 T2 block m1 req=1110
            t=1120 T1 release m1 seq=1 acq=1100
            t=1210 T2 acquire m1 seq=2 req=1110 waited
            t=1220 T2 release m1 seq=2 acq=1210
            """);

        Assert.Equal(
            "90 % of the waiting for Config, 90 ns, passed while nobody held it: released, and the next owner not yet running.", Find(report, "hand-off").Sentence);
    }

    [Fact]
    public void Defects_come_before_costs_and_costs_before_notes()
    {
        LockReport report = Script.Run($"""
            {Opposite}
            t=1300 T1 misuse m1 kind=1
            t=1400 T1 alloc-failed bytes=96
            """);

        Assert.Equal(["misuse", "possible-deadlock", "allocation-failed", "live"], report.Findings.Select(finding => finding.Kind));
        Assert.Equal(report.Findings.Select(finding => finding.Sentence), Verdict.Reach(report).Select(finding => finding.Sentence));
    }

    private static IEnumerable<string> Candidates(string text) => Script.Run(text).FastMutexCandidates.Select(candidate => $"{candidate.Name} {candidate.Acquires}");

    private static Finding Find(LockReport report, string kind) => Assert.Single(report.Findings, finding => finding.Kind == kind);
}
