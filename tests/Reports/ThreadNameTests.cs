using System.Text;
using System.Xml.Linq;
using Tracing.Reports.Data;
using Tracing.Reports.Html;
using Tracing.Reports.Model;
using Tracing.Reports.Text;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Tests;

/// <summary>Wherever a table speaks of a thread, each output shows what the recording calls it, and no name is taken for anything else.</summary>
public sealed class ThreadNameTests
{
    private const int Waiter = 11;
    private const int Owner = 13;

    private static readonly BlockingLink Link = new(Waiter, null, 1, "Disk", Owner, null, 4_000, 3_000);

    /// <summary>For each table, a report in which no other table speaks of these threads.</summary>
    private static readonly Dictionary<string, LockReport> Tables = new()
    {
        ["by thread"] = Reports.ByHand with { ByThread = [new UsageRow { Name = "", ThreadId = Waiter, TopBlamedThreadId = Owner }] },
        ["slowest waits"] = Reports.ByHand with { Blame = new BlameSummary { WaitNs = 4_000, SlowestWaits = [new(500, 4_000, [Link])] } },
        ["longest chains"] = Reports.ByHand with { Blame = new BlameSummary { WaitNs = 4_000, LongestChains = [new(500, 4_000, [Link])] } },
        ["deadlocks"] = Reports.ByHand with
        {
            Deadlocks = [new Deadlock([new(Waiter, 2, "Net", null, 5, Owner, null), new(Owner, 1, "Disk", null, 4, Waiter, null)], DeadlockEnd.None, 1, 4, 1)],
        },
        ["misuse"] = Reports.ByHand with { Misuses = [new("DoubleRelease", null, 2, "Net", 1, 1, Waiter), new("DoubleRelease", null, 2, "Net", 1, 1, Owner)] },
        ["abandoned"] = Reports.ByHand with { Abandonments = [new(2, "Net", null, Waiter, 1, 1), new(2, "Net", null, Owner, 1, 1)] },
        ["stacks"] = Reports.ByHand with { Stacks = [new(StackKind.Wait, 2, "Net", Waiter, 1, ["f"]), new(StackKind.Hold, 2, "Net", Owner, 1, ["f"])] },
    };

    public static TheoryData<string> EachTable => [.. Tables.Keys];

    [Theory]
    [MemberData(nameof(EachTable))]
    public void The_terminal_names_threads(string table) => AssertNamed(Terminal(Tables[table], "pump"));

    [Theory]
    [MemberData(nameof(EachTable))]
    public void The_page_names_threads(string table) => AssertNamed(Page(Tables[table], "pump").Value);

    [Theory]
    [MemberData(nameof(EachTable))]
    public void Markdown_names_threads(string table) => AssertNamed(Markdown(Tables[table], "pump").Replace("\\", "", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(EachTable))]
    public void JSON_names_threads_beside_their_numbers(string table)
    {
        string json = JsonReport.ToText(Named(Tables[table], "pump"));

        AssertNamed(json);
        Assert.Contains($": {Waiter},", json, StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_names_threads_of_the_blocking_graph() =>
        AssertNamed(JsonReport.ToText(Named(Reports.ByHand with { Blame = new BlameSummary { Threads = [new(Waiter, Owner, 4_000, 1)] } }, "pump")));

    [Fact]
    public void JSON_names_the_thread_that_a_mutex_was_waited_for_most_because_of() => AssertNamed(JsonReport.ToText(Named(
        Reports.ByHand with { Mutexes = [Reports.ByHand.Mutexes[0] with { TopBlamedThreadId = Waiter }, Reports.ByHand.Mutexes[0] with { TopBlamedThreadId = Owner }] }, "pump")));

    [Fact]
    public void JSON_names_threads_of_lock_orders() => AssertNamed(JsonReport.ToText(Named(
        Reports.ByHand with { LockOrders = [new("Disk", null, "Net", null, [], 1, [Waiter, Owner], 1)] }, "pump")));

    [Theory]
    [MemberData(nameof(EachTable))]
    public void A_hostile_name_of_a_thread_is_only_text(string table)
    {
        int scripts = Page(Tables[table], "pump").Descendants("script").Count();
        foreach (string name in Reports.HostileNames)
        {
            Assert.All(Terminal(Tables[table], name).Split('\n'), line => Assert.Equal(line, SafeText.Escape(line)));
            Assert.All(Markdown(Tables[table], name).Split('\n'), line => Assert.DoesNotContain("<", line.Replace("\\<", "", StringComparison.Ordinal), StringComparison.Ordinal));
            Assert.Equal(scripts, Page(Tables[table], name).Descendants("script").Count());
        }
    }

    private static void AssertNamed(string output)
    {
        Assert.Contains("11 pump (app.exe)", output, StringComparison.Ordinal);
        Assert.Contains("13 pump (app.exe)", output, StringComparison.Ordinal);
    }

    private static LockReport Named(LockReport report, string name) => report with
    {
        Names = new ThreadNames(
            new Dictionary<int, ThreadName> { [Waiter] = new(name, 4), [Owner] = new(name, 4) }, new Dictionary<int, string> { [4] = name == "pump" ? "app.exe" : name }),
    };

    private static string Terminal(LockReport report, string name)
    {
        using var output = new StringWriter { NewLine = "\n" };
        TextReport.Write(Named(report, name), new TextStyle { Width = 200, Usage = report.ByThread.Count > 0 ? UsageBy.Thread : null }, output);
        return output.ToString();
    }

    private static string Markdown(LockReport report, string name)
    {
        using var output = new StringWriter { NewLine = "\n" };
        MarkdownReport.Write(Named(report, name), 20, output);
        return output.ToString();
    }

    private static XElement Page(LockReport report, string name)
    {
        using var output = new MemoryStream();
        HtmlReport.Write(Named(report, name), output);
        return XElement.Parse(Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length)["<!DOCTYPE html>".Length..]);
    }
}
