using System.Text.Json;
using System.Xml.Linq;

namespace Tracing.Cli.Tests;

/// <summary><c>kmutex report --fail-on</c>: what a build sees of it.</summary>
public sealed class GateTests : IDisposable
{
    private readonly TestFolder _folder = new();

    // In Traces.Contended a thread waits 8.2 us for DeviceQueue, which is never freed; the driver unloads.
    [Theory]
    [InlineData("p99 wait > 9us", ExitCode.Fine, "gate passed: p99 wait > 9us: ")]
    [InlineData("max wait > 8us", ExitCode.Gate, "gate FAILED: max wait > 8us: DeviceQueue: max wait is 8.20 us")]
    [InlineData("p99 wait(Pump) > 9us", ExitCode.Gate, "gate UNANSWERED: p99 wait(Pump) > 9us: the recording has no mutex called Pump")]
    [InlineData("leaks > 0", ExitCode.Gate, "gate FAILED: leaks > 0")]
    public void The_exit_code_says_whether_all_rules_passed_and_standard_error_why(string rule, int exitCode, string line)
    {
        CommandResult result = Command.Run("report", Trace(), "--fail-on", rule);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(line, result.Error, StringComparison.Ordinal);
        Assert.StartsWith("trace.etl", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gate_looks_at_the_whole_recording_whatever_is_shown() =>
        Assert.Equal(ExitCode.Gate, Command.Run("report", Trace(), "--mutex", "Other", "--fail-on", "max wait > 8us").ExitCode);

    [Fact]
    public void What_the_baseline_has_is_not_new()
    {
        string baseline = _folder.PathOf("known.json");
        Command.Run("report", Trace(), "--json", "-o", baseline);

        Assert.Equal(ExitCode.Fine, Command.Run("report", Trace(), "--fail-on", "new findings", "--baseline", baseline).ExitCode);
        string other = _folder.Write("other.etl", Traces.TwoMutexes);
        Command.Run("report", other, "--json", "-o", baseline);
        Assert.Equal(ExitCode.Gate, Command.Run("report", Trace(), "--fail-on", "new leaks", "--baseline", baseline).ExitCode);
    }

    [Fact]
    public void The_results_are_written_for_build_servers()
    {
        CommandResult result = Command.Run("report", Trace(), "--fail-on", "max wait > 8us", "--junit", _folder.PathOf("out.xml"), "--sarif", _folder.PathOf("out.sarif"));

        Assert.Equal(ExitCode.Gate, result.ExitCode);
        Assert.Single(XDocument.Load(_folder.PathOf("out.xml")).Descendants("failure"));
        using var sarif = JsonDocument.Parse(File.ReadAllBytes(_folder.PathOf("out.sarif")));
        Assert.Contains(
            sarif.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray(), found => found.GetProperty("ruleId").GetString() == "gate");
    }

    [Theory]
    [InlineData("column 12: expected a number", "--fail-on", "p99 wait > fast")]
    [InlineData("give --baseline", "--fail-on", "new findings")]
    [InlineData("belong to --fail-on", "--junit", "out.xml")]
    [InlineData("there is no such file", "--fail-on", "leaks > 0", "--baseline", "nowhere.json")]
    public void What_is_wrong_with_a_gate_is_said_before_the_trace_is_read(string message, params string[] options)
    {
        CommandResult result = Command.Run(["report", "no-such-trace.etl", .. options]);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private string Trace() => _folder.Write("trace.etl", Traces.Contended);

    public void Dispose() => _folder.Dispose();
}
