using Tracing.Driver.Contract;

namespace Tracing.Driver;

/// <summary>The two parts of a workload: what is there before its threads begin, and what each of them does.</summary>
/// <remarks>
/// What threads meet at is allocated before they begin: one that found no memory halfway would leave the others waiting for it.
/// </remarks>
internal readonly unsafe struct WorkloadSteps
{
    private WorkloadSteps(delegate*<WorkloadRun*, MutexError> prepare, delegate*<WorkloadThread*, void> run)
    {
        Prepare = prepare;
        Run = run;
    }

    /// <summary>Allocates what the threads share. IRQL: PASSIVE_LEVEL. On failure the run frees what was allocated.</summary>
    internal delegate*<WorkloadRun*, MutexError> Prepare { get; }

    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal delegate*<WorkloadThread*, void> Run { get; }

    /// <summary>The parts of a workload that a request may name.</summary>
    internal static WorkloadSteps Of(Workload workload) => workload switch
    {
        Workload.Uncontended => new(&PrepareNothing, &UncontendedWorkload.Run),
        Workload.Contended => new(&ContendedWorkload.Prepare, &ContendedWorkload.Run),
        Workload.Irql => new(&IrqlWorkload.Prepare, &IrqlWorkload.Run),
        Workload.Leak => new(&PrepareNothing, &LeakWorkload.Run),
        Workload.Registry => new(&RegistryWorkload.Prepare, &RegistryWorkload.Run),
        Workload.OppositeOrders => new(&OppositeOrdersWorkload.Prepare, &OppositeOrdersWorkload.Run),
        Workload.Deadlock => new(&DeadlockWorkload.Prepare, &DeadlockWorkload.Run),
        Workload.Convoy => new(&ConvoyWorkload.Prepare, &ConvoyWorkload.Run),
        Workload.SlowHolder => new(&SlowHolderWorkload.Prepare, &SlowHolderWorkload.Run),
        Workload.LeakGrowing => new(&PrepareNothing, &LeakGrowingWorkload.Run),
        Workload.LeakSteady => new(&PrepareNothing, &LeakSteadyWorkload.Run),
        Workload.LeakAtUnload => new(&LeakAtUnloadWorkload.Prepare, &LeakAtUnloadWorkload.Run),
        Workload.DoubleRelease => new(&DoubleReleaseWorkload.Prepare, &DoubleReleaseWorkload.Run),
        Workload.ReleaseByOther => new(&ReleaseByOtherWorkload.Prepare, &ReleaseByOtherWorkload.Run),
        Workload.FreeWhileHeld => new(&FreeWhileHeldWorkload.Prepare, &FreeWhileHeldWorkload.Run),
        Workload.FreeWithWaiters => new(&FreeWithWaitersWorkload.Prepare, &FreeWithWaitersWorkload.Run),
        Workload.LabelInUse => new(&LabelInUseWorkload.Prepare, &LabelInUseWorkload.Run),
        Workload.UseAfterFree => new(&PrepareNothing, &UseAfterFreeWorkload.Run),
        Workload.Recursion => new(&RecursionWorkload.Prepare, &RecursionWorkload.Run),
        Workload.Dpc => new(&DpcWorkload.Prepare, &DpcWorkload.Run),
        Workload.OutOfPool => new(&PrepareNothing, &OutOfPoolWorkload.Run),
        _ => new(&TimedWaitsWorkload.Prepare, &TimedWaitsWorkload.Run),
    };

    /// <summary>For workloads whose threads make what they use.</summary>
    private static MutexError PrepareNothing(WorkloadRun* run) => MutexError.None;
}
