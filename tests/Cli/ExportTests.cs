using System.Text.Json;
using Tracing.Reports.Tests.Traces;

namespace Tracing.Cli.Tests;

public sealed class ExportTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public void Both_formats_have_the_waits_and_holds_of_the_report()
    {
        string trace = _folder.Write("trace.etl", Traces.Contended);

        Assert.Equal(ExitCode.Fine, Command.Run("export", trace, "--perfetto", _folder.PathOf("out.perfetto")).ExitCode);
        Assert.Equal(ExitCode.Fine, Command.Run("export", trace, "--chrome", _folder.PathOf("out.json")).ExitCode);

        // One wait, and two holds on the track of the mutex and of their threads.
        Assert.Equal(
            5, Protobuf.Parse(File.ReadAllBytes(_folder.PathOf("out.perfetto"))).Messages(1).Count(packet => packet.Message(11)?.Number(9) == 1));
        using var json = JsonDocument.Parse(File.ReadAllBytes(_folder.PathOf("out.json")));
        Assert.Equal(5, json.RootElement.GetProperty("traceEvents").EnumerateArray().Count(one => one.GetProperty("ph").GetString() == "X"));
    }

    [Theory]
    [InlineData()]
    [InlineData("--perfetto", "a", "--chrome", "b")]
    public void One_format_is_asked_for(params string[] options) =>
        Command.Run(["export", "trace.etl", .. options]).AssertClearError(ExitCode.Usage, "--perfetto", "--chrome");

    [Fact]
    public void An_unreadable_trace_leaves_no_file()
    {
        Command.Run("export", _folder.Write("no.etl", [1, 2, 3]), "--chrome", _folder.PathOf("out.json")).AssertClearError(ExitCode.UnreadableTrace, "no.etl");

        Assert.Equal(["no.etl"], _folder.Files);
    }

    public void Dispose() => _folder.Dispose();
}
