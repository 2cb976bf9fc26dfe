using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tracing.Reports.Model;

namespace Tracing.Reports.Data;

/// <summary>
/// The report as JSON, for programs. Its shape is published in docs/reference/report.schema.json; the same report gives the same bytes.
/// </summary>
/// <remarks>
/// The bytes are ASCII: every other character, and <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c>, is written as <c>\uXXXX</c>, so that hostile names can neither
/// drive a terminal nor end an HTML script element.
/// </remarks>
public static class JsonReport
{
    /// <summary>Writes a report as indented UTF-8, ended by a line feed.</summary>
    public static void Write(LockReport report, Stream output)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(output);
        JsonSerializer.Serialize(output, MakeDocument(report), JsonReportContext.Default.ReportDocument);
        output.WriteByte((byte)'\n');
    }

    /// <summary>The report as a string.</summary>
    public static string ToText(LockReport report)
    {
        using var buffer = new MemoryStream();
        Write(report, buffer);
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static ReportDocument MakeDocument(LockReport report) => new(
        report.SchemaVersion,
        MakeTrace(report.Trace),
        [.. report.Recordings.Select(one => new RecordingDocument(
            one.Trace.Files, one.Trace.DurationNs, one.Trace.DriverEventsRead, one.Trace.Grade, one.Trace.GradeReasons, one.Mutexes.Count, one.AllWaits.Count,
            one.AllWaits.TotalNs, one.AllHolds.Count, one.AllHolds.TotalNs, one.Findings.Count))],
        [.. report.Findings.Select(MakeFinding)],
        report.Mutexes.Select(mutex => MakeMutex(mutex, report.Names)),
        [.. report.IrqlRejections.Select(row => new IrqlRejectionDocument(
            row.Operation, row.Irql, row.MaximumIrql, SiteDocument.Of(row.Site), row.MutexId, row.Mutex, row.MutexLabel, row.Count, row.RetriedWithSuccess,
            row.FirstNs, row.LastNs))],
        [.. report.Misuses.Select(row => new MisuseDocument(row.Kind, SiteDocument.Of(row.Site), row.MutexId, row.Mutex, row.Count, row.FirstNs, row.ThreadId,
            report.Names.OfThread(row.ThreadId)))],
        [.. report.LiveMutexes.Select(mutex => LiveMutexDocument.Of(mutex, report.Names))],
        [.. report.Growth.Select(LiveGrowthDocument.Of)],
        [.. report.Deadlocks.Select(deadlock => DeadlockDocument.Of(deadlock, report.Names))],
        report.DeadlocksNotKept,
        [.. report.Abandonments.Select(row => AbandonmentDocument.Of(row, report.Names))],
        [.. report.AllocationFailures.Select(AllocationFailureDocument.Of)],
        [.. report.PossibleDeadlocks.Select(possible => PossibleDeadlockDocument.Of(possible, report.Names))],
        new LockOrdersDocument(report.LockOrdersNotKept, report.PossibleDeadlocksIncomplete, [.. report.LockOrders.Select(order => LockOrderDocument.Of(order, report.Names))]),
        BlameDocument.Of(report.Blame, report.Names),
        [.. report.BySite.Select(row => UsageDocument.Of(row, report.Names))],
        [.. report.ByThread.Select(row => UsageDocument.Of(row, report.Names))],
        [.. report.ByProcess.Select(row => UsageDocument.Of(row, report.Names))],
        report.Convoys,
        [.. report.HoldBreakdowns.Select(row => new HoldBreakdownDocument(
            SiteDocument.Of(row.Site), row.Holds, row.HoldNs, row.RunningNs, row.ReadyNs, row.WaitingNs, row.InterruptedNs, row.UnknownNs))],
        [.. report.Stacks.Select(row => new StackDocument(row.Kind, row.MutexId, row.Mutex, row.ThreadId, report.Names.OfThread(row.ThreadId), row.Ns, row.Frames))],
        report.Oddities,
        report.Trace.Identities,
        [.. report.OtherProviders.Select(provider => new ProviderDocument(provider.Id, provider.Name, provider.Events))]);

    internal static FindingDocument MakeFinding(Finding finding) => new(
        finding.Severity, finding.Kind, finding.Subject, finding.Sentence, finding.Advice, finding.Numbers, SiteDocument.Of(finding.Site));

    private static TraceDocument MakeTrace(TraceSummary trace) => new(
        trace.Files, trace.StartUtc, trace.EndUtc, trace.DurationNs, trace.SinceNs, trace.UntilNs, trace.ProcessorCount, trace.OsBuild, trace.RecordedBy, trace.IsSimulated, trace.ClockFrequency, trace.EventsRead,
        trace.DriverEventsRead, trace.EventsLost, trace.BuffersLost, trace.SequenceGaps, trace.Rundown, trace.LeaksAreCertain, trace.LiveAtUnload, trace.LockEventsRecorded, trace.Grade,
        trace.GradeReasons);

    private static MutexDocument MakeMutex(MutexRow mutex, ThreadNames names) => new()
    {
        Id = mutex.Id,
        Label = mutex.Label,
        Name = mutex.Name,
        Kind = mutex.Kind,
        Site = SiteDocument.Of(mutex.Site),
        Address = Hex(mutex.Address),
        Acquires = mutex.Acquires,
        Contended = mutex.Contended,
        Failed = mutex.Failed,
        CountedFrom = mutex.CountedFrom,
        WaitCount = mutex.Wait.Count,
        WaitTotalNs = mutex.Wait.TotalNs,
        WaitMeanNs = mutex.Wait.MeanNs,
        WaitP50Ns = mutex.Wait.P50Ns,
        WaitP90Ns = mutex.Wait.P90Ns,
        WaitP99Ns = mutex.Wait.P99Ns,
        WaitP999Ns = mutex.Wait.P999Ns,
        WaitMaxNs = mutex.Wait.MaxNs,
        WaitsSampled = mutex.Wait.Sampled,
        WaitsCut = mutex.Wait.Censored.Count,
        WaitsCutAtLeastMaxNs = mutex.Wait.Censored.AtLeastMaxNs,
        WaitsUnknown = mutex.Wait.Unknown,
        HoldCount = mutex.Hold.Count,
        HoldTotalNs = mutex.Hold.TotalNs,
        HoldMeanNs = mutex.Hold.MeanNs,
        HoldP50Ns = mutex.Hold.P50Ns,
        HoldP90Ns = mutex.Hold.P90Ns,
        HoldP99Ns = mutex.Hold.P99Ns,
        HoldP999Ns = mutex.Hold.P999Ns,
        HoldMaxNs = mutex.Hold.MaxNs,
        HoldsSampled = mutex.Hold.Sampled,
        HoldsCut = mutex.Hold.Censored.Count,
        HoldsCutAtLeastMaxNs = mutex.Hold.Censored.AtLeastMaxNs,
        HoldsUnknown = mutex.Hold.Unknown,
        FailedWaitTotalNs = mutex.FailedWait.TotalNs,
        FailedWaitMaxNs = mutex.FailedWait.MaxNs,
        DeepestRecursion = mutex.DeepestRecursion,
        SequenceGaps = mutex.SequenceGaps,
        IrqlRejections = mutex.IrqlRejections,
        Live = mutex.Live,
        BlamedNs = mutex.BlamedNs,
        HandOffNs = mutex.HandOffNs,
        UnknownBlameNs = mutex.UnknownBlameNs,
        TopWaitingSite = SiteDocument.Of(mutex.TopWaitingSite),
        TopBlamedSite = SiteDocument.Of(mutex.TopBlamedSite),
        TopBlamedNs = mutex.TopBlamedNs,
        TopBlamedThreadId = mutex.TopBlamedThreadId,
        TopBlamedThread = names.OfThread(mutex.TopBlamedThreadId),
        TopBlamedThreadNs = mutex.TopBlamedThreadNs,
        UtilisationPercent = mutex.UtilisationPercent,
        WaitedForPercent = mutex.WaitedForPercent,
        DeepestQueue = mutex.DeepestQueue,
        OwnerSwitches = mutex.OwnerSwitches,
        Misuses = mutex.Misuses,
        Grade = mutex.Grade,
    };

    private static string Hex(ulong address) => string.Create(CultureInfo.InvariantCulture, $"0x{address:x}");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", UseStringEnumConverter = true,
    GenerationMode = JsonSourceGenerationMode.Default)]
[JsonSerializable(typeof(ReportDocument))]
internal sealed partial class JsonReportContext : JsonSerializerContext;
