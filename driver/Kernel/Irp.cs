using System.Runtime.InteropServices;

namespace Tracing.Driver;

/// <summary>The head of an IRP on x64 (wdm.h): what a driver that completes at once reads and fills in.</summary>
[StructLayout(LayoutKind.Explicit, Size = 0xD0)]
internal unsafe struct Irp
{
    /// <summary>AssociatedIrp.SystemBuffer: request and result of a METHOD_BUFFERED control.</summary>
    [FieldOffset(0x18)]
    internal void* SystemBuffer;

    /// <summary>IoStatus.Status: an NTSTATUS.</summary>
    [FieldOffset(0x30)]
    internal int Status;

    /// <summary>IoStatus.Information: bytes of <see cref="SystemBuffer"/> to copy back.</summary>
    [FieldOffset(0x38)]
    internal nuint Information;

    /// <summary>RequestorMode: a <see cref="ProcessorMode"/>, whether user mode or the kernel asks.</summary>
    [FieldOffset(0x40)]
    internal byte RequestorMode;

    /// <summary>Tail.Overlay.CurrentStackLocation: what IoGetCurrentIrpStackLocation, an inline function, reads.</summary>
    [FieldOffset(0xB8)]
    internal IoStackLocation* CurrentStackLocation;
}

/// <summary>An IO_STACK_LOCATION on x64 (wdm.h), with the parameters of IRP_MJ_DEVICE_CONTROL.</summary>
[StructLayout(LayoutKind.Explicit, Size = 0x48)]
internal struct IoStackLocation
{
    /// <summary>Bytes the caller has room for.</summary>
    [FieldOffset(0x08)]
    internal uint OutputBufferLength;

    /// <summary>Bytes the caller handed in.</summary>
    [FieldOffset(0x10)]
    internal uint InputBufferLength;

    /// <summary>The CTL_CODE.</summary>
    [FieldOffset(0x18)]
    internal uint ControlCode;
}
