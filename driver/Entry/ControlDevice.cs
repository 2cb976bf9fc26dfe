namespace Tracing.Driver;

/// <summary>The device that user mode runs workloads through, and its two names.</summary>
internal static unsafe class ControlDevice
{
    private const string DeviceName = @"\Device\KMutexTracing";
    private const string LinkName = @"\DosDevices\KMutexTracing";

    private const uint FileDeviceUnknown = 0x22;
    private const uint FileDeviceSecureOpen = 0x100;

    private static DeviceObject* _device;

    /// <summary>Creates the device and its link. IRQL: PASSIVE_LEVEL.</summary>
    /// <returns>An NTSTATUS; on failure neither is left behind.</returns>
    internal static int Create(DriverObject* driver)
    {
        UnicodeString name = new(DeviceName);
        DeviceObject* device;
        int status = Kernel.IoCreateDevice(driver, 0, &name, FileDeviceUnknown, FileDeviceSecureOpen, 0, &device);
        if (NtStatus.Failed(status))
        {
            return status;
        }

        UnicodeString link = new(LinkName);
        status = Kernel.IoCreateSymbolicLink(&link, &name);
        if (NtStatus.Failed(status))
        {
            Kernel.IoDeleteDevice(device);
            return status;
        }

        _device = device;
        return NtStatus.Success;
    }

    /// <summary>Deletes both. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Delete()
    {
        UnicodeString link = new(LinkName);
        _ = Kernel.IoDeleteSymbolicLink(&link);
        Kernel.IoDeleteDevice(_device);
        _device = null;
    }
}
