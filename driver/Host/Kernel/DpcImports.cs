namespace Tracing.Host.Kernel;

/// <summary>
/// Deferred procedure calls. Thread-safe. DDI pages: KeInitializeDpc, KeInsertQueueDpc, KeFlushQueuedDpcs; layout: KDPC in wdm.h.
/// </summary>
/// <remarks>
/// A DPC runs on the thread that queues it, before that call returns: as on Windows, where it interrupts what its processor is doing. Queued above
/// APC_LEVEL, it runs when the thread's IRQL falls below DISPATCH_LEVEL.
/// </remarks>
internal sealed unsafe class DpcImports : IImportFamily
{
    internal const int Size = 0x40;

    private const byte DpcObject = 0x13;
    private const int RoutineOffset = 0x18;
    private const int ContextOffset = 0x20;
    private const int FirstArgumentOffset = 0x28;
    private const int SecondArgumentOffset = 0x30;
    private const int QueueOffset = 0x38;

    private readonly SimulatedKernel _kernel;

    internal DpcImports(SimulatedKernel kernel)
    {
        _kernel = kernel;
        Imports =
        [
            new("KeInitializeDpc", "wdm/nf-wdm-keinitializedpc", IrqlRange.Any, KeInitializeDpc),
            new("KeInsertQueueDpc", "wdm/nf-wdm-keinsertqueuedpc", IrqlRange.Any, KeInsertQueueDpc),
            new("KeFlushQueuedDpcs", "wdm/nf-wdm-keflushqueueddpcs", IrqlRange.Passive, static (_, _) => KernelResult.Void),
        ];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Import> Imports { get; }

    /// <summary>Runs what a thread has queued and could not run, if it can now.</summary>
    internal static void RunPending(SimulatedThread thread)
    {
        while (thread.Irql < Irql.Dispatch && thread.PendingDpcs.TryDequeue(out nuint dpc))
        {
            Run(thread, dpc);
        }
    }

    /// <summary>DDI: KeInitializeDpc.</summary>
    private static ulong KeInitializeDpc(SimulatedThread caller, KernelCall call)
    {
        byte* dpc = (byte*)call.Writable(0, caller, Size);
        new Span<byte>(dpc, Size).Clear();
        *dpc = DpcObject;
        *(nuint*)(dpc + RoutineOffset) = call.Address(1);
        *(nuint*)(dpc + ContextOffset) = call.Address(2);
        return KernelResult.Void;
    }

    /// <summary>DDI: KeInsertQueueDpc. Answers FALSE for one that is queued already.</summary>
    private ulong KeInsertQueueDpc(SimulatedThread caller, KernelCall call)
    {
        byte* dpc = (byte*)call.Writable(0, caller, Size);
        if (*dpc != DpcObject)
        {
            throw _kernel.StopForViolation(
                caller,
                call,
                "KeInsertQueueDpc",
                $"no initialised KDPC is at 0x{(nuint)dpc:X}",
                BugCheckCode.DriverVerifierDetectedViolation,
                (nuint)dpc);
        }

        if (Interlocked.CompareExchange(ref *(long*)(dpc + QueueOffset), 1, 0) != 0)
        {
            return KernelResult.Byte(0);
        }

        *(ulong*)(dpc + FirstArgumentOffset) = call.UInt64(1);
        *(ulong*)(dpc + SecondArgumentOffset) = call.UInt64(2);
        caller.PendingDpcs.Enqueue((nuint)dpc);
        RunPending(caller);
        return KernelResult.Byte(1);
    }

    private static void Run(SimulatedThread thread, nuint dpc)
    {
        byte irql = thread.Irql;
        thread.Irql = Irql.Dispatch;
        *(long*)(dpc + QueueOffset) = 0;
        DriverCall.Invoke(
            thread,
            *(void**)(dpc + RoutineOffset),
            dpc,
            *(nuint*)(dpc + ContextOffset),
            *(nuint*)(dpc + FirstArgumentOffset),
            *(nuint*)(dpc + SecondArgumentOffset));
        thread.Irql = irql;
    }
}
