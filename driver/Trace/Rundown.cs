namespace Tracing.Driver;

/// <summary>
/// The state of everything alive, on request: what makes a trace that began late, or whose beginning has been overwritten, readable.
/// </summary>
internal static unsafe class Rundown
{
    /// <summary>Mutexes per turn at DISPATCH_LEVEL: some tens of microseconds, far from what a DPC is allowed.</summary>
    private const uint Turn = 32;

    private static uint _lastId;

    /// <summary>
    /// Writes RundownStarted, all sites, all live mutexes, RundownEnded, and ProviderStarted again. IRQL: PASSIVE_LEVEL, in ETW's callback,
    /// which ETW serializes. A mutex that lives throughout is not missed; acquire and release go on meanwhile.
    /// </summary>
    internal static void Write()
    {
        if (!KMutexEvents.IsMutexStateEnabled)
        {
            return;
        }

        ulong begun = Clock.Now();
        uint rundownId = ++_lastId;
        MutexHeader marker = default;
        uint live = LiveMutexes.BeginWalk(&marker, out ulong youngest);
        _ = KMutexEvents.WriteRundownStarted(TraceProvider.Registration, rundownId, live);
        uint sites = SiteTable.WriteAll();

        uint written = 0;
        uint visited;
        do
        {
            visited = LiveMutexes.Walk(&marker, youngest, Turn, &WriteState, &rundownId);
            written += visited;
        }
        while (visited == Turn);

        _ = KMutexEvents.WriteRundownEnded(TraceProvider.Registration, rundownId, written);

        const uint StartedAndEnded = 2;
        ProviderFacts.TakeCost(Clock.Now() - begun, StartedAndEnded + sites + written);
        ProviderFacts.WriteStarted();
    }

    /// <summary>Writes the state of one mutex. IRQL: DISPATCH_LEVEL, under the list's lock, so that it cannot be freed.</summary>
    private static void WriteState(MutexHeader* mutex, void* rundownId)
    {
        // Read once: owner and depth then belong together.
        ulong ownership = mutex->Ownership;
        _ = KMutexEvents.WriteMutexState(
            TraceProvider.Registration,
            *(uint*)rundownId,
            mutex->MutexId,
            mutex,
            mutex->Kind,
            mutex->DataSize,
            mutex->PoolSize,
            MutexBlock.PoolTag,
            mutex->AllocationIrql,
            mutex->AllocationSite,
            mutex->AllocatedAt,
            (uint)ownership,
            mutex->Sequence,
            LockTrace.Shorten(MutexHeader.DepthOf(ownership)),
            ownership == 0 ? 0 : mutex->HeldSince,
            (uint)mutex->Waiters,
            mutex->Sequence,
            mutex->Contended,
            (ulong)mutex->Rejected,
            mutex->WaitTotal,
            mutex->WaitMax,
            mutex->TimedHolds,
            mutex->HoldTotal,
            mutex->HoldMax,
            mutex->Label,
            mutex->LabelLength);
    }
}
