using System.Runtime.InteropServices;

namespace Tracing.Driver;

/// <summary>The head of a DRIVER_OBJECT on x64 (wdm.h): what a driver reads and fills in.</summary>
[StructLayout(LayoutKind.Explicit, Size = 0x150)]
internal unsafe struct DriverObject
{
    /// <summary>The address the image was loaded at.</summary>
    [FieldOffset(0x18)]
    internal byte* DriverStart;

    /// <summary>Bytes of the image in memory.</summary>
    [FieldOffset(0x20)]
    internal uint DriverSize;

    /// <summary>Called at PASSIVE_LEVEL before the image is unloaded.</summary>
    [FieldOffset(0x68)]
    internal delegate* unmanaged<DriverObject*, void> DriverUnload;

    /// <summary>IRP_MJ_CREATE (0x00).</summary>
    [FieldOffset(0x70)]
    internal delegate* unmanaged<DeviceObject*, Irp*, int> Create;

    /// <summary>IRP_MJ_CLOSE (0x02).</summary>
    [FieldOffset(0x80)]
    internal delegate* unmanaged<DeviceObject*, Irp*, int> Close;

    /// <summary>IRP_MJ_DEVICE_CONTROL (0x0E).</summary>
    [FieldOffset(0xE0)]
    internal delegate* unmanaged<DeviceObject*, Irp*, int> DeviceControl;
}

/// <summary>A DEVICE_OBJECT: only its address is used.</summary>
internal struct DeviceObject;
