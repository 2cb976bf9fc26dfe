using System.Text.Json;
using System.Text.Json.Serialization;
using Tracing.Reports.Model;

namespace Tracing.Reports.Data;

/// <summary>A comparison as JSON, for programs. Its shape is published in docs/reference/diff.schema.json; the same recordings give the same bytes, all of them ASCII.</summary>
public static class JsonComparison
{
    /// <summary>Writes a comparison as indented UTF-8, ended by a line feed.</summary>
    public static void Write(Comparison comparison, Stream output)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ArgumentNullException.ThrowIfNull(output);
        JsonSerializer.Serialize(output, MakeDocument(comparison), JsonComparisonContext.Default.ComparisonDocument);
        output.WriteByte((byte)'\n');
    }

    private static ComparisonDocument MakeDocument(Comparison comparison) => new(
        Comparison.CurrentSchemaVersion, MakeTrace(comparison.Before), MakeTrace(comparison.After), comparison.Level, comparison.Tested, comparison.Cautions,
        [.. comparison.Classes.Select(one => new ClassComparisonDocument(
            one.Class.Name, one.Class.Label, MakeSite(one.Class.Site), MakeSide(one.Before), MakeSide(one.After), [.. one.Measures.Select(MakeMeasure)]))],
        [.. comparison.Gone.Select(MakeClass)], [.. comparison.Added.Select(MakeClass)],
        [.. comparison.NewFindings.Select(JsonReport.MakeFinding)], [.. comparison.GoneFindings.Select(JsonReport.MakeFinding)]);

    private static ComparedTraceDocument MakeTrace(TraceSummary trace) => new(trace.Files, trace.DurationNs, trace.DriverEventsRead, trace.Grade, trace.GradeReasons);

    private static ComparedClassDocument MakeClass(ComparedClass one) => new(one.Name, one.Label, MakeSite(one.Site));

    private static ComparedSideDocument MakeSide(MutexGroup group) => new(
        group.Mutexes.Count, group.Acquires, group.Contended, group.Wait.P50Ns, group.Wait.P99Ns, group.Wait.MaxNs, group.Hold.P50Ns, group.Hold.P99Ns, group.Hold.MaxNs);

    private static MeasureComparisonDocument MakeMeasure(MeasureComparison measure) => measure.Tested
        ? new(measure.Measure, measure.Before, measure.After, measure.ChangePercent, true, measure.LowDifference, measure.HighDifference, measure.PValue, measure.AdjustedPValue, measure.Significant)
        : new(measure.Measure, measure.Before, measure.After, measure.ChangePercent, false, null, null, null, null, false);

    private static SiteDocument? MakeSite(SourceSite? site) => site is null ? null : new SiteDocument(site.File, site.Line, site.Member);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", UseStringEnumConverter = true,
    GenerationMode = JsonSourceGenerationMode.Default)]
[JsonSerializable(typeof(ComparisonDocument))]
internal sealed partial class JsonComparisonContext : JsonSerializerContext;
