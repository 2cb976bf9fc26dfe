using System.Globalization;
using System.Text.Json;

namespace Tracing.Cli.Tests;

/// <summary>The command on traces that Windows wrote. The expected counts are those of the folder's own README.</summary>
public sealed class RealTraceTests
{
    private static readonly string? Folder = Find();

    public static TheoryData<string, long, long> Traces => new()
    {
        { "net.4.5.2.x64.etl", 179_474, 0 },
        { "gcevents.etl", 71, 0 },
        { "primitive-types.etl", 7, 0 },
        { "SelfDescribingSingleEvent.etl", 22, 0 },
        { "ShutdownPerfDiagLogger.etl", 17_078, 0 },
        { "AMSITrace.etl", 21, 3 },
        { "lxcore_kernel.etl", 4, 0 },
        { "WindowsUpdate.20251008.140245.443.8.etl", 82, 41 },
    };

    [Theory]
    [MemberData(nameof(Traces))]
    public void Info_counts_every_record_and_every_loss(string name, long records, long eventsLost)
    {
        using var json = JsonDocument.Parse(Command.Run("info", PathOf(name), "--json").Output);

        JsonElement info = json.RootElement;
        Assert.Equal(records, info.GetProperty("records").GetInt64());
        Assert.Equal(eventsLost, info.GetProperty("eventsLost").GetInt64());
        Assert.Equal(records, info.GetProperty("providers").EnumerateArray().Sum(provider => provider.GetProperty("events").GetInt64()));
        Assert.Equal(
            info.GetProperty("providers").EnumerateArray().Select(provider => provider.GetProperty("events").GetInt64()).OrderDescending(),
            info.GetProperty("providers").EnumerateArray().Select(provider => provider.GetProperty("events").GetInt64()));
        Assert.True(info.GetProperty("buffers").GetInt64() >= 2);
        Assert.True(info.GetProperty("cpus").GetInt64() >= 1);
        Assert.Equal(0, info.GetProperty("buffersLost").GetInt64());
    }

    [Theory]
    [MemberData(nameof(Traces))]
    public void Dump_shows_every_record_on_one_line_in_order_of_time(string name, long records, long eventsLost)
    {
        _ = eventsLost;
        CommandResult result = Command.Run("dump", PathOf(name));

        Assert.Equal(records, result.Lines.LongLength);
        decimal last = decimal.MinValue;
        foreach (string line in result.Lines)
        {
            decimal time = decimal.Parse(line.AsSpan(0, 16), NumberStyles.Number, CultureInfo.InvariantCulture);
            Assert.True(time >= last, line);
            last = time;
        }
    }

    [Theory]
    [MemberData(nameof(Traces))]
    public void A_report_says_that_the_driver_is_not_in_it(string name, long records, long eventsLost)
    {
        CommandResult result = Command.Run("report", PathOf(name), "--json");

        Assert.Equal(ExitCode.Fine, result.ExitCode);
        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal(records, json.RootElement.GetProperty("trace").GetProperty("events").GetInt64());
        Assert.Equal(eventsLost, json.RootElement.GetProperty("trace").GetProperty("eventsLost").GetInt64());
        Assert.Equal("D", json.RootElement.GetProperty("trace").GetProperty("grade").GetString());
    }

    private static string PathOf(string name)
    {
        Assert.SkipWhen(Folder is null, "the real traces are not here: set KMUTEX_REAL_TRACES to their folder");
        return Path.Combine(Folder, name);
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("KMUTEX_REAL_TRACES") is { Length: > 0 } named)
        {
            return Directory.Exists(named) ? named : null;
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tracing.sln")))
            {
                string traces = Path.Combine(folder.FullName, "..", "shared", "etl");
                return Directory.Exists(traces) ? traces : null;
            }
        }

        return null;
    }
}
