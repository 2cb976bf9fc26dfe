using System.Runtime.InteropServices;

namespace Tracing.Driver;

/// <summary>Where Windows calls the driver first and last.</summary>
internal static unsafe class Entry
{
    /// <summary>The bugcheck code of this driver's own stops: "KMTX", which no code of Windows is. The first parameter is the check that failed.</summary>
    internal const uint BugCheckCode = 0x4B4D_5458;

    /// <summary>DRIVER_INITIALIZE. IRQL: PASSIVE_LEVEL, in a system thread.</summary>
    /// <returns>An NTSTATUS; on failure nothing is left behind.</returns>
    [UnmanagedCallersOnly(EntryPoint = "DriverEntry")]
    internal static int DriverEntry(DriverObject* driver, UnicodeString* registryPath)
    {
        driver->DriverUnload = &Unload;
        driver->Create = &Dispatch.Open;
        driver->Close = &Dispatch.Close;
        driver->DeviceControl = &Dispatch.Control;

        int status = ControlDevice.Create(driver);
        if (NtStatus.Failed(status))
        {
            return status;
        }

        Lifetime.BeginService();
        return NtStatus.Success;
    }

    /// <summary>
    /// DllInitialize: Windows calls it when the image is loaded because another driver imports from it, and no service has loaded it before.
    /// There is no device then, only the exports. IRQL: PASSIVE_LEVEL.
    /// </summary>
    /// <returns>An NTSTATUS: success.</returns>
    [UnmanagedCallersOnly(EntryPoint = "DllInitialize")]
    internal static int DllInitialize(UnicodeString* registryPath)
    {
        Lifetime.BeginLibrary();
        return NtStatus.Success;
    }

    /// <summary>DllUnload: the last driver that imported from this one is gone, and so will the image be. IRQL: PASSIVE_LEVEL.</summary>
    /// <returns>An NTSTATUS: success.</returns>
    [UnmanagedCallersOnly(EntryPoint = "DllUnload")]
    internal static int DllUnload()
    {
        Lifetime.EndLibrary();
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
        Lifetime.EndService();
    }
}
