using static Tracing.Host.Kernel.WdmLayout;

namespace Tracing.Host.Kernel;

/// <summary>
/// One IRP with one stack location, made by the I/O manager for a user-mode request. Its memory is spoiled when it completes: from then on
/// it is not the driver's.
/// </summary>
internal sealed unsafe class IoRequest
{
    private const byte Spoiled = 0xEE;
    private const byte UserMode = 1;

    private readonly byte* _irp;
    private readonly byte* _systemBuffer;
    private readonly int _bufferSize;
    private readonly SimulatedKernel _kernel;
    private readonly KernelEvent _completed;
    private volatile bool _isCompleted;

    internal IoRequest(SimulatedThread thread, nuint device, byte major, uint controlCode, ReadOnlySpan<byte> input, int outputLength)
    {
        _kernel = thread.Kernel;
        _completed = _kernel.NewEvent(set: false);
        _bufferSize = Math.Max(input.Length, outputLength);
        Output = [];
        _irp = (byte*)_kernel.Memory.Allocate(IrpSize + StackLocationSize);
        _systemBuffer = (byte*)_kernel.Memory.Allocate(Math.Max(_bufferSize, 1));
        input.CopyTo(new Span<byte>(_systemBuffer, _bufferSize));

        byte* stack = _irp + IrpSize;
        *(short*)_irp = IrpType;
        *(ushort*)(_irp + 2) = IrpSize + StackLocationSize;
        *(byte**)(_irp + IrpSystemBuffer) = _systemBuffer;
        _irp[IrpRequestorMode] = UserMode;
        _irp[IrpStackCount] = 1;
        _irp[IrpCurrentLocation] = 1;
        *(nuint*)(_irp + IrpThread) = thread.Address;
        *(byte**)(_irp + IrpCurrentStackLocation) = stack;
        *stack = major;
        *(uint*)(stack + StackOutputLength) = (uint)outputLength;
        *(uint*)(stack + StackInputLength) = (uint)input.Length;
        *(uint*)(stack + StackControlCode) = controlCode;
        *(nuint*)(stack + StackDeviceObject) = device;
    }

    internal nuint Address => (nuint)_irp;

    /// <summary>Whether the driver has completed it.</summary>
    internal bool IsCompleted => _isCompleted;

    /// <summary>The status it was completed with.</summary>
    internal int Status { get; private set; }

    /// <summary>What goes back to the caller.</summary>
    internal byte[] Output { get; private set; }

    /// <summary>Takes what the driver left in it, and takes it from the driver.</summary>
    /// <returns>False if Information claims more than there is.</returns>
    internal bool Complete()
    {
        Status = *(int*)(_irp + IrpStatus);
        nuint information = *(nuint*)(_irp + IrpInformation);
        bool plausible = information <= (nuint)_bufferSize;
        if (NtStatus.Succeeded(Status))
        {
            Output = new ReadOnlySpan<byte>(_systemBuffer, (int)Math.Min(information, (nuint)_bufferSize)).ToArray();
        }

        new Span<byte>(_irp, IrpSize + StackLocationSize).Fill(Spoiled);
        _isCompleted = true;
        _ = _completed.Set(_kernel.Clock.Now);
        return plausible;
    }

    /// <summary>Waits until the driver completes it.</summary>
    /// <exception cref="DriverEscapeException">The machine stopped meanwhile.</exception>
    internal void Wait(SimulatedThread thread) => _ = DispatcherWait.Wait(thread, _completed, DispatcherWait.Forever);
}
