namespace Tracing.Host;

/// <summary>What came of a run. Immutable.</summary>
/// <param name="DriverEntryStatus">The NTSTATUS of DriverEntry; if it is a failure, the workload did not run.</param>
/// <param name="WorkloadStatus">The NTSTATUS the workload's request was completed with, or that of DriverEntry where that failed.</param>
/// <param name="Result">What the driver says it did.</param>
/// <param name="Tally">What the simulated kernel saw it do.</param>
/// <param name="Session">What the trace session did.</param>
/// <param name="Leaks">Pool the driver left behind.</param>
/// <param name="Violations">Rules of the kernel the driver broke at its end, in what it left behind; one that is broken before stops the run.</param>
/// <param name="Fallible">What could have failed, and what was made to; empty without a <see cref="RunRequest.Faults"/>.</param>
/// <param name="Elapsed">How long the workload took, from the request to its completion.</param>
public sealed record RunOutcome(
    int DriverEntryStatus,
    int WorkloadStatus,
    WorkloadTotals Result,
    Tally Tally,
    SessionTotals Session,
    IReadOnlyList<PoolLeak> Leaks,
    IReadOnlyList<string> Violations,
    IReadOnlyList<FallibleCalls> Fallible,
    TimeSpan Elapsed);
