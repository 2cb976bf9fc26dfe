using System.Text.Json;
using Tracing.Analyzer.Tests.Files;

namespace Tracing.Cli.Tests;

public sealed class DiffTests : IDisposable
{
    private const long T = TraceBuilder.StartTicks;

    private readonly TestFolder _folder = new();

    [Fact]
    public void A_slower_hold_is_named_with_its_numbers()
    {
        CommandResult result = Command.Run("diff", Write("before.etl", 40), Write("after.etl", 80));

        Assert.Equal(ExitCode.Fine, result.ExitCode);
        Assert.StartsWith("Before: before.etl, ", result.Output, StringComparison.Ordinal);
        string line = Assert.Single(result.Lines, line => line.StartsWith("Queue", StringComparison.Ordinal));
        Assert.Contains("mean hold", line, StringComparison.Ordinal);
        Assert.Matches(@"\+(8|9)\d %", line);
        Assert.All(result.Lines, text => Assert.True(text.Length <= 100, text));
    }

    [Fact]
    public void Equal_traces_differ_in_nothing()
    {
        CommandResult result = Command.Run("diff", Write("before.etl", 40), Write("after.etl", 40), "--fail-on-regression", "0");

        Assert.Equal(ExitCode.Fine, result.ExitCode);
        Assert.Contains("Nothing that is more than chance", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_regression_beyond_what_is_borne_ends_with_3_and_is_said()
    {
        (string before, string after) = (Write("before.etl", 40), Write("after.etl", 80));

        CommandResult result = Command.Run("diff", before, after, "--fail-on-regression", "10");
        Assert.Equal(ExitCode.Gate, result.ExitCode);
        Assert.Contains("gate FAILED: Queue: mean hold was", result.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Fine, Command.Run("diff", before, after, "--fail-on-regression", "150").ExitCode);
        Assert.Equal(ExitCode.Fine, Command.Run("diff", after, before, "--fail-on-regression", "10").ExitCode);
    }

    [Fact]
    public void The_JSON_has_the_same_bytes_each_time_and_the_shape_that_is_published()
    {
        string[] arguments = ["diff", Write("before.etl", 40), Write("after.etl", 80), "--json"];

        string text = Command.Run(arguments).Output;
        Assert.Equal(text, Command.Run(arguments).Output);
        using var json = JsonDocument.Parse(text);
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(BuiltDriver.Path)!, "..", "..", "docs", "reference", "diff.schema.json")));
        Assert.Empty(Tracing.Reports.Tests.SchemaCheck.Validate(schema.RootElement, json.RootElement));
        JsonElement measure = json.RootElement.GetProperty("classes")[0].GetProperty("measures").EnumerateArray().Single(one => one.GetProperty("significant").GetBoolean());
        Assert.Equal("MeanHold", measure.GetProperty("measure").GetString());
    }

    [Fact]
    public void Too_little_to_compare_is_no_reason_to_pass()
    {
        string trace = _folder.Write("short.etl", Traces.Contended);

        CommandResult result = Command.Run("diff", trace, trace, "--fail-on-regression", "10");
        Assert.Equal(ExitCode.Gate, result.ExitCode);
        Assert.Contains("nothing could be compared", result.Error, StringComparison.Ordinal);
    }

    /// <summary>A mutex that is held for so many ticks, a little more or less, again and again.</summary>
    private string Write(string name, int hold)
    {
        TraceBuilder trace = new TraceBuilder().Started(T + 1).Allocated(T + 5, mutex: 1, label: "Queue");
        long at = T + 10;
        for (ulong i = 1; i <= 2000; i++)
        {
            long length = hold + (long)((i * 7919) % 13);
            trace.Acquired(at, 11, 1, i, (ulong)at).Released(at + length, 11, 1, i, (ulong)at, (ulong)(at + length));
            at += 200;
        }

        return _folder.Write(name, trace.Freed(at, 1, 2000, 0, 0, 0, 0, 0, 0, 0).Stopped(at + 10, 0, 0).Build());
    }

    public void Dispose() => _folder.Dispose();
}
