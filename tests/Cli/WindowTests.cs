using System.Text.Json;

namespace Tracing.Cli.Tests;

/// <summary><c>kmutex report --since --until</c>. Traces.Contended lasts 40 us; its second hold goes from 20.1 us to 25.1 us.</summary>
public sealed class WindowTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public void Only_the_time_asked_for_is_reported()
    {
        using var json = JsonDocument.Parse(Command.Run("report", Trace(), "--since", "22us", "--until", "0.0301ms", "--json").Output);

        JsonElement trace = json.RootElement.GetProperty("trace");
        Assert.Equal((22_000, 30_100), (trace.GetProperty("sinceNs").GetInt64(), trace.GetProperty("untilNs").GetInt64()));
        JsonElement mutex = json.RootElement.GetProperty("mutexes")[0];
        Assert.Equal((0, 1, 3_100), (mutex.GetProperty("acquires").GetInt64(), mutex.GetProperty("holdsCut").GetInt64(), mutex.GetProperty("holdsCutAtLeastMaxNs").GetInt64()));
    }

    [Theory]
    [InlineData("'5' is no time", "--since", "5")]
    [InlineData("'soon' is no time", "--until", "soon")]
    [InlineData("later than --since", "--until", "-1s")]
    [InlineData("later than --since", "--since", "2s", "--until", "1s")]
    public void A_time_without_sense_is_refused(string message, params string[] options)
    {
        CommandResult result = Command.Run(["report", "no-such.etl", .. options]);

        result.AssertClearError(ExitCode.Usage, message);
    }

    private string Trace() => _folder.Write("trace.etl", Traces.Contended);

    public void Dispose() => _folder.Dispose();
}
