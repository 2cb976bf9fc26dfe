using System.Runtime.InteropServices;
using Tracing.Driver.Contract;

namespace Tracing.Driver;

/// <summary>The dispatch routines. Every request is completed before they return: nothing is pended, nothing can be cancelled.</summary>
internal static unsafe class Dispatch
{
    /// <summary>
    /// IRP_MJ_CREATE. Workloads keep processors busy and leak pool on purpose, so the device opens to those only who could do as much
    /// anyway: callers with the privilege to load drivers, enabled. IRQL: PASSIVE_LEVEL, in the thread that asked.
    /// </summary>
    [UnmanagedCallersOnly]
    internal static int Open(DeviceObject* device, Irp* irp)
    {
        bool mayOpen = Kernel.SeSinglePrivilegeCheck(Privilege.LoadDriver, irp->RequestorMode) != 0;
        return Complete(irp, mayOpen ? NtStatus.Success : NtStatus.PrivilegeNotHeld, 0);
    }

    /// <summary>IRP_MJ_CLOSE: a handle carries no state. IRQL: PASSIVE_LEVEL.</summary>
    [UnmanagedCallersOnly]
    internal static int Close(DeviceObject* device, Irp* irp) => Complete(irp, NtStatus.Success, 0);

    /// <summary>IRP_MJ_DEVICE_CONTROL. IRQL: PASSIVE_LEVEL, in the thread that asked.</summary>
    [UnmanagedCallersOnly]
    internal static int Control(DeviceObject* device, Irp* irp)
    {
        IoStackLocation* location = irp->CurrentStackLocation;
        if (location->ControlCode != WorkloadControl.RunWorkload)
        {
            return Complete(irp, NtStatus.InvalidDeviceRequest, 0);
        }

        if (location->InputBufferLength < (uint)sizeof(WorkloadRequest) || location->OutputBufferLength < (uint)sizeof(WorkloadResult))
        {
            return Complete(irp, NtStatus.BufferTooSmall, 0);
        }

        // METHOD_BUFFERED: request and result share one buffer, so the request is copied before the result is written.
        WorkloadRequest request = *(WorkloadRequest*)irp->SystemBuffer;
        int status = Workloads.Run(in request, out WorkloadResult result);
        if (NtStatus.Failed(status))
        {
            return Complete(irp, status, 0);
        }

        *(WorkloadResult*)irp->SystemBuffer = result;
        return Complete(irp, status, (nuint)sizeof(WorkloadResult));
    }

    private static int Complete(Irp* irp, int status, nuint information)
    {
        irp->Status = status;
        irp->Information = information;
        Kernel.IofCompleteRequest(irp, 0);
        return status;
    }
}
