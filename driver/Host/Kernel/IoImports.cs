using System.Collections.Concurrent;
using static Tracing.Host.Kernel.WdmLayout;

namespace Tracing.Host.Kernel;

/// <summary>
/// Devices, their names, and requests to them. Thread-safe. DDI pages: IoCreateDevice, IoDeleteDevice, IoCreateSymbolicLink,
/// IoDeleteSymbolicLink, IoCompleteRequest (IofCompleteRequest).
/// </summary>
internal sealed unsafe class IoImports : IImportFamily
{
    private const uint LargestExtension = 64 << 10;

    private readonly SimulatedKernel _kernel;
    private readonly ConcurrentDictionary<string, nuint> _devices = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, string> _links = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<nuint, IoRequest> _requests = new();

    internal IoImports(SimulatedKernel kernel)
    {
        _kernel = kernel;
        Imports =
        [
            new("IoCreateDevice", "wdm/nf-wdm-iocreatedevice", IrqlRange.UpToApc, IoCreateDevice)
            {
                Rules = ["deleted before the driver is unloaded"],
                Failures =
                [
                    ImportFailure.Of("STATUS_INSUFFICIENT_RESOURCES", NtStatus.InsufficientResources),
                    ImportFailure.Of("STATUS_OBJECT_NAME_COLLISION", NtStatus.ObjectNameCollision),
                ],
            },
            new("IoDeleteDevice", "wdm/nf-wdm-iodeletedevice", IrqlRange.UpToApc, IoDeleteDevice) { Rules = ["a device that exists"] },
            new("IoCreateSymbolicLink", "wdm/nf-wdm-iocreatesymboliclink", IrqlRange.Passive, IoCreateSymbolicLink)
            {
                Rules = ["deleted before the driver is unloaded"],
                Failures =
                [
                    ImportFailure.Of("STATUS_INSUFFICIENT_RESOURCES", NtStatus.InsufficientResources) with { IsNamed = false },
                    ImportFailure.Of("STATUS_OBJECT_NAME_COLLISION", NtStatus.ObjectNameCollision) with { IsNamed = false },
                ],
            },
            new("IoDeleteSymbolicLink", "wdm/nf-wdm-iodeletesymboliclink", IrqlRange.Passive, IoDeleteSymbolicLink),
            new("IofCompleteRequest", "wdm/nf-wdm-iocompleterequest", IrqlRange.UpToDispatch, IofCompleteRequest)
            {
                Rules =
                [
                    "an IRP that is not completed yet",
                    "no more bytes than its buffer has",
                    "the status that the dispatch routine returns",
                ],
            },
            new(InvalidDeviceRequest, "wdm/nc-wdm-driver_dispatch", IrqlRange.UpToDispatch, RefuseRequest),
        ];
    }

    /// <summary>
    /// The dispatch routine of every major function that a driver does not set; no export of Windows, but called by pointer all the same.
    /// </summary>
    internal static string InvalidDeviceRequest => "IopInvalidDeviceRequest";

    /// <inheritdoc/>
    public IReadOnlyList<Import> Imports { get; }

    /// <summary>Devices that exist, by name.</summary>
    internal IEnumerable<string> Devices => _devices.Keys;

    /// <summary>Links that exist, by name.</summary>
    internal IEnumerable<string> Links => _links.Keys;

    /// <summary>Finds a device by its own name or a link's; 0 if there is none.</summary>
    internal nuint Find(string name) => _devices.GetValueOrDefault(_links.GetValueOrDefault(Normalize(name), name));

    /// <summary>Sends a request to a device and waits for its end.</summary>
    /// <param name="thread">Which runs on the calling .NET thread and sends it at PASSIVE_LEVEL.</param>
    /// <param name="driverObject">The driver.</param>
    /// <param name="device">The device.</param>
    /// <param name="major">IRP_MJ_*.</param>
    /// <param name="controlCode">The CTL_CODE, for device controls.</param>
    /// <param name="input">What the caller hands in.</param>
    /// <param name="outputLength">How much the caller has room for, in bytes.</param>
    /// <param name="output">What comes back.</param>
    /// <returns>The status the request was completed with.</returns>
    internal int Send(
        SimulatedThread thread,
        byte* driverObject,
        nuint device,
        byte major,
        uint controlCode,
        ReadOnlySpan<byte> input,
        int outputLength,
        out byte[] output)
    {
        IoRequest request = new(thread, device, major, controlCode, input, outputLength);
        _requests[request.Address] = request;
        void* routine = *(void**)(driverObject + DriverObjectMajorFunction + (8 * major));
        int status = (int)DriverCall.Invoke(thread, routine, device, request.Address);
        if (!request.IsCompleted)
        {
            if (status != NtStatus.Pending)
            {
                _kernel.Blame($"The dispatch routine of major function {major} returned 0x{status:X8} without completing its IRP.");
                output = [];
                return status;
            }

            request.Wait(thread);
        }
        else if (status != request.Status)
        {
            _kernel.Blame(
                $"The dispatch routine of major function {major} returned 0x{status:X8}, but completed its IRP with 0x{request.Status:X8}.");
        }

        output = request.Output;
        return request.Status;
    }

