using System.Runtime;
using System.Runtime.CompilerServices;

namespace Tracing.Driver;

internal static unsafe partial class Kernel
{
    /// <summary>Creates a device object. DDI: <c>IoCreateDevice</c>. IRQL: &lt;= APC_LEVEL.</summary>
    /// <param name="driver">The driver it belongs to.</param>
    /// <param name="extensionSize">Bytes of device extension.</param>
    /// <param name="name">An absolute name in the object manager's space.</param>
    /// <param name="deviceType">FILE_DEVICE_*.</param>
    /// <param name="characteristics">FILE_DEVICE_* characteristics.</param>
    /// <param name="exclusive">Non-zero: one handle at a time.</param>
    /// <param name="device">Receives the device object.</param>
    /// <returns>An NTSTATUS.</returns>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(IoCreateDevice))]
    internal static extern int IoCreateDevice(
        DriverObject* driver,
        uint extensionSize,
        UnicodeString* name,
        uint deviceType,
        uint characteristics,
        byte exclusive,
        DeviceObject** device);

    /// <summary>Deletes a device object. DDI: <c>IoDeleteDevice</c>. IRQL: &lt;= APC_LEVEL.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(IoDeleteDevice))]
    internal static extern void IoDeleteDevice(DeviceObject* device);

    /// <summary>Gives a device a name that user mode can open. DDI: <c>IoCreateSymbolicLink</c>. IRQL: PASSIVE_LEVEL.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(IoCreateSymbolicLink))]
    internal static extern int IoCreateSymbolicLink(UnicodeString* link, UnicodeString* device);

    /// <summary>Removes that name. DDI: <c>IoDeleteSymbolicLink</c>. IRQL: PASSIVE_LEVEL.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(IoDeleteSymbolicLink))]
    internal static extern int IoDeleteSymbolicLink(UnicodeString* link);

    /// <summary>Completes an IRP. DDI: <c>IoCompleteRequest</c>, a macro over this export. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    /// <param name="irp">Belongs to the I/O manager afterwards: not touched again.</param>
    /// <param name="priorityBoost">IO_NO_INCREMENT: zero.</param>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(IofCompleteRequest))]
    internal static extern void IofCompleteRequest(Irp* irp, byte priorityBoost);

    /// <summary>
    /// Tells whether the calling thread has a privilege enabled. DDI: <c>SeSinglePrivilegeCheck</c>. IRQL: PASSIVE_LEVEL.
    /// </summary>
    /// <param name="privilege">A LUID, an 8-byte structure, which the x64 convention hands over like an integer: see <see cref="Privilege"/>.</param>
    /// <param name="previousMode">A <see cref="ProcessorMode"/>: kernel mode has every privilege.</param>
    /// <returns>A BOOLEAN.</returns>
    internal static byte SeSinglePrivilegeCheck(ulong privilege, byte previousMode) => (byte)SinglePrivilegeCheck(privilege, previousMode);

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(SeSinglePrivilegeCheck))]
    private static extern uint SinglePrivilegeCheck(ulong privilege, byte previousMode);
}
