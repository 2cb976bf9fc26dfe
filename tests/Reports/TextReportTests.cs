using CsCheck;
using Tracing.Reports.Model;
using Tracing.Reports.Text;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Tests;

public sealed class TextReportTests
{
    [Fact]
    public void A_report_made_by_hand_reads_as_expected()
    {
        string[] lines = Lines(Reports.ByHand, new TextStyle());

        Assert.Equal("queue.etl  2.00 s, 4 CPUs, Windows 10.0.26100, recorded by KMutex", lines[0]);
        Assert.Equal("Trust A: 4,990 driver events of 5,000, lost 0 events and 0 buffers, 0 gaps, rundown complete, 1", lines[1]);
        Assert.Equal("         identities hold.", lines[2]);
        Assert.Contains("  1. contention: DeviceQueue was waited for 1.20 s in total.", lines);
        Assert.Contains("mutex        acquires  waited     %   total     mean      p50      p99      max", lines);
        Assert.Contains("DeviceQueue     1,000     400  40.0  1.20 s  3.00 ms  2.50 ms  9.00 ms  12.3 ms", lines);
        Assert.Contains("  Nobody waited for the others: 1 mutex, 10 acquires.", lines);
        Assert.DoesNotContain(lines.SkipWhile(line => line != "Waits").TakeWhile(line => line != "Holds"), line => line.StartsWith("Idle", StringComparison.Ordinal));
        Assert.Contains("DeviceQueue  1,000      1       75.0   1.50 s  1.50 ms  1.40 ms  3.00 ms  3.20 ms", lines);
        Assert.Contains("DeviceQueue  Lock       DISPATCH_LEVEL (2)  APC_LEVEL (1)  Dpc.cs:20      7", lines);
        Assert.Contains("DeviceQueue  leaked  Queue.cs:118      1     96  1.90 s          -     0", lines);
    }

