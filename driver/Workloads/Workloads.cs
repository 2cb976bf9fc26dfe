using Tracing.Driver.Contract;

namespace Tracing.Driver;

/// <summary>Runs what a request asks for, on system threads that start together, and adds up what they counted.</summary>
internal static unsafe class Workloads
{
    /// <summary>Runs a request to its end. IRQL: PASSIVE_LEVEL.</summary>
    /// <returns>An NTSTATUS; on failure <paramref name="result"/> means nothing, and no mutex of the request is left.</returns>
    internal static int Run(in WorkloadRequest request, out WorkloadResult result)
    {
        result = default;
        if (!IsValid(in request))
        {
            return NtStatus.InvalidParameter;
        }

        WorkloadRun* run = WorkloadRun.Allocate(in request);
        if (run == null)
        {
            return NtStatus.InsufficientResources;
        }

        int status = Prepare(run);
        if (!NtStatus.Failed(status))
        {
            status = RunThreads(run);
        }

        AddUp(run, ref result);
        CleanUp(run, ref result);
        WorkloadRun.Free(run);
        result.LiveMutexes = LiveMutexes.Count;
        return status;
    }

    private static bool IsValid(in WorkloadRequest request)
    {
        Workload workload = (Workload)request.Workload;
        return request.Size == sizeof(WorkloadRequest)
            && workload is >= Workload.Uncontended and <= Workload.OutOfPool
            && request.Threads >= WorkloadControl.LeastThreads(workload)
            && request.Threads <= WorkloadControl.MaximumThreads
            && request.Iterations is >= 1 and <= WorkloadControl.MaximumIterations
            && request.HoldMicroseconds <= WorkloadControl.MaximumHoldMicroseconds
            && request.Reserved == 0
            && (ulong)request.Iterations * request.Threads * WorkloadControl.LeaksPerIteration(workload) <= WorkloadControl.MaximumLeaks;
    }

    private static int Prepare(WorkloadRun* run) =>
        WorkloadSteps.Of((Workload)run->Request.Workload).Prepare(run) == MutexError.None ? NtStatus.Success : NtStatus.InsufficientResources;

    private static int RunThreads(WorkloadRun* run)
    {
        int status = NtStatus.Success;
        uint started = 0;
        while (started < run->Request.Threads && !NtStatus.Failed(status))
        {
            status = WorkloadThread.Start(WorkloadRun.ThreadOf(run, started), run, started);
            started += NtStatus.Failed(status) ? 0u : 1u;
        }

        run->Cancelled = NtStatus.Failed(status) ? 1u : 0u;
        _ = Kernel.KeSetEvent(&run->Gate, 0, 0);
        for (uint i = 0; i < started; i++)
        {
            WorkloadThread.Join(WorkloadRun.ThreadOf(run, i));
        }

        return status;
    }

    private static void AddUp(WorkloadRun* run, ref WorkloadResult result)
    {
        result.Size = (uint)sizeof(WorkloadResult);
        result.Threads = run->Request.Threads;
        for (uint i = 0; i < run->Request.Threads; i++)
        {
            WorkloadThread* thread = WorkloadRun.ThreadOf(run, i);
            result.Acquires += thread->Acquires;
            result.Rejections += thread->Rejections;
            result.Refusals += thread->Refusals;
            result.Failures += thread->Failures;
        }
    }

    /// <summary>Frees what was prepared, whatever came of it, and looks whether it is as it must be.</summary>
    private static void CleanUp(WorkloadRun* run, ref WorkloadResult result)
    {
        ulong sharedAcquires = 0;
        for (uint i = 0; i < run->Request.Threads; i++)
        {
            WorkloadThread* thread = WorkloadRun.ThreadOf(run, i);
            sharedAcquires += thread->SharedAcquires;
            if (thread->Own.IsAllocated)
            {
                result.Failures += thread->Own.Free() == MutexError.None ? 0u : 1u;
            }
        }

        if (run->Shared.IsAllocated)
        {
            // Each acquire of the shared mutex added one to its data: any other sum means that it did not exclude.
            MutexError error = run->Shared.ToOwned(out ulong sum);
            result.Failures += error == MutexError.None && sum == sharedAcquires ? 0u : 1u;
        }

        if (run->Second.IsAllocated)
        {
            result.Failures += run->Second.Free() == MutexError.None ? 0u : 1u;
        }

        if ((Workload)run->Request.Workload is Workload.Registry or Workload.LabelInUse)
        {
            // Each thread has given back what it got.
            GrtError error = Grt.Destroy();
            result.Failures += error is GrtError.None or GrtError.IsNull ? 0u : 1u;
        }
    }
}
