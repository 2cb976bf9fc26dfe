using System.Text.Json;
using CsCheck;
using Tracing.Reports.Data;
using Tracing.Reports.Model;

namespace Tracing.Reports.Tests;

public sealed class JsonReportTests
{
    [Fact]
    public void The_fields_that_scripts_rely_on_are_there_with_their_values()
    {
        JsonElement json = Parse(Reports.ByHand);

        Assert.Equal(1, json.GetProperty("schemaVersion").GetInt32());
        Assert.Equal(4990, json.GetProperty("trace").GetProperty("driverEvents").GetInt64());
        Assert.Equal("A", json.GetProperty("trace").GetProperty("grade").GetString());
        JsonElement mutex = json.GetProperty("mutexes")[1];
        Assert.Equal("DeviceQueue", mutex.GetProperty("label").GetString());
        Assert.Equal(1000, mutex.GetProperty("acquires").GetInt64());
        Assert.Equal(400, mutex.GetProperty("contended").GetInt64());
        Assert.Equal(1_200_000_000, mutex.GetProperty("waitTotalNs").GetInt64());
        Assert.Equal(3_000_000, mutex.GetProperty("waitMeanNs").GetInt64());
        Assert.Equal(2_500_000, mutex.GetProperty("waitP50Ns").GetInt64());
        Assert.Equal(9_000_000, mutex.GetProperty("waitP99Ns").GetInt64());
        Assert.Equal(12_345_678, mutex.GetProperty("waitMaxNs").GetInt64());
        Assert.Equal(1_500_000_000, mutex.GetProperty("holdTotalNs").GetInt64());
        Assert.Equal(3_200_000, mutex.GetProperty("holdMaxNs").GetInt64());
        Assert.Equal(7, mutex.GetProperty("irqlRejections").GetInt64());
        Assert.True(mutex.GetProperty("live").GetBoolean());
        Assert.Equal("0xffff800000001000", mutex.GetProperty("address").GetString());
        JsonElement rejection = json.GetProperty("irqlRejections")[0];
        Assert.Equal("Lock", rejection.GetProperty("operation").GetString());
        Assert.Equal(2, rejection.GetProperty("irql").GetInt32());
        Assert.Equal(1, rejection.GetProperty("maximumIrql").GetInt32());
        Assert.Equal("Dpc.cs", rejection.GetProperty("site").GetProperty("file").GetString());
        Assert.Equal(7, rejection.GetProperty("count").GetInt64());
        JsonElement live = json.GetProperty("live")[0];
        Assert.Equal(96, live.GetProperty("bytes").GetInt64());
        Assert.Equal(1_900_000_000, live.GetProperty("ageNs").GetInt64());
        Assert.Equal("holds-exclude", json.GetProperty("identities")[0].GetProperty("name").GetString());
        Assert.Equal(0, json.GetProperty("oddities").GetArrayLength());
    }

    [Fact]
    public void What_holders_did_is_written_as_the_schema_says()
    {
        JsonElement json = Parse(Reports.ByHand with { HoldBreakdowns = [new(new SourceSite("Flush.cs", 40, "Flush"), 3, 28, 1, 2, 4, 8, 13)] });
        JsonElement row = json.GetProperty("holdBreakdowns")[0];

        Assert.Equal("Flush.cs", row.GetProperty("site").GetProperty("file").GetString());
        Assert.Equal(
            [3, 28, 1, 2, 4, 8, 13],
            ((string[])["holds", "holdNs", "runningNs", "readyNs", "waitingNs", "interruptedNs", "unknownNs"]).Select(name => row.GetProperty(name).GetInt64()));
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(SchemaFile()));
        Assert.Empty(SchemaCheck.Validate(schema.RootElement, json));
    }

    [Fact]
    public void Labels_survive_as_they_are_and_the_bytes_are_harmless_ASCII() => Reports.Any.Sample(report =>
    {
        string text = JsonReport.ToText(report);
        Assert.Equal(-1, text.Replace('\n', ' ').AsSpan().IndexOfAnyExceptInRange(' ', '~'));
        Assert.DoesNotContain("<", text, StringComparison.Ordinal);
        JsonElement json = Parse(report);
        for (int i = 0; i < report.Mutexes.Count; i++)
        {
            // A lone surrogate has no UTF-8: JSON carries the replacement character for it.
            string expected = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(report.Mutexes[i].Label));
            Assert.Equal(expected, json.GetProperty("mutexes")[i].GetProperty("label").GetString());
        }
    });

    [Fact]
    public void The_same_report_gives_the_same_bytes() => Reports.Any.Sample(report =>
        Assert.Equal(JsonReport.ToText(report), JsonReport.ToText(report with { })));

    [Fact]
    public void Every_report_is_valid_by_the_published_schema()
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(SchemaFile()));
        Assert.Empty(SchemaCheck.Validate(schema.RootElement, Parse(Reports.ByHand)));
        Reports.Any.Sample(report => Assert.Empty(SchemaCheck.Validate(schema.RootElement, Parse(report))));
    }

    [Fact]
    public void The_schema_rejects_a_missing_field_and_a_wrong_type()
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(SchemaFile()));
        string text = JsonReport.ToText(Reports.ByHand);

        Assert.NotEmpty(SchemaCheck.Validate(schema.RootElement, JsonDocument.Parse(text.Replace("\"waitTotalNs\"", "\"waitTotal\"", StringComparison.Ordinal)).RootElement));
        Assert.NotEmpty(SchemaCheck.Validate(schema.RootElement, JsonDocument.Parse(text.Replace("\"live\": true", "\"live\": 1", StringComparison.Ordinal)).RootElement));
        Assert.NotEmpty(SchemaCheck.Validate(schema.RootElement, JsonDocument.Parse(text.Replace("\"grade\": \"A\"", "\"grade\": \"Z\"", StringComparison.Ordinal)).RootElement));
    }

    private static JsonElement Parse(LockReport report) => JsonDocument.Parse(JsonReport.ToText(report)).RootElement;

    private static string SchemaFile()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string file = Path.Combine(folder.FullName, "docs", "reference", "report.schema.json");
            if (File.Exists(file))
            {
                return file;
            }
        }

        throw new FileNotFoundException("docs/reference/report.schema.json is not above the test's folder: run the tests from a checkout.");
    }
}
