using System.Runtime.InteropServices;
using Tracing.Driver.Contract;

namespace Tracing.Driver;

/// <summary>One thread of a run: what it works on and what it counts.</summary>
internal unsafe struct WorkloadThread
{
    /// <summary>Its run.</summary>
    internal WorkloadRun* Run;

    /// <summary>Its place among the threads of the run, from 0: workloads with roles give them by it.</summary>
    internal uint Index;

    /// <summary>The handle to the thread; 0 until started.</summary>
    internal nint Handle;

    /// <summary>Its random numbers.</summary>
    internal Random Random;

    /// <summary>A mutex of its own, in workloads that prepare one.</summary>
    internal KMutex<ulong> Own;

    /// <summary>Its DPC, in the workload that has them.</summary>
    internal KDpcObject Dpc;

    /// <summary>Calls of Lock that acquired.</summary>
    internal ulong Acquires;

    /// <summary>Those of them that acquired <see cref="WorkloadRun.Shared"/>.</summary>
    internal ulong SharedAcquires;

    /// <summary>Calls refused for their IRQL.</summary>
    internal ulong Rejections;

    /// <summary>Calls that were meant not to do what they asked for, and did not.</summary>
    internal ulong Refusals;

    /// <summary>Calls that ended otherwise than they were meant to.</summary>
    internal ulong Failures;

    /// <summary>Starts the thread; it waits at the gate. IRQL: PASSIVE_LEVEL.</summary>
    /// <returns>An NTSTATUS.</returns>
    internal static int Start(WorkloadThread* thread, WorkloadRun* run, uint index)
    {
        thread->Run = run;
        thread->Index = index;
        thread->Random = new Random(run->Request.Seed, index);

        ObjectAttributes attributes = default;
        attributes.Length = (uint)sizeof(ObjectAttributes);
        attributes.Attributes = ObjectAttributes.KernelHandle;
        return Kernel.PsCreateSystemThread(&thread->Handle, AccessMask.ThreadAllAccess, &attributes, 0, null, &Main, thread);
    }

    /// <summary>Waits until the thread has ended: no code of it is left to run. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Join(WorkloadThread* thread)
    {
        // By the handle, which is there when the thread is: nothing between its start and its end can fail.
        _ = Kernel.ZwWaitForSingleObject(thread->Handle, 0, null);
        _ = Kernel.ZwClose(thread->Handle);
    }

    /// <summary>Counts the outcome of a call that was meant to acquire, or to wait for it as long as it was told.</summary>
    /// <returns>Whether it acquired.</returns>
    internal static bool Count(WorkloadThread* thread, MutexError error)
    {
        switch (error)
        {
            case MutexError.None:
                thread->Acquires++;
                return true;

            case MutexError.IrqlTooHigh:
                thread->Rejections++;
                return false;

            case MutexError.Busy:
            case MutexError.TimedOut:
            case MutexError.Alerted:
            case MutexError.UserApc:
                thread->Refusals++;
                return false;

            default:
                thread->Failures++;
                return false;
        }
    }

    /// <summary>Counts the outcome of a call that was meant to be refused.</summary>
    internal static void CountRefusal(WorkloadThread* thread, MutexError error, MutexError expected)
    {
        if (error == expected)
        {
            thread->Refusals++;
        }
        else
        {
            thread->Failures++;
        }
    }

    /// <summary>Waits until all threads of the run have come here. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Meet(WorkloadThread* thread) => Meeting.Attend(&thread->Run->Meeting, (int)thread->Run->Request.Threads);

    /// <summary>Sleeps. IRQL: &lt;= APC_LEVEL.</summary>
    internal static void Sleep(uint milliseconds)
    {
        const long TicksPerMillisecond = 10_000;
        long interval = -(milliseconds * TicksPerMillisecond);
        _ = Kernel.KeDelayExecutionThread(ProcessorMode.Kernel, 0, &interval);
    }

    /// <summary>Sleeps until so many threads wait for a mutex. They are on their way; one that gave up must not keep this one for ever.</summary>
    internal static void SleepUntilAwaited(KMutex<ulong> mutex, uint waiters)
    {
        const uint MostNaps = 1000;
        for (uint nap = 0; nap < MostNaps && mutex.Waiters < waiters; nap++)
        {
            Sleep(1);
        }
    }

    /// <summary>Works inside a lock: keeps the processor busy for a random time.</summary>
    internal static void Work(WorkloadThread* thread)
    {
        // The page of KeStallExecutionProcessor asks for no more in one call.
        const uint Slice = 50;
        uint left = thread->Random.UpTo(thread->Run->Request.HoldMicroseconds);
        while (left > Slice)
        {
            Kernel.KeStallExecutionProcessor(Slice);
            left -= Slice;
        }

        if (left != 0)
        {
            Kernel.KeStallExecutionProcessor(left);
        }
    }

    /// <summary>KSTART_ROUTINE. IRQL: PASSIVE_LEVEL.</summary>
    [UnmanagedCallersOnly]
    private static void Main(void* context)
    {
        WorkloadThread* thread = (WorkloadThread*)context;
        WorkloadRun* run = thread->Run;
        _ = Kernel.KeWaitForSingleObject(&run->Gate, WaitReason.Executive, ProcessorMode.Kernel, 0, null);
        if (run->Cancelled == 0)
        {
            WorkloadSteps.Of((Workload)run->Request.Workload).Run(thread);
        }

        _ = Kernel.PsTerminateSystemThread(NtStatus.Success);
    }
}