    [Fact]
    public void Acquires_that_gave_up_are_told_below_the_waits_the_most_first()
    {
        MutexRow[] mutexes =
        [
            Row("Once", acquires: 5, contended: 0, wait: 0, hold: 0) with { Failed = 1, FailedWait = new DurationSummary { Count = 1, TotalNs = 9_000_000, MaxNs = 9_000_000 } },
            Row("Often", acquires: 5, contended: 0, wait: 0, hold: 0) with { Failed = 7, FailedWait = new DurationSummary { Count = 7, TotalNs = 8_000_000, MaxNs = 5_000_000 } },
            Row("Never", acquires: 3, contended: 0, wait: 0, hold: 0),
        ];

        LockReport report = Reports.ByHand with { Mutexes = mutexes };
        string[] lines = Lines(report, new TextStyle());
        Assert.Equal(
            ["  Acquires that gave up, not counted above: Often 7 (after at most 5.00 ms), Once 1 (after at most", "  9.00 ms).", "  Nobody waited for the others: 1 mutex, 3 acquires."],
            lines.SkipWhile(line => !line.Contains("gave up", StringComparison.Ordinal)).Take(3));
        Assert.Contains("  Acquires that gave up, not counted above: Often 7 (after at most 5.00 ms), and 1 more.", Lines(report, new TextStyle { Top = 1 }));
        Assert.DoesNotContain("gave up", Write(Reports.ByHand, new TextStyle()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_finding_is_called_what_explain_knows_it_by()
    {
        LockReport report = Reports.ByHand with { Findings = [new Finding(FindingSeverity.Error, "leak", "Two were left."), new Finding(FindingSeverity.Note, "hand-off", "It goes round.")] };

        Assert.Equal(
            ["  1. leak: Two were left.", "  2. hand-off: It goes round.", "  What a finding means, how sure it is, what to do: kmutex explain leak"],
            Lines(report, new TextStyle()).SkipWhile(line => line != "What to fix first").Skip(1).Take(3));
        Assert.DoesNotContain("kmutex explain", Write(report with { Findings = [] }, new TextStyle()), StringComparison.Ordinal);
    }

    [Fact]
    public void No_line_is_wider_than_100_cells_whatever_the_trace_holds() => Reports.Any.Sample(report =>
        Assert.All(Lines(report, new TextStyle { Top = 5 }), line => Assert.True(SafeText.CellsOf(line) <= 100, line)));

    [Theory]
    [InlineData(UsageBy.CallSite)]
    [InlineData(UsageBy.Thread)]
    [InlineData(UsageBy.Process)]
    public void The_use_of_locks_is_as_wide_as_the_rest_and_its_numbers_are_whole(UsageBy by)
    {
        var times = new DurationSummary { Count = 12_345_678, TotalNs = 99_900_000, P99Ns = 99_900_000, MaxNs = 99_900_000 };
        UsageRow[] rows =
        [
            new() { Name = "ALongNameOfAFile.cs:1234", ThreadId = by == UsageBy.Thread ? 30_004 : null, Acquires = 1_234_567, Contended = 1_234_567, Wait = times, Hold = times, BlamedNs = 99_900_000, HeldPercent = 100, TopBlamedSite = new SourceSite("AnotherLongNameOfAFile.cs", 1234, "") },
        ];

        string[] lines = Lines(Reports.ByHand with { BySite = rows, ByThread = rows, ByProcess = rows }, new TextStyle { Usage = by });
        Assert.All(lines, line => Assert.True(SafeText.CellsOf(line) <= 100, line));
        Assert.Contains("1,234,567  1,234,567  99.9 ms  99.9 ms", string.Join('\n', lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_but_printable_characters_is_written_whatever_the_trace_holds() => Reports.Any.Sample(report =>
        Assert.All(Lines(report, new TextStyle()), line => Assert.Equal(line, SafeText.Escape(line))));

    [Fact]
    public void Without_colour_a_report_of_plain_names_is_plain_ASCII() =>
        Assert.All(Write(Reports.ByHand, new TextStyle()), c => Assert.True(c is '\n' or (>= ' ' and <= '~')));

    [Fact]
    public void With_colour_only_colours_are_added()
    {
        string coloured = Write(Reports.ByHand, new TextStyle { Colour = true });

        Assert.Contains("\u001b[32mTrust A\u001b[0m", coloured, StringComparison.Ordinal);
        Assert.Equal(Write(Reports.ByHand, new TextStyle()), System.Text.RegularExpressions.Regex.Replace(coloured, "\u001b\\[[0-9;]*m", ""));
    }

    [Theory]
    [InlineData(MutexOrder.Wait, "B", "C", "A", "D")]
    [InlineData(MutexOrder.Hold, "C", "B", "A", "D")]
    [InlineData(MutexOrder.Acquires, "A", "B", "C", "D")]
    [InlineData(MutexOrder.Contended, "D", "B", "C", "A")]
    public void Mutexes_are_ordered_by_what_is_asked_for(MutexOrder order, params string[] expected)
    {
        MutexRow[] mutexes =
        [
            Row("A", acquires: 9, contended: 0, wait: 1, hold: 1), Row("B", acquires: 8, contended: 2, wait: 5, hold: 2),
            Row("C", acquires: 7, contended: 1, wait: 3, hold: 4), Row("D", acquires: 6, contended: 3, wait: 0, hold: 0),
        ];

        Assert.Equal(expected, MutexRanking.Rank(mutexes, order).Select(mutex => mutex.Label));
    }

    [Fact]
    public void Without_an_order_asked_for_each_table_is_by_its_own_measure()
    {
        LockReport report = Reports.ByHand with
        {
            Mutexes =
            [
                Row("Slow", acquires: 1, contended: 1, wait: 9_000, hold: 1_000) with { Wait = new DurationSummary { Count = 1, TotalNs = 9_000 }, Hold = new DurationSummary { Count = 1, TotalNs = 1_000 } },
                Row("Kept", acquires: 1, contended: 1, wait: 1_000, hold: 9_000) with { Wait = new DurationSummary { Count = 1, TotalNs = 1_000 }, Hold = new DurationSummary { Count = 1, TotalNs = 9_000 } },
            ],
        };

        Assert.Equal(["Slow", "Kept", "Kept", "Slow"], Names(new TextStyle()));
        Assert.Equal(["Kept", "Slow", "Kept", "Slow"], Names(new TextStyle { Sort = MutexOrder.Hold }));

        IEnumerable<string> Names(TextStyle style) => Lines(report, style).Select(line => line.Split(' ')[0]).Where(name => name is "Slow" or "Kept");
    }

    [Fact]
    public void A_simulated_kernel_is_not_called_Windows()
    {
        LockReport report = Reports.ByHand with { Trace = Reports.ByHand.Trace with { IsSimulated = true, RecordedBy = "KMutex Host" } };

        Assert.Equal("queue.etl  2.00 s, 4 CPUs, simulated kernel, recorded by KMutex Host", Lines(report, new TextStyle())[0]);
    }

    [Fact]
    public void Mutexes_of_one_class_are_one_row_with_their_count()
    {
        var site = new SourceSite("Pool.cs", 9, "Make");
        MutexRow[] mutexes =
        [
            Row("A", acquires: 5, contended: 2, wait: 0, hold: 0) with { Name = "A #1", Site = site, Wait = new DurationSummary { Count = 2, TotalNs = 3_000, MaxNs = 2_000 } },
            Row("A", acquires: 7, contended: 1, wait: 0, hold: 0) with { Name = "A #2", Site = site, Wait = new DurationSummary { Count = 1, TotalNs = 6_000, MaxNs = 6_000 } },
        ];

        string[] lines = Lines(Reports.ByHand with { Mutexes = mutexes }, new TextStyle());
        Assert.Contains("mutex  count  acquires  waited     %    total     mean  p50  p99      max", lines);
        Assert.Contains("A          2        12       3  25.0  9.00 us  3.00 us    -    -  6.00 us", lines);
        Assert.Contains(Lines(Reports.ByHand with { Mutexes = mutexes }, new TextStyle { By = GroupBy.Mutex }), line => line.StartsWith("A #2 ", StringComparison.Ordinal));
    }

    [Fact]
    public void What_does_not_fit_the_top_is_counted_below_the_table()
    {
        Assert.Contains("  and 1 more of 2 mutexes: --top 2", Lines(Reports.ByHand, new TextStyle { Top = 1 }));
    }

    [Fact]
    public void Cut_and_unknown_intervals_are_said_below_the_table()
    {
        LockReport report = Reports.ByHand with
        {
            AllWaits = new DurationSummary { Censored = new CensoredSummary(2, 30_000, 20_000), Unknown = 1 },
        };

        string text = string.Join(' ', Lines(report, new TextStyle()));
        Assert.Contains("2 waits are cut by an edge of the recording and not in the numbers above: the longest lasted at least 20.0 us.", Squeeze(text), StringComparison.Ordinal);
        Assert.Contains("1 waits have no known length", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Live_mutexes_of_one_label_and_site_are_one_row_and_leaks_come_first()
    {
        var site = new SourceSite("Pool.cs", 9, "Make");
        LiveMutexRow[] live =
        [
            new() { Id = 1, Label = "A", Name = "A #1", Site = site, Bytes = 100, AgeNs = 5, BornInTrace = true, LastUsedNs = 4, LastThreadId = 8 },
            new() { Id = 2, Label = "A", Name = "A #2", Site = site, Bytes = 100, AgeNs = 7, OwnerThreadId = 3 },
            new() { Id = 3, Label = "B", Name = "B", Bytes = 1, Class = LiveClass.Leaked },
        ];

        Assert.Equal(
            [
                new LiveGroup { Name = "B", Class = LiveClass.Leaked, Count = 1, Bytes = 1 },
                new LiveGroup { Name = "A", Site = site, Count = 2, Bytes = 200, BornInTrace = 1, OldestNs = 7, Held = 1, LastUsedNs = 4, LastThreadId = 8 },
            ],
            LiveGroup.Group(live));
    }

    [Fact]
    public void A_trace_without_the_driver_says_so_and_lists_what_is_there()
    {
        LockReport report = new()
        {
            Trace = new TraceSummary { Files = ["other.etl"], EventsRead = 7, Grade = TrustGrade.D },
            OtherProviders = [new ProviderCount(new Guid("68fdd900-4a3e-11d1-84f4-0000f80464e3"), "EventTrace", 7)],
        };

        string text = Squeeze(string.Join(' ', Lines(report, new TextStyle())));
        Assert.Contains("No event of the provider KMutex-Driver is in this recording: record with trace.wprp", text, StringComparison.Ordinal);
        Assert.Contains("EventTrace", text, StringComparison.Ordinal);
    }

    private static MutexRow Row(string label, long acquires, long contended, long wait, long hold) => new()
    {
        Id = label[0],
        Label = label,
        Name = label,
        Acquires = acquires,
        Contended = contended,
        Wait = new DurationSummary { TotalNs = wait },
        Hold = new DurationSummary { TotalNs = hold },
    };

    private static string Write(LockReport report, TextStyle style)
    {
        var text = new StringWriter { NewLine = "\n" };
        TextReport.Write(report, style, text);
        return text.ToString();
    }

    private static string[] Lines(LockReport report, TextStyle style) => Write(report, style).TrimEnd('\n').Split('\n');

    private static string Squeeze(string text) => System.Text.RegularExpressions.Regex.Replace(text, " +", " ");
}
