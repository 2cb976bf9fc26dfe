using System.Text.Json;

namespace Tracing.Cli.Tests;

/// <summary>What the command promises to shells and scripts.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData()]
    [InlineData("nonsense")]
    [InlineData("report")]
    [InlineData("report", "a.etl", "--no-such-option")]
    [InlineData("dump", "a.etl", "--no-such-option")]
    [InlineData("report", "a.etl", "--sort", "colour")]
    [InlineData("report", "a.etl", "--by", "colour")]
    [InlineData("report", "a.etl", "--json", "--csv")]
    [InlineData("report", "a.etl", "--top", "0")]
    [InlineData("report", "a.etl", "--top", "many")]
    [InlineData("run")]
    [InlineData("run", "--workload", "contended")]
    [InlineData("run", "--device", "--workload", "contended", "-o", "a.etl")]
    [InlineData("run", "--device", "--workload", "contended", "--schedule", "1")]
    public void Wrong_usage_is_said_in_one_sentence_with_the_way_to_help(params string[] arguments)
    {
        CommandResult result = Command.Run(arguments);
        result.AssertClearError(ExitCode.Usage);
        Assert.Matches("Try `kmutex( report| run| dump)? --help`", result.Error);
    }

    [Fact]
    public void The_workloads_are_listed_with_a_line_each()
    {
        CommandResult result = Command.Run("run", "--list");
        Assert.Equal(ExitCode.Fine, result.ExitCode);
        Assert.Equal(Host.WorkloadKind.All.Select(kind => kind.Name), result.Lines.Select(line => line.Split(' ')[0]).Where(name => name.Length > 0));
        Assert.All(Host.WorkloadKind.All, kind => Assert.Contains(kind.Summary, result.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void Where_there_is_no_device_that_is_said()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has devices");
        CommandResult result = Command.Run("run", "--device", "--workload", "contended");
        result.AssertClearError(ExitCode.Usage);
        Assert.Contains("Only Windows has the device", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_verb_is_named() => Assert.Contains("'nonsense'", Command.Run("nonsense").Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("--help")]
    [InlineData("report", "--help")]
    [InlineData("dump", "--help")]
    [InlineData("info", "--help")]
    [InlineData("run", "--help")]
    [InlineData("explain", "--help")]
    [InlineData("plot", "--help")]
    [InlineData("diff", "--help")]
    [InlineData("export", "--help")]
    public void Help_has_examples_that_use_real_options(params string[] arguments)
    {
        CommandResult result = Command.Run(arguments);

        Assert.Equal(ExitCode.Fine, result.ExitCode);
        string[] examples = [.. result.Lines.SkipWhile(line => line != "Examples:").Where(line => line.StartsWith("  kmutex ", StringComparison.Ordinal))];
        Assert.NotEmpty(examples);
        foreach (string example in examples)
        {
            string verb = example.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            string help = Command.Run(verb, "--help").Output;
            string own = example.Split(["|", "&&", "   "], StringSplitOptions.RemoveEmptyEntries).First(part => part.Contains("kmutex", StringComparison.Ordinal));
            foreach (string option in own.Split(' ').Where(word => word.StartsWith('-')))
            {
                Assert.Contains(option, help, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_report_goes_to_standard_output_and_is_plain_when_redirected()
    {
        string path = _folder.Write("trace.etl", Traces.Contended);

        CommandResult plain = Command.Run("report", path);
        Assert.Equal(ExitCode.Fine, plain.ExitCode);
        Assert.Equal("", plain.Error);
        Assert.StartsWith("trace.etl  40.0 us", plain.Output, StringComparison.Ordinal);
        Assert.Contains("DeviceQueue", plain.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', plain.Output);
        Assert.Contains('\u001b', Command.Run(colour: true, TestContext.Current.CancellationToken, "report", path).Output);
    }

    [Fact]
    public void The_JSON_of_a_report_has_the_numbers_computed_by_hand_and_the_same_bytes_each_time()
    {
        string path = _folder.Write("trace.etl", Traces.Contended);

        string text = Command.Run("report", path, "--json").Output;
        Assert.Equal(text, Command.Run("report", path, "--json").Output);
        using var json = JsonDocument.Parse(text);
        JsonElement mutex = json.RootElement.GetProperty("mutexes")[0];
        Assert.Equal(2, mutex.GetProperty("acquires").GetInt64());
        Assert.Equal(1, mutex.GetProperty("contended").GetInt64());
        Assert.Equal(8_200, mutex.GetProperty("waitTotalNs").GetInt64());
        Assert.Equal(15_100, mutex.GetProperty("holdTotalNs").GetInt64());
    }

    [Fact]
    public void An_output_file_replaces_another_and_leaves_no_other_trace()
    {
        string path = _folder.Write("trace.etl", Traces.Contended);
        string output = _folder.Write("report.txt", [1, 2, 3]);

        CommandResult result = Command.Run("report", path, "-o", output, "--html", _folder.PathOf("report.html"));
        Assert.Equal(ExitCode.Fine, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Contains($"Wrote {output}", result.Error, StringComparison.Ordinal);
        Assert.StartsWith("trace.etl", File.ReadAllText(output), StringComparison.Ordinal);
        Assert.Equal(["report.html", "report.txt", "trace.etl"], _folder.Files);
    }

    [Theory]
    [InlineData("wait", "Waited")]
    [InlineData("hold", "Held")]
    public void Sort_and_top_choose_the_rows_of_the_tables(string order, string first)
    {
        string path = _folder.Write("trace.etl", Traces.TwoMutexes);

        string[] lines = Command.Run("report", path, "--sort", order, "--top", "1").Lines;
        string row = lines.SkipWhile(line => line != "Holds").First(line => line.StartsWith("Waited ", StringComparison.Ordinal) || line.StartsWith("Held ", StringComparison.Ordinal));
        Assert.StartsWith(first + " ", row, StringComparison.Ordinal);
        Assert.Single(lines, line => line == "  and 1 more of 2 mutexes: --top 2");
    }

    [Theory]
    [InlineData("report")]
    [InlineData("dump")]
    [InlineData("info")]
    public void Interrupted_means_exit_code_130_and_no_half_file(string verb)
    {
        string path = _folder.Write("other.etl", Traces.WithoutDriver);
        using var interrupted = new CancellationTokenSource();
        interrupted.Cancel();

        CommandResult result = Command.Run(colour: false, interrupted.Token, [verb, path, .. verb == "report" ? (string[])["-o", _folder.PathOf("out")] : []]);
        Assert.Equal(ExitCode.Interrupted, result.ExitCode);
        Assert.Equal(["other.etl"], _folder.Files);
    }

    [Fact]
    public void A_reader_that_has_seen_enough_ends_a_dump_quietly()
    {
        string path = _folder.Write("trace.etl", Traces.Long);
        var error = new StringWriter();

        int exitCode = CommandLine.Run(["dump", path], new Session(new ClosedPipe(), error, false, TestContext.Current.CancellationToken));
        Assert.Equal(ExitCode.Fine, exitCode);
        Assert.Equal("", error.ToString());
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A pipe that nobody reads any more, as the runtime reports it on Unix: errno EPIPE, 32.</summary>
    private sealed class ClosedPipe : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("Broken pipe", 32);

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("Broken pipe", 32);
    }
}
