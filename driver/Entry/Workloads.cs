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

        int status = AllocateShared(run);
        if (!NtStatus.Failed(status))
        {
            status = RunThreads(run);
        }

        AddUp(run, ref result);
        FreeShared(run, ref result);
        WorkloadRun.Free(run);
        result.LiveMutexes = LiveMutexes.Count;
        return status;
    }

    /// <summary>What one thread does after the gate has opened. IRQL: PASSIVE_LEVEL.</summary>
    internal static void RunThread(WorkloadThread* thread, Workload workload)
    {
        switch (workload)
        {
            case Workload.Uncontended:
                UncontendedWorkload.Run(thread);
                break;

            case Workload.Contended:
                ContendedWorkload.Run(thread);
                break;

            case Workload.Irql:
                IrqlWorkload.Run(thread);
                break;

            case Workload.Registry:
                RegistryWorkload.Run(thread);
                break;

            default:
                LeakWorkload.Run(thread);
                break;
        }
    }

    private static bool IsValid(in WorkloadRequest request) =>
        request.Size == sizeof(WorkloadRequest)
        && request.Workload is >= (uint)Workload.Uncontended and <= (uint)Workload.Registry
        && request.Threads is >= 1 and <= WorkloadControl.MaximumThreads
        && request.Iterations is >= 1 and <= WorkloadControl.MaximumIterations
        && request.HoldMicroseconds <= WorkloadControl.MaximumHoldMicroseconds
        && request.Reserved == 0
        && (request.Workload != (uint)Workload.Leak
            || (ulong)request.Iterations * request.Threads <= WorkloadControl.MaximumAllocations);

    private static int AllocateShared(WorkloadRun* run)
    {
        MutexError error = MutexError.None;
        switch ((Workload)run->Request.Workload)
        {
            case Workload.Contended:
                error = KMutex<ulong>.New(0, "SharedCounter", out run->Shared);
                if (error == MutexError.None)
                {
                    error = KMutex<ulong>.New(0, "SecondCounter", out run->Second);
                }

                break;

            case Workload.Irql:
                error = KMutex<ulong>.New(0, "IrqlCounter", out run->Shared);
                break;

            case Workload.Registry:
                return RegistryWorkload.Prepare() ? NtStatus.Success : NtStatus.InsufficientResources;

            default:
                // The others' threads each have mutexes of their own.
                break;
        }

        return error == MutexError.None ? NtStatus.Success : NtStatus.InsufficientResources;
    }

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
            result.Failures += thread->Failures;
        }
    }

    private static void FreeShared(WorkloadRun* run, ref WorkloadResult result)
    {
        if (run->Shared.IsAllocated)
        {
            ulong sharedAcquires = 0;
            for (uint i = 0; i < run->Request.Threads; i++)
            {
                sharedAcquires += WorkloadRun.ThreadOf(run, i)->SharedAcquires;
            }

            // Each acquire of the shared mutex added one to its data: any other sum means that it did not exclude.
            MutexError error = run->Shared.ToOwned(out ulong sum);
            result.Failures += error == MutexError.None && sum == sharedAcquires ? 0u : 1u;
        }

        if (run->Request.Workload == (uint)Workload.Registry)
        {
            // Each thread has given back what it got.
            GrtError error = Grt.Destroy();
            result.Failures += error is GrtError.None or GrtError.IsNull ? 0u : 1u;
        }

        if (run->Second.IsAllocated)
        {
            result.Failures += run->Second.Free() == MutexError.None ? 0u : 1u;
        }
    }
}
