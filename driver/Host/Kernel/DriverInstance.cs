using Tracing.Host.Loading;
using static Tracing.Host.Kernel.WdmLayout;

namespace Tracing.Host.Kernel;

/// <summary>
/// A loaded driver and its DRIVER_OBJECT: entry, requests, unload. By the controlling thread, except for <see cref="Control"/>.
/// </summary>
internal sealed unsafe class DriverInstance
{
    private readonly SimulatedKernel _kernel;
    private readonly byte* _object;
    private readonly UnicodeString* _registryPath;

    /// <summary>Makes the driver's object. Source of what it holds: DRIVER_OBJECT's DDI page.</summary>
    /// <param name="kernel">The machine.</param>
    /// <param name="image">The driver's image, loaded into that machine.</param>
    internal DriverInstance(SimulatedKernel kernel, LoadedImage image)
    {
        string name = Path.GetFileNameWithoutExtension(image.Name);
        _kernel = kernel;
        _object = (byte*)kernel.Memory.Allocate(DriverObjectSize);
        _registryPath = kernel.Memory.AllocateString(@"\REGISTRY\MACHINE\SYSTEM\ControlSet001\Services\" + name);
        *(short*)_object = DriverObjectType;
        *(short*)(_object + 2) = DriverObjectSize;
        *(byte**)(_object + DriverObjectStart) = image.Base;
        *(uint*)(_object + DriverObjectImageSize) = image.Size;
        *(UnicodeString*)(_object + DriverObjectName) = *kernel.Memory.AllocateString(@"\Driver\" + name);
        *(void**)(_object + DriverObjectInit) = image.EntryPoint;
        void* refuse = kernel.Export(IoImports.InvalidDeviceRequest);
        for (int i = 0; i < MajorFunctionCount; i++)
        {
            *(void**)(_object + DriverObjectMajorFunction + (8 * i)) = refuse;
        }
    }

    /// <summary>Calls DriverEntry.</summary>
    /// <returns>Its NTSTATUS.</returns>
    internal int Enter(SimulatedThread thread)
    {
        int status = (int)DriverCall.Invoke(thread, *(void**)(_object + DriverObjectInit), (ulong)_object, (ulong)_registryPath);
        byte* device = *(byte**)(_object + DriverObjectDeviceObject);
        if (device is not null)
        {
            *(uint*)(device + DeviceObjectFlags) &= ~DeviceInitializing;
        }

        return status;
    }

    /// <summary>Opens the device, sends it one control, and closes it.</summary>
    /// <returns>The first status that is not success, or the control's.</returns>
    internal int Control(SimulatedThread thread, string deviceName, uint code, ReadOnlySpan<byte> input, int outputLength, out byte[] output)
    {
        output = [];
        nuint device = _kernel.Io.Find(deviceName);
        if (device == 0)
        {
            return NtStatus.ObjectNameNotFound;
        }

        int status = _kernel.Io.Send(thread, _object, device, MajorCreate, 0, [], 0, out _);
        if (!NtStatus.Succeeded(status))
        {
            return status;
        }

        status = _kernel.Io.Send(thread, _object, device, MajorDeviceControl, code, input, outputLength, out output);
        if (*(void**)(_object + DriverObjectMajorFunction + (8 * MajorCleanup)) != _kernel.Export(IoImports.InvalidDeviceRequest))
        {
            _ = _kernel.Io.Send(thread, _object, device, MajorCleanup, 0, [], 0, out _);
        }

        _ = _kernel.Io.Send(thread, _object, device, MajorClose, 0, [], 0, out _);
        return status;
    }

    /// <summary>Calls the driver's unload routine. A driver without one cannot be unloaded on Windows.</summary>
    internal void Unload(SimulatedThread thread)
    {
        void* unload = *(void**)(_object + DriverObjectUnload);
        if (unload is null)
        {
            _kernel.Blame("The driver has no DriverUnload routine, so that Windows could not unload it.");
            return;
        }

        _ = DriverCall.Invoke(thread, unload, (ulong)_object);
    }
}
