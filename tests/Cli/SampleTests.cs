using System.Globalization;
using System.Text.Json;

namespace Tracing.Cli.Tests;

/// <summary>
/// The samples: each trace was written by the real driver, and beside it lies what the simulated kernel saw while it ran. The report must agree, wherever it is made.
/// </summary>
public sealed class SampleTests
{
    private static readonly string Folder = Path.GetFullPath(Path.Combine(BuiltDriver.Path, "..", "..", "..", "samples"));

    public static TheoryData<string> Samples() => [.. Directory.GetFiles(Folder, "*.etl").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_workload_has_a_sample() =>
        Assert.Empty(Host.WorkloadKind.All.Select(kind => kind.Name).Except(Samples().Select(row => row.Data)));

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_report_on_a_sample_is_the_one_expected(string sample)
    {
        CommandResult result = Command.Run("report", Path.Combine(Folder, sample + ".etl"), "--json");
        Assert.Equal(0, result.ExitCode);
        using JsonDocument document = JsonDocument.Parse(result.Output);
        JsonElement report = document.RootElement;
        using JsonDocument truth = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, sample + ".expected.json")));
        JsonElement expected = truth.RootElement;

        Assert.Equal("A", report.GetProperty("trace").GetProperty("grade").GetString());
        Assert.Equal(expected.GetProperty("eventsWritten").GetInt64(), report.GetProperty("trace").GetProperty("driverEvents").GetInt64());
        Assert.Equal(expected.GetProperty("eventsLost").GetInt64(), report.GetProperty("trace").GetProperty("eventsLost").GetInt64());
        Assert.Equal(expected.GetProperty("rejections").GetInt64(), report.GetProperty("irqlRejections").EnumerateArray().Sum(row => row.GetProperty("count").GetInt64()));
        Assert.Equal(expected.GetProperty("leakedMutexes").GetInt32(), report.GetProperty("live").GetArrayLength());
        Assert.Equal(expected.GetProperty("leakedBytes").GetInt64(), report.GetProperty("live").EnumerateArray().Sum(row => row.GetProperty("bytes").GetInt64()));

        Dictionary<(ulong, int, bool), JsonElement> rows = ByGeneration(report);
        Assert.Equal(expected.GetProperty("mutexes").GetArrayLength(), rows.Count);
        foreach (JsonElement mutex in expected.GetProperty("mutexes").EnumerateArray())
        {
            JsonElement row = rows[(AddressOf(mutex), mutex.GetProperty("generation").GetInt32(), mutex.GetProperty("isFast").GetBoolean())];
            Assert.Equal(mutex.GetProperty("acquires").GetInt64(), row.GetProperty("acquires").GetInt64());
            Assert.Equal(mutex.GetProperty("contended").GetInt64(), row.GetProperty("contended").GetInt64());
            Assert.Equal(mutex.GetProperty("holds").GetInt64(), row.GetProperty("holdCount").GetInt64());
            foreach (string time in new[] { "waitTotalNs", "waitMaxNs", "holdTotalNs", "holdMaxNs" })
            {
                JsonElement bounds = mutex.GetProperty(time);
                Assert.InRange(row.GetProperty(time).GetInt64(), bounds.GetProperty("least").GetInt64(), bounds.GetProperty("most").GetInt64());
            }
        }
    }

    /// <summary>The kernel sees a fast mutex when it is first asked for.</summary>
    private static Dictionary<(ulong Address, int Generation, bool IsFast), JsonElement> ByGeneration(JsonElement report) => report.GetProperty("mutexes").EnumerateArray()
        .Where(row => !IsFast(row) || row.GetProperty("acquires").GetInt64() > 0)
        .GroupBy(row => (Address: AddressOf(row), IsFast: IsFast(row)))
        .SelectMany(group => group.OrderBy(row => row.GetProperty("id").GetUInt64())
            .Select((row, generation) => (Key: (group.Key.Address, generation, group.Key.IsFast), Row: row)))
        .ToDictionary(pair => pair.Key, pair => pair.Row);

    private static bool IsFast(JsonElement row) => row.GetProperty("kind").GetString() == "FastMutex";

    private static ulong AddressOf(JsonElement mutex) =>
        ulong.Parse(mutex.GetProperty("address").GetString()!.Replace("0x", "", StringComparison.Ordinal), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
