using System.Runtime.CompilerServices;
using Tracing.Driver.Contract;

namespace Tracing.Driver;

/// <summary>What the threads of one request share. Lies in non-paged pool, followed by a <see cref="WorkloadThread"/> for each thread.</summary>
internal unsafe struct WorkloadRun
{
    /// <summary>Reads <c>kmtw</c>: not the tag of mutexes, whose leaks it would hide.</summary>
    internal const uint PoolTag = 'k' | ('m' << 8) | ('t' << 16) | ('w' << 24);

    /// <summary>Opens when all threads exist, so that they begin together.</summary>
    internal KEventObject Gate;

    /// <summary>Where the threads wait for each other on the way.</summary>
    internal Meeting Meeting;

    /// <summary>What was asked for.</summary>
    internal WorkloadRequest Request;

    /// <summary>Non-zero when a thread could not be started: those that were go home.</summary>
    internal uint Cancelled;

    /// <summary>The mutex that all threads meet at, in workloads that have one.</summary>
    internal KMutex<ulong> Shared;

    /// <summary>A second one, in workloads that nest.</summary>
    internal KMutex<ulong> Second;

    /// <summary>What the holder of <see cref="Shared"/> holds it by, in the workload in which others take hold of it.</summary>
    internal GuardState Holder;

    /// <summary>Held while the IRQL workload asks for what it must not get.</summary>
    internal SpinLock SpinLock;

    /// <summary>Allocates a run with its threads' places, zeroed. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    /// <returns>Null when the pool is exhausted.</returns>
    internal static WorkloadRun* Allocate(in WorkloadRequest request)
    {
        nuint size = (nuint)sizeof(WorkloadRun) + (request.Threads * (nuint)sizeof(WorkloadThread));
        WorkloadRun* run = (WorkloadRun*)Kernel.ExAllocatePool2(PoolFlags.NonPaged, size, PoolTag);
        if (run != null)
        {
            Kernel.KeInitializeEvent(&run->Gate, EventType.Notification, 0);
            Meeting.Open(&run->Meeting);
            run->Request = request;
        }

        return run;
    }

    /// <summary>Gives each thread a mutex of its own. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    internal static MutexError AllocateOwn(
        WorkloadRun* run, string label, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "")
    {
        MutexError error = MutexError.None;
        for (uint i = 0; i < run->Request.Threads && error == MutexError.None; i++)
        {
            error = KMutex<ulong>.New(0, label, out ThreadOf(run, i)->Own, file, line, member);
        }

        return error;
    }

    /// <summary>The place of a thread.</summary>
    internal static WorkloadThread* ThreadOf(WorkloadRun* run, uint index) => (WorkloadThread*)(run + 1) + index;

    /// <summary>Frees a run. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    internal static void Free(WorkloadRun* run) => Kernel.ExFreePoolWithTag(run, PoolTag);
}
