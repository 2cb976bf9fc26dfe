namespace Tracing.Host.Kernel;

/// <summary>The end of the machine. DDI page: KeBugCheckEx.</summary>
internal sealed unsafe class BugCheckImports : IImportFamily
{
    private readonly SimulatedKernel _kernel;

    internal BugCheckImports(SimulatedKernel kernel)
    {
        _kernel = kernel;
        Imports = [new("KeBugCheckEx", "wdm/nf-wdm-kebugcheckex", IrqlRange.Any, KeBugCheckEx)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Import> Imports { get; }

    /// <summary>DDI: KeBugCheckEx. Does not return.</summary>
    private ulong KeBugCheckEx(SimulatedThread caller, KernelCall call) => throw _kernel.BugCheck(new BugCheckStop(
        call.UInt32(0),
        call.UInt64(1),
        call.UInt64(2),
        call.UInt64(3),
        call.UInt64(4),
        $"the driver called KeBugCheckEx from {_kernel.Describe(call.ReturnAddress)}, thread {caller.Id}, {Irql.Name(caller.Irql)}."));
}
