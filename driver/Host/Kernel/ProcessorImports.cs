namespace Tracing.Host.Kernel;

/// <summary>
/// What a processor tells: level, time, number. Thread-safe. DDI pages: KeGetCurrentIrql, KeQueryPerformanceCounter,
/// KeGetCurrentProcessorNumberEx, KeQueryActiveProcessorCountEx, KeStallExecutionProcessor, KeQuerySystemTimePrecise.
/// </summary>
internal sealed unsafe class ProcessorImports : IImportFamily
{
    private const uint LongestStall = 50;

    private readonly SimulatedKernel _kernel;
    private long _irqlQueriesAboveApc;
    private long _irqlRaisesQueried;
    private long _clockReads;

    internal ProcessorImports(SimulatedKernel kernel)
    {
        _kernel = kernel;
        Imports =
        [
            new("KeGetCurrentIrql", "wdm/nf-wdm-kegetcurrentirql", IrqlRange.Any, KeGetCurrentIrql),
            new("KeQueryPerformanceCounter", "ntifs/nf-ntifs-kequeryperformancecounter", IrqlRange.Any, KeQueryPerformanceCounter) { ReadsClock = true },
            new("KeGetCurrentProcessorNumberEx", "wdm/nf-wdm-kegetcurrentprocessornumberex", IrqlRange.Any, KeGetCurrentProcessorNumberEx),
            new("KeQueryActiveProcessorCountEx", "wdm/nf-wdm-kequeryactiveprocessorcountex", IrqlRange.Any, static (_, _) => KernelResult.UInt32((uint)Count)),
            new("KeStallExecutionProcessor", "ntifs/nf-ntifs-kestallexecutionprocessor", IrqlRange.Any, KeStallExecutionProcessor)
            {
                Rules = ["at most 50 microseconds"],
            },
            new("KeQuerySystemTimePrecise", "wdm/nf-wdm-kequerysystemtimeprecise", IrqlRange.Any, KeQuerySystemTimePrecise),
        ];
    }

    /// <summary>Processors of the simulated machine: those of the real one, at most 64, so that one group holds them.</summary>
    internal static int Count { get; } = Math.Min(Environment.ProcessorCount, 64);

    /// <summary>
    /// The processor a thread runs on, which is the calling one; old before it arrives, as on Windows below DISPATCH_LEVEL. Under a schedule each
    /// thread stays where it is.
    /// </summary>
    internal static int Of(SimulatedThread caller) => (caller.Turn is null ? Thread.GetCurrentProcessorId() : (int)(caller.Id / 4)) % Count;

    /// <inheritdoc/>
    public IReadOnlyList<Import> Imports { get; }

    /// <summary>How often the driver asked for the time.</summary>
    internal long ClockReads => Interlocked.Read(ref _clockReads);

    /// <summary>How often KeGetCurrentIrql was answered with DISPATCH_LEVEL or above.</summary>
    internal long IrqlQueriesAboveApc => Interlocked.Read(ref _irqlQueriesAboveApc);

    /// <summary>How often the IRQL was raised above APC_LEVEL and asked for before it was lowered again.</summary>
    internal long IrqlRaisesQueried => Interlocked.Read(ref _irqlRaisesQueried);

    /// <summary>DDI: KeGetCurrentIrql.</summary>
    private ulong KeGetCurrentIrql(SimulatedThread caller, KernelCall call)
    {
        if (caller.Irql > Irql.Apc)
        {
            Interlocked.Increment(ref _irqlQueriesAboveApc);
            if (!caller.AskedSinceRaise)
            {
                caller.AskedSinceRaise = true;
                Interlocked.Increment(ref _irqlRaisesQueried);
            }
        }

        return KernelResult.Byte(caller.Irql);
    }

    /// <summary>DDI: KeQueryPerformanceCounter.</summary>
    private ulong KeQueryPerformanceCounter(SimulatedThread caller, KernelCall call)
    {
        if (call.Address(0) != 0)
        {
            *(long*)call.Writable(0, caller, sizeof(long)) = KernelClock.Frequency;
        }

        Interlocked.Increment(ref _clockReads);
        long now = _kernel.Clock.Now;
        caller.Ledger.ServeClock(now);
        return (ulong)now;
    }

    /// <summary>DDI: KeGetCurrentProcessorNumberEx. PROCESSOR_NUMBER is { u16 Group; u8 Number; u8 Reserved }.</summary>
    private ulong KeGetCurrentProcessorNumberEx(SimulatedThread caller, KernelCall call)
    {
        int processor = Of(caller);
        if (call.Address(0) != 0)
        {
            *(uint*)call.Writable(0, caller, sizeof(uint)) = (uint)processor << 16;
        }

        return KernelResult.UInt32((uint)processor);
    }

    /// <summary>DDI: KeStallExecutionProcessor. The page asks for no more than 50 microseconds.</summary>
    private ulong KeStallExecutionProcessor(SimulatedThread caller, KernelCall call)
    {
        uint microseconds = call.UInt32(0);
        if (microseconds > LongestStall)
        {
            _kernel.Violate(
                caller, call, "KeStallExecutionProcessor", $"a stall of more than the {LongestStall} microseconds its DDI page allows");
        }

        _kernel.Clock.Stall(microseconds);
        return KernelResult.Void;
    }

    /// <summary>DDI: KeQuerySystemTimePrecise.</summary>
    private ulong KeQuerySystemTimePrecise(SimulatedThread caller, KernelCall call)
    {
        *(long*)call.Writable(0, caller, sizeof(long)) = _kernel.Clock.SystemTime;
        return KernelResult.Void;
    }
}
