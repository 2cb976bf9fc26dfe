using System.Runtime.InteropServices;

namespace Tracing.Driver;

/// <summary>
/// A DPC that locks what its driver also locks at PASSIVE_LEVEL: rejected each time, by lock and by try in turn, whatever thread it interrupts.
/// </summary>
internal static unsafe class DpcWorkload
{
    /// <summary>Allocates the mutex. IRQL: PASSIVE_LEVEL.</summary>
    internal static MutexError Prepare(WorkloadRun* run) => KMutex<ulong>.New(0, "DpcCounter", out run->Shared);

    /// <summary>One thread's part. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Run(WorkloadThread* thread)
    {
        Kernel.KeInitializeDpc(&thread->Dpc, &OnDpc, thread);
        for (uint i = 0; i < thread->Run->Request.Iterations; i++)
        {
            // Behind the flush the routine has returned: what it counted holds still, and its code may go away.
            _ = Kernel.KeInsertQueueDpc(&thread->Dpc, null, null);
            Kernel.KeFlushQueuedDpcs();
            WorkloadLock.Enter(thread, &thread->Run->Shared).Dispose();
        }
    }

    /// <summary>KDEFERRED_ROUTINE. IRQL: DISPATCH_LEVEL.</summary>
    [UnmanagedCallersOnly]
    private static void OnDpc(KDpcObject* dpc, void* context, void* firstArgument, void* secondArgument)
    {
        WorkloadThread* thread = (WorkloadThread*)context;
        KMutex<ulong>* mutex = &thread->Run->Shared;
        if (thread->Rejections % 2 == 0)
        {
            WorkloadLock.Enter(thread, mutex).Dispose();
        }
        else
        {
            KMutexGuard<ulong> guard = mutex->TryLock(out MutexError error);
            WorkloadLock.UseAndRelease(thread, mutex, ref guard, error);
        }
    }
}
