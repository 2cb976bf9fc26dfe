using Tracing.Reports.Model;

namespace Tracing.Reports.Data;

// The JSON report as published: docs/reference/report.schema.json describes it. It is apart from the model so that the model can grow and move
// without breaking who reads the JSON. Fields are added; one that is there keeps its name and meaning, or the schema version goes up.

internal sealed record ReportDocument(
    int SchemaVersion,
    TraceDocument Trace,
    IReadOnlyList<RecordingDocument> Recordings,
    IReadOnlyList<FindingDocument> Findings,
    IEnumerable<MutexDocument> Mutexes,
    IReadOnlyList<IrqlRejectionDocument> IrqlRejections,
    IReadOnlyList<MisuseDocument> Misuses,
    IReadOnlyList<LiveMutexDocument> Live,
    IReadOnlyList<LiveGrowthDocument> Growth,
    IReadOnlyList<DeadlockDocument> Deadlocks,
    long DeadlocksNotKept,
    IReadOnlyList<AbandonmentDocument> Abandonments,
    IReadOnlyList<AllocationFailureDocument> AllocationFailures,
    IReadOnlyList<PossibleDeadlockDocument> PossibleDeadlocks,
    LockOrdersDocument LockOrders,
    BlameDocument Blame,
    IReadOnlyList<UsageDocument> BySite,
    IReadOnlyList<UsageDocument> ByThread,
    IReadOnlyList<UsageDocument> ByProcess,
    IReadOnlyList<Convoy> Convoys,
    IReadOnlyList<HoldBreakdownDocument> HoldBreakdowns,
    IReadOnlyList<StackDocument> Stacks,
    IReadOnlyList<Oddity> Oddities,
    IReadOnlyList<IdentityCheck> Identities,
    IReadOnlyList<ProviderDocument> OtherProviders);

internal sealed record HoldBreakdownDocument(
    SiteDocument? Site, long Holds, long HoldNs, long RunningNs, long ReadyNs, long WaitingNs, long InterruptedNs, long UnknownNs);

internal sealed record StackDocument(StackKind Kind, ulong MutexId, string Mutex, int ThreadId, string Thread, long Ns, IReadOnlyList<string> Frames);

internal sealed record RecordingDocument(
    IReadOnlyList<string> Files, long DurationNs, long DriverEvents, TrustGrade Grade, IReadOnlyList<string> GradeReasons, int Mutexes, long WaitCount, long WaitTotalNs,
    long HoldCount, long HoldTotalNs, int Findings);

internal sealed record TraceDocument(
    IReadOnlyList<string> Files,
    DateTime? StartUtc,
    DateTime? EndUtc,
    long DurationNs,
    long SinceNs,
    long? UntilNs,
    int Cpus,
    string OsBuild,
    string RecordedBy,
    bool Simulated,
    long ClockFrequency,
    long Events,
    long DriverEvents,
    long EventsLost,
    long BuffersLost,
    long SequenceGaps,
    RundownState Rundown,
    bool LeaksAreCertain,
    long? LiveAtUnload,
    bool LockEventsRecorded,
    TrustGrade Grade,
    IReadOnlyList<string> GradeReasons);

internal sealed record FindingDocument(
    FindingSeverity Severity, string Kind, string Subject, string Sentence, string Advice, IReadOnlyList<FindingNumber> Numbers, SiteDocument? Site);

internal sealed record MisuseDocument(string Kind, SiteDocument? Site, ulong MutexId, string Mutex, long Count, long FirstNs, int ThreadId, string Thread);

internal sealed record SiteDocument(string File, int Line, string Member)
{
    public static SiteDocument? Of(SourceSite? site) => site is null ? null : new SiteDocument(site.File, site.Line, site.Member);
}

internal sealed record MutexDocument
{
    public required ulong Id { get; init; }

    public required string Label { get; init; }

    public required string Name { get; init; }

    public required string Kind { get; init; }

    public required SiteDocument? Site { get; init; }

    public required string Address { get; init; }

    public required long Acquires { get; init; }

    public required long Contended { get; init; }

    public required long Failed { get; init; }

    public required CountSource CountedFrom { get; init; }

    public required long WaitCount { get; init; }

    public required long WaitTotalNs { get; init; }

    public required long WaitMeanNs { get; init; }

    public required long WaitP50Ns { get; init; }

    public required long WaitP90Ns { get; init; }

    public required long WaitP99Ns { get; init; }

    public required long WaitP999Ns { get; init; }

    public required long WaitMaxNs { get; init; }

    public required long WaitsSampled { get; init; }

    public required long WaitsCut { get; init; }

    public required long WaitsCutAtLeastMaxNs { get; init; }

    public required long WaitsUnknown { get; init; }

    public required long HoldCount { get; init; }

    public required long HoldTotalNs { get; init; }

    public required long HoldMeanNs { get; init; }

    public required long HoldP50Ns { get; init; }

    public required long HoldP90Ns { get; init; }

    public required long HoldP99Ns { get; init; }

    public required long HoldP999Ns { get; init; }

    public required long HoldMaxNs { get; init; }

    public required long HoldsSampled { get; init; }

    public required long HoldsCut { get; init; }

    public required long HoldsCutAtLeastMaxNs { get; init; }

    public required long HoldsUnknown { get; init; }

    public required long FailedWaitTotalNs { get; init; }

    public required long FailedWaitMaxNs { get; init; }

    public required int DeepestRecursion { get; init; }

    public required long SequenceGaps { get; init; }

    public required long IrqlRejections { get; init; }

    public required bool Live { get; init; }

    public required long BlamedNs { get; init; }

    public required long HandOffNs { get; init; }

    public required long UnknownBlameNs { get; init; }

    public required SiteDocument? TopWaitingSite { get; init; }

    public required SiteDocument? TopBlamedSite { get; init; }

    public required long TopBlamedNs { get; init; }

    public required int? TopBlamedThreadId { get; init; }

    public required string? TopBlamedThread { get; init; }

    public required long TopBlamedThreadNs { get; init; }

    public required double UtilisationPercent { get; init; }

    public required double WaitedForPercent { get; init; }

    public required int DeepestQueue { get; init; }

    public required long OwnerSwitches { get; init; }

    public required long Misuses { get; init; }

    public required TrustGrade Grade { get; init; }
}

internal sealed record IrqlRejectionDocument(
    string Operation, int Irql, int MaximumIrql, SiteDocument? Site, ulong MutexId, string Mutex, string MutexLabel, long Count, long? RetriedWithSuccess, long FirstNs,
    long LastNs);

internal sealed record ProviderDocument(Guid Guid, string Name, long Events);
