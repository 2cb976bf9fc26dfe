using System.Runtime.InteropServices;

namespace Tracing.Driver;

/// <summary>Where Windows calls the driver first and last.</summary>
internal static unsafe class Entry
{
    /// <summary>DRIVER_INITIALIZE. IRQL: PASSIVE_LEVEL, in a system thread.</summary>
    /// <returns>An NTSTATUS; on failure nothing is left behind.</returns>
    [UnmanagedCallersOnly(EntryPoint = "DriverEntry")]
    internal static int DriverEntry(DriverObject* driver, UnicodeString* registryPath)
    {
        driver->DriverUnload = &Unload;
        driver->Create = &Dispatch.OpenOrClose;
        driver->Close = &Dispatch.OpenOrClose;
        driver->DeviceControl = &Dispatch.Control;

        int status = ControlDevice.Create(driver);
        if (NtStatus.Failed(status))
        {
            return status;
        }

        TraceProvider.Register(driver);
        return NtStatus.Success;
    }

    /// <summary>
    /// DRIVER_UNLOAD. IRQL: PASSIVE_LEVEL, when no handle to the device is open. Mutexes that are still allocated belong to whoever allocated
    /// them: they are counted, not freed.
    /// </summary>
    [UnmanagedCallersOnly]
    private static void Unload(DriverObject* driver)
    {
        ControlDevice.Delete();
        TraceProvider.Unregister();
    }
}
