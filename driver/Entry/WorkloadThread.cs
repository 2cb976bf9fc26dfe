using System.Runtime.InteropServices;
using Tracing.Driver.Contract;

namespace Tracing.Driver;

/// <summary>One thread of a run: what it works on and what it counts.</summary>
internal unsafe struct WorkloadThread
{
    /// <summary>Its run.</summary>
    internal WorkloadRun* Run;

    /// <summary>The thread object, referenced; null until started.</summary>
    internal void* ThreadObject;

    /// <summary>Its random numbers.</summary>
    internal Random Random;

    /// <summary>Calls of Lock that acquired.</summary>
    internal ulong Acquires;

    /// <summary>Those of them that acquired <see cref="WorkloadRun.Shared"/>.</summary>
    internal ulong SharedAcquires;

    /// <summary>Calls refused for their IRQL.</summary>
    internal ulong Rejections;

    /// <summary>Calls that failed otherwise.</summary>
    internal ulong Failures;

    /// <summary>Starts the thread; it waits at the gate. IRQL: PASSIVE_LEVEL.</summary>
    /// <returns>An NTSTATUS.</returns>
    internal static int Start(WorkloadThread* thread, WorkloadRun* run, uint index)
    {
        thread->Run = run;
        thread->Random = new Random(run->Request.Seed, index);

        ObjectAttributes attributes = default;
        attributes.Length = (uint)sizeof(ObjectAttributes);
        attributes.Attributes = ObjectAttributes.KernelHandle;
        nint handle;
        int status = Kernel.PsCreateSystemThread(&handle, AccessMask.ThreadAllAccess, &attributes, 0, null, &Main, thread);
        if (NtStatus.Failed(status))
        {
            return status;
        }

        void* threadObject;
        status = Kernel.ObReferenceObjectByHandle(handle, AccessMask.Synchronize, null, ProcessorMode.Kernel, &threadObject, null);
        if (NtStatus.Failed(status))
        {
            // A thread that cannot be waited for would outlive the memory it works on, and maybe the image. With a valid kernel handle
            // and no type to check the call has no reason to fail.
            Kernel.KeBugCheckEx(Entry.BugCheckCode, Entry.LostThread, (nuint)(uint)status, 0, 0);
        }

        thread->ThreadObject = threadObject;
        _ = Kernel.ZwClose(handle);
        return NtStatus.Success;
    }

    /// <summary>Waits until the thread has ended: no code of it is left to run. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Join(WorkloadThread* thread)
    {
        _ = Kernel.KeWaitForSingleObject(thread->ThreadObject, WaitReason.Executive, ProcessorMode.Kernel, 0, null);
        _ = Kernel.ObfDereferenceObject(thread->ThreadObject);
    }

    /// <summary>Counts the outcome of a call of Lock.</summary>
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

            default:
                thread->Failures++;
                return false;
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
            Workloads.RunThread(thread, (Workload)run->Request.Workload);
        }

        _ = Kernel.PsTerminateSystemThread(NtStatus.Success);
    }
}
