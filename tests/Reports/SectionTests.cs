using Tracing.Reports.Data;
using Tracing.Reports.Model;
using Tracing.Reports.Text;

namespace Tracing.Reports.Tests;

/// <summary>The verdict and misuse, as each output shows them; mutexes as CSV.</summary>
public sealed class SectionTests
{
    private static readonly SourceSite Holder = new("Flush.cs", 40, "Flush");

    private static LockReport Misused(string name) => Reports.ByHand with
    {
        Findings = [.. Enumerable.Range(1, 5).Select(i => new Finding(FindingSeverity.Warning, "contention", $"Sentence {i}."))],
        Misuses = [new MisuseRow("DoubleRelease", Holder, 2, name, 6, 1_500, 11)],
    };

    [Fact]
    public void The_terminal_shows_misuse()
    {
        string[] lines = Lines(Misused("Outer"));

        Assert.Contains(lines, line => line.Contains("Outer", StringComparison.Ordinal) && line.Contains("DoubleRelease", StringComparison.Ordinal) && line.Contains("Flush.cs:40", StringComparison.Ordinal));
    }

    [Fact]
    public void The_terminal_shows_what_holders_did_if_the_recording_tells()
    {
        string[] lines = Lines(Reports.ByHand with { HoldBreakdowns = [new(Holder, 3, 10_000, 1_250, 750, 8_000, 0, 0)] });

        Assert.Contains("What holders did", lines);
        Assert.Contains(
            ["Flush.cs:40", "3", "10.0", "us", "12.5", "%", "7.5", "%", "80", "%", "0", "%", "0", "%"],
            lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.DoesNotContain("What holders did", Lines(Reports.ByHand));
    }

    [Fact]
    public void The_terminal_shows_who_made_whom_wait_and_in_what_chain()
    {
        var waiter = new SourceSite("Net.cs", 30, "Send");
        string[] lines = Lines(Reports.ByHand with
        {
            Blame = new BlameSummary
            {
                WaitNs = 4_000,
                BlamedNs = 3_000,
                HandOffNs = 1_000,
                Sites = [new(BlameCause.Hold, Holder, waiter, 3_000, 2), new(BlameCause.HandOff, null, waiter, 1_000, 3)],
                SlowestWaits = [new(500, 4_000, [new(11, waiter, 1, "Disk", 13, Holder, 4_000, 3_000), new(13, Holder, 2, "Net", null, null, 900, 0)])],
            },
        });

        Assert.Equal(
            [
                "Who made whom wait",
                "held from    waited at     time  % of waits  pieces",
                "Flush.cs:40  Net.cs:30  3.00 us        75.0       2",
                "(hand-off)   Net.cs:30  1.00 us        25.0       3",
                "  Of 4.00 us of waiting somebody held the mutex for 3.00 us; hand-off, when nobody did, took 1.00",
                "  us; not known: 0.",
                "",
                "Slowest waits, and whom they waited for",
                "no  thread  mutex  at            waited  for  held from     blamed",
                " 1  11      Disk   Net.cs:30    4.00 us  13   Flush.cs:40  3.00 us",
                " 1  13      Net    Flush.cs:40   900 ns  -    -                  0",
            ],
            lines.SkipWhile(line => line != "Who made whom wait").Take(11));
    }

    [Fact]
    public void The_terminal_shows_deadlocks_and_contradicting_orders_with_their_sites()
    {
        var there = new LockOrder("Disk", Holder, "Net", new SourceSite("Net.cs", 30, "Send"), [], 1_200, [11, 12], 0);
        var back = new LockOrder("Net", new SourceSite("Net.cs", 30, "Send"), "Disk", Holder, [], 3, [13], 0);
        string[] lines = Lines(Reports.ByHand with
        {
            Deadlocks =
            [
                new Deadlock(
                    [new DeadlockWait(11, 2, "Net", Holder, 5_000, 13, null), new DeadlockWait(13, 1, "Disk", null, 4_000, 11, Holder)],
                    DeadlockEnd.TimedOut, 100, 4_000, 1),
            ],
            PossibleDeadlocks = [new PossibleDeadlock([there, back], 90, true)],
        });

        Assert.Equal(
            [
                "Deadlocks",
                "no  thread  waits for  at               for  held from",
                " 1  11      Net        Flush.cs:40  5.00 us  -",
                " 1  13      Disk       -            4.00 us  Flush.cs:40",
                "  1: ended by a timeout after 4.00 us.",
                "  Each thread waits for what the next one holds, the last for what the first one holds.",
                "",
                "Contradicting lock orders",
                "no  held  at           then taken  at           times",
                " 1  Disk  Flush.cs:40  Net         Net.cs:30    1,200",
                " 1  Net   Net.cs:30    Disk        Flush.cs:40      3",
                "  1: the two orders came within 90 ns of each other.",
            ],
            lines.SkipWhile(line => line != "Deadlocks").Take(12));
    }

    [Fact]
    public void Three_findings_are_shown_and_the_rest_is_counted()
    {
        string[] lines = Lines(Misused("Outer"));

        Assert.Contains("  3. contention: Sentence 3.", lines);
        Assert.DoesNotContain("  4. contention: Sentence 4.", lines);
        Assert.Contains("  2 lesser findings are in --json and --html.", lines);
        Assert.Contains("  1 lesser finding is in --json and --html.", Lines(Misused("Outer") with { Findings = [.. Misused("Outer").Findings.Take(4)] }));
    }

    [Fact]
    public void No_line_is_wider_than_the_window_and_nothing_hostile_is_printed()
    {
        foreach (string name in Reports.HostileNames)
        {
            Assert.All(Lines(Misused(name)), line =>
            {
                Assert.True(Wording.SafeText.CellsOf(line) <= 100, line);
                Assert.Equal(line, Wording.SafeText.Escape(line));
            });
        }
    }

    [Fact]
    public void Markdown_has_the_verdict_and_the_tables()
    {
        string[] lines = Markdown(Misused("Outer")).Split('\n');

        Assert.Equal("### Locks in queue.etl", lines[0]);
        Assert.Contains("1. **Warning** (contention): Sentence 1.", lines);
        Assert.Contains("| DeviceQueue | 1 | 1,000 | 400 | 1.20 s | 9.00 ms | 12.3 ms | 1.50 s | 3.20 ms |", lines);
        Assert.Contains("| Outer | DoubleRelease | Flush.cs:40 | 11 | 1.50 us | 6 |", lines);
    }

    [Theory]
    [InlineData(CountSource.Counters, " (c)")]
    [InlineData(CountSource.ContendedEvents, " (w)")]
    [InlineData(CountSource.Events, "")]
    public void Markdown_says_what_counts_come_from(CountSource source, string mark)
    {
        MutexRow mutex = Reports.ByHand.Mutexes[1] with { CountedFrom = source };
        string text = Markdown(Reports.ByHand with { Mutexes = [mutex] });

        Assert.Contains($"| DeviceQueue | 1 | 1,000{mark} | 400 |", text, StringComparison.Ordinal);
        Assert.Equal(mark.Length > 0, text.Contains("\\(c\\) counted by the driver's own counters.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_hostile_name_is_no_markup_in_Markdown()
    {
        string text = Markdown(Misused("<img src=x onerror=alert(1)> | [a](javascript:1) @you `x`"));

        Assert.Contains("\\<img src=x onerror=alert\\(1\\)\\> \\| \\[a\\]\\(javascript:1\\) \\@you \\`x\\`", text, StringComparison.Ordinal);
        Assert.DoesNotContain(" <img", text, StringComparison.Ordinal);
    }

    [Fact]
    public void CSV_has_a_line_per_mutex_with_exact_nanoseconds_and_computes_nothing()
    {
        LockReport report = Reports.ByHand with { Mutexes = [Reports.ByHand.Mutexes[1] with { Label = "=1+1", Name = "a,\"b\"" }] };
        var text = new StringWriter();
        CsvReport.Write(report, text);

        string[] lines = text.ToString().Split("\r\n");
        Assert.StartsWith("id,name,label,kind,file,line,member,acquires,contended,failed,waitTotalNs,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("2,\"a,\"\"b\"\"\",'=1+1,KMutex,C:/src/Queue.cs,118,Open,1000,400,0,1200000000,", lines[1], StringComparison.Ordinal);
        Assert.Equal("", lines[2]);
    }

    [Fact]
    public void CSV_says_what_counts_come_from_and_how_many_intervals_are_in_no_total()
    {
        MutexRow light = Reports.ByHand.Mutexes[1] with
        {
            CountedFrom = CountSource.Counters,
            Wait = new DurationSummary { Censored = new CensoredSummary(2, 30, 20), Unknown = 3 },
            Hold = new DurationSummary { Censored = new CensoredSummary(4, 30, 20), Unknown = 5 },
        };
        var text = new StringWriter();
        CsvReport.Write(Reports.ByHand with { Mutexes = [light] }, text);

        string[] lines = text.ToString().Split("\r\n");
        Assert.EndsWith(",countedFrom,waitsCut,waitsUnknown,holdsCut,holdsUnknown", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(",Counters,2,3,4,5", lines[1], StringComparison.Ordinal);
    }

    private static string Markdown(LockReport report)
    {
        var text = new StringWriter { NewLine = "\n" };
        MarkdownReport.Write(report, 20, text);
        return text.ToString();
    }

    private static string[] Lines(LockReport report)
    {
        var text = new StringWriter { NewLine = "\n" };
        TextReport.Write(report, new TextStyle(), text);
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
