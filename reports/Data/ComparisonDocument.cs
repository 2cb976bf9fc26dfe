using Tracing.Reports.Model;

namespace Tracing.Reports.Data;

// A comparison as published: docs/reference/diff.schema.json describes it.

internal sealed record ComparisonDocument(
    int SchemaVersion,
    ComparedTraceDocument Before,
    ComparedTraceDocument After,
    double Level,
    int Tested,
    IReadOnlyList<string> Cautions,
    IReadOnlyList<ClassComparisonDocument> Classes,
    IReadOnlyList<ComparedClassDocument> OnlyBefore,
    IReadOnlyList<ComparedClassDocument> OnlyAfter,
    IReadOnlyList<FindingDocument> NewFindings,
    IReadOnlyList<FindingDocument> GoneFindings);

internal sealed record ComparedTraceDocument(IReadOnlyList<string> Files, long DurationNs, long DriverEvents, TrustGrade Grade, IReadOnlyList<string> GradeReasons);

internal sealed record ComparedClassDocument(string Name, string Label, SiteDocument? Site);

internal sealed record ClassComparisonDocument(
    string Name, string Label, SiteDocument? Site, ComparedSideDocument Before, ComparedSideDocument After, IReadOnlyList<MeasureComparisonDocument> Measures);

internal sealed record ComparedSideDocument(
    int Mutexes, long Acquires, long Contended, long WaitP50Ns, long WaitP99Ns, long WaitMaxNs, long HoldP50Ns, long HoldP99Ns, long HoldMaxNs);

internal sealed record MeasureComparisonDocument(
    ComparedMeasure Measure, double? Before, double? After, double? ChangePercent, bool Tested, double? LowDifference, double? HighDifference, double? PValue,
    double? AdjustedPValue, bool Significant);
