using System.Text.Json;
using Tracing.Analysis.Findings;

namespace Tracing.Cli.Tests;

public sealed class ExplainTests
{
    [Fact]
    public void Each_page_says_how_sure_the_finding_is_and_what_to_do()
    {
        Assert.Contains("contention", ExplainCommand.Findings);
        foreach (string finding in ExplainCommand.Findings)
        {
            CommandResult result = Command.Run("explain", finding);
            Assert.Equal(ExitCode.Fine, result.ExitCode);
            Assert.Equal($"# {finding}", result.Lines[0]);
            Assert.Contains("**How sure it is.**", result.Output, StringComparison.Ordinal);
            Assert.Contains("**What to do.**", result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_kind_of_finding_has_a_page_and_every_page_a_kind() =>
        Assert.Equal(Verdict.Kinds.Order(StringComparer.Ordinal), ExplainCommand.Findings);

    [Fact]
    public void Every_finding_of_a_report_has_a_page()
    {
        using var folder = new TestFolder();
        foreach (byte[] trace in (byte[][])[Traces.Contended, Traces.TwoMutexes, Traces.Hostile])
        {
            using var json = JsonDocument.Parse(Command.Run("report", folder.Write("trace.etl", trace), "--json").Output);
            Assert.All(
                json.RootElement.GetProperty("findings").EnumerateArray(),
                finding => Assert.Contains(finding.GetProperty("kind").GetString()!, ExplainCommand.Findings));
        }
    }

    [Fact]
    public void An_unknown_finding_is_answered_with_those_there_are() =>
        Command.Run("explain", "gremlins").AssertClearError(ExitCode.Usage, "gremlins", "contention", "leak");

    [Theory]
    [InlineData("kmutex rep", "report")]
    [InlineData("kmutex report --js", "--json")]
    [InlineData("kmutex report a.etl --by la", "label")]
    [InlineData("kmutex explain con", "contention")]
    public void The_command_completes_what_is_typed(string line, string expected) =>
        Assert.Contains(expected, Command.Run($"[suggest:{line.Length}]", line).Lines);

    [Fact]
    public void The_script_for_bash_asks_the_command() =>
        Assert.Contains("complete -o default -F _kmutex kmutex", Command.Run("completion", "bash").Output, StringComparison.Ordinal);
}
