using System.Text.Json;

namespace Tracing.Cli.Tests;

/// <summary>Bad input: a clear sentence, the right exit code, and everything whole is still reported.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public static TheoryData<string> Readers => ["report", "info", "dump"];

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_missing_file(string verb)
    {
        string path = _folder.PathOf("missing.etl");
        Command.Run(verb, path).AssertClearError(ExitCode.UnreadableTrace, path, "no such file");
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_missing_folder(string verb)
    {
        string path = Path.Combine(_folder.PathOf("nowhere"), "missing.etl");
        Command.Run(verb, path).AssertClearError(ExitCode.UnreadableTrace, path, "no such file");
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_directory(string verb) =>
        Command.Run(verb, _folder.PathOf(".")).AssertClearError(ExitCode.UnreadableTrace, "directory", ".etl file");

    [Theory]
    [MemberData(nameof(Readers))]
    public void An_empty_file(string verb)
    {
        string path = _folder.Write("empty.etl", []);
        Command.Run(verb, path).AssertClearError(ExitCode.UnreadableTrace, path, "offset 0x0");
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_text_file(string verb)
    {
        string path = _folder.Write("notes.txt", [.. Enumerable.Repeat((byte)'x', 10_000)]);
        Command.Run(verb, path).AssertClearError(ExitCode.UnreadableTrace, path, "offset");
    }

    [Fact]
    public void A_truncated_trace_is_reported_with_a_warning()
    {
        string path = _folder.Write("cut.etl", Traces.Long[..^3000]);

        CommandResult result = Command.Run("report", path, "--json");
        Assert.Equal(ExitCode.Fine, result.ExitCode);
        Assert.Contains($"warning: {path}: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("Everything whole was read.", result.Error, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(result.Output);
        Assert.InRange(json.RootElement.GetProperty("mutexes")[0].GetProperty("acquires").GetInt64(), 1, 149);
        Assert.Equal("C", json.RootElement.GetProperty("trace").GetProperty("grade").GetString());
    }

    [Fact]
    public void A_broken_buffer_in_the_middle_costs_only_itself()
    {
        byte[] trace = Traces.Long;
        trace.AsSpan(4096 * 3, 4096).Fill(0xEE);
        string path = _folder.Write("broken.etl", trace);

        CommandResult result = Command.Run("report", path, "--json");
        Assert.Equal(ExitCode.Fine, result.ExitCode);
        Assert.Contains("warning: ", result.Error, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(result.Output);
        JsonElement mutex = json.RootElement.GetProperty("mutexes")[0];
        long acquires = mutex.GetProperty("acquires").GetInt64();
        Assert.InRange(acquires, 100, 149);
        Assert.Equal(150, acquires + mutex.GetProperty("sequenceGaps").GetInt64());
    }

    [Fact]
    public void A_trace_without_the_driver_is_no_error_and_says_what_it_is()
    {
        string path = _folder.Write("other.etl", Traces.WithoutDriver);

        CommandResult text = Command.Run("report", path);
        Assert.Equal(ExitCode.Fine, text.ExitCode);
        Assert.Contains("No event of the provider KMutex-Driver is in this recording", text.Output, StringComparison.Ordinal);
        Assert.Contains("trace.wprp", text.Output, StringComparison.Ordinal);
        Assert.Contains(Traces.OtherProvider.ToString(), text.Output, StringComparison.Ordinal);
        Assert.Contains("no event of the provider KMutex-Driver", text.Error, StringComparison.Ordinal);

        using var json = JsonDocument.Parse(Command.Run("report", path, "--json").Output);
        Assert.Equal(0, json.RootElement.GetProperty("trace").GetProperty("driverEvents").GetInt64());
        Assert.Equal(0, json.RootElement.GetProperty("mutexes").GetArrayLength());
        Assert.Contains(json.RootElement.GetProperty("otherProviders").EnumerateArray(), provider => provider.GetProperty("guid").GetGuid() == Traces.OtherProvider);
    }

    [Fact]
    public void A_hostile_label_stays_text_in_every_output()
    {
        string path = _folder.Write("hostile.etl", Traces.Hostile);
        string html = _folder.PathOf("out.html");

        CommandResult text = Command.Run("report", path, "--html", html);
        Assert.DoesNotContain('\u001b', text.Output);
        Assert.DoesNotContain('\u202e', text.Output);
        Assert.DoesNotContain("<script>alert", File.ReadAllText(html), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', Command.Run("dump", path).Output);
        Assert.DoesNotContain("<script>", Command.Run("report", path, "--json").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_workload() => Command.Run("run", "--workload", "nonsense", "--driver", Driver(), "-o", _folder.PathOf("x.etl"))
        .AssertClearError(ExitCode.Usage, "nonsense", "contended");

    [Theory]
    [InlineData("--threads", "0")]
    [InlineData("--threads", "65")]
    [InlineData("--iterations", "0")]
    [InlineData("--hold-us", "-1")]
    [InlineData("--buffer-kb", "0")]
    public void A_number_out_of_range(string option, string value) =>
        Command.Run("run", "--workload", "contended", option, value, "--driver", Driver(), "-o", _folder.PathOf("x.etl")).AssertClearError(ExitCode.Usage, value);

    [Fact]
    public void A_missing_driver()
    {
        string missing = _folder.PathOf("none.sys");
        Command.Run("run", "--workload", "contended", "--driver", missing, "-o", _folder.PathOf("x.etl"))
            .AssertClearError(ExitCode.Usage, missing, "./build.sh driver");
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void An_output_that_cannot_be_written()
    {
        string path = _folder.Write("trace.etl", Traces.Contended);
        string nowhere = Path.Combine(_folder.PathOf("no"), "such", "out");

        Assert.Equal(ExitCode.Usage, Command.Run("report", path, "-o", nowhere).ExitCode);
        Assert.Contains(nowhere, Command.Run("report", path, "--html", nowhere).Error, StringComparison.Ordinal);
        Command.Run("report", path, "-o", _folder.PathOf(".")).AssertClearError(ExitCode.Usage, "directory");
        Command.Run("run", "--workload", "contended", "--driver", Driver(), "-o", nowhere).AssertClearError(ExitCode.Usage, nowhere);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A file where a driver is expected: wrong requests must be found before it is loaded.</summary>
    private string Driver() => _folder.Write("kmutex.sys", [1, 2, 3]);
}