    /// <summary>DDI: IoCreateDevice.</summary>
    private ulong IoCreateDevice(SimulatedThread caller, KernelCall call)
    {
        byte* driver = (byte*)call.Writable(0, caller, DriverObjectSize);
        byte** result = (byte**)call.Writable(6, caller, sizeof(byte*));
        uint extension = call.UInt32(1);
        string name = call.Address(2) == 0 ? $"\\Device\\{_devices.Count:X8}" : call.String(2, caller);
        if (extension > LargestExtension || !name.StartsWith('\\'))
        {
            return KernelResult.Int32(extension > LargestExtension ? NtStatus.InvalidParameter : NtStatus.ObjectNameInvalid);
        }

        byte* device = (byte*)_kernel.Memory.Allocate(DeviceObjectSize + (int)extension);
        if (!_devices.TryAdd(name, (nuint)device))
        {
            return KernelResult.Int32(NtStatus.ObjectNameCollision);
        }

        *(short*)device = DeviceObjectType;
        *(ushort*)(device + 2) = (ushort)(DeviceObjectSize + extension);
        *(byte**)(device + DeviceObjectDriver) = driver;
        *(uint*)(device + DeviceObjectFlags) = DeviceInitializing;
        *(uint*)(device + DeviceObjectCharacteristics) = call.UInt32(4);
        *(byte**)(device + DeviceObjectExtension) = extension == 0 ? null : device + DeviceObjectSize;
        *(uint*)(device + DeviceObjectDeviceType) = call.UInt32(3);
        device[DeviceObjectStackSize] = 1;
        *(byte**)(driver + DriverObjectDeviceObject) = device;
        *result = device;
        return KernelResult.Int32(NtStatus.Success);
    }

    /// <summary>DDI: IoDeleteDevice.</summary>
    private ulong IoDeleteDevice(SimulatedThread caller, KernelCall call)
    {
        nuint device = call.Address(0);
        string? name = _devices.FirstOrDefault(pair => pair.Value == device).Key;
        if (name is null || !_devices.TryRemove(name, out _))
        {
            throw _kernel.StopForViolation(
                caller, call, "IoDeleteDevice", $"no device object is at 0x{device:X}", BugCheckCode.DriverVerifierDetectedViolation, device);
        }

        return KernelResult.Void;
    }

    /// <summary>DDI: IoCreateSymbolicLink.</summary>
    private ulong IoCreateSymbolicLink(SimulatedThread caller, KernelCall call)
    {
        string link = Normalize(call.String(0, caller));
        string target = call.String(1, caller);
        return KernelResult.Int32(_links.TryAdd(link, target) ? NtStatus.Success : NtStatus.ObjectNameCollision);
    }

    /// <summary>DDI: IoDeleteSymbolicLink.</summary>
    private ulong IoDeleteSymbolicLink(SimulatedThread caller, KernelCall call)
    {
        string link = Normalize(call.String(0, caller));
        return KernelResult.Int32(_links.TryRemove(link, out _) ? NtStatus.Success : NtStatus.ObjectNameNotFound);
    }

    /// <summary>DDI: IoCompleteRequest.</summary>
    private ulong IofCompleteRequest(SimulatedThread caller, KernelCall call)
    {
        nuint irp = call.Address(0);
        if (!_requests.TryRemove(irp, out IoRequest? request))
        {
            throw _kernel.StopForViolation(
                caller, call, "IofCompleteRequest", $"no IRP waits for completion at 0x{irp:X}", BugCheckCode.MultipleIrpCompleteRequests, irp);
        }

        if (!request.Complete())
        {
            _kernel.Violate(caller, call, "IofCompleteRequest", "IoStatus.Information claims more bytes than the system buffer has");
        }

        return KernelResult.Void;
    }

    /// <summary>What the I/O manager does with a request the driver has no routine for.</summary>
    private ulong RefuseRequest(SimulatedThread caller, KernelCall call)
    {
        byte* irp = (byte*)call.Address(1);
        *(int*)(irp + IrpStatus) = NtStatus.InvalidDeviceRequest;
        *(nuint*)(irp + IrpInformation) = 0;
        if (_requests.TryRemove((nuint)irp, out IoRequest? request))
        {
            request.Complete();
        }

        return KernelResult.Int32(NtStatus.InvalidDeviceRequest);
    }

    /// <summary>\DosDevices is a link to \??, where user mode looks.</summary>
    private static string Normalize(string name)
    {
        const string dosDevices = @"\DosDevices\";
        return name.StartsWith(dosDevices, StringComparison.OrdinalIgnoreCase) ? @"\??\" + name[dosDevices.Length..] : name;
    }
}
