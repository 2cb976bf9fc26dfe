using System.Runtime;
using System.Runtime.CompilerServices;

namespace Tracing.Driver;

internal static unsafe partial class Kernel
{
    /// <summary>The id of the current thread. DDI: <c>PsGetCurrentThreadId</c>. IRQL: any.</summary>
    /// <returns>A HANDLE holding the id; ids fit 32 bits.</returns>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(PsGetCurrentThreadId))]
    internal static extern nint PsGetCurrentThreadId();

    /// <summary>Starts a thread in kernel mode. DDI: <c>PsCreateSystemThread</c>. IRQL: PASSIVE_LEVEL.</summary>
    /// <param name="threadHandle">Receives a handle, to be closed with <see cref="ZwClose"/>.</param>
    /// <param name="desiredAccess">An ACCESS_MASK: <see cref="AccessMask.ThreadAllAccess"/>.</param>
    /// <param name="objectAttributes">Null, or an OBJECT_ATTRIBUTES saying OBJ_KERNEL_HANDLE.</param>
    /// <param name="processHandle">Zero: the system process.</param>
    /// <param name="clientId">Null.</param>
    /// <param name="startRoutine">Runs at PASSIVE_LEVEL.</param>
    /// <param name="startContext">Handed to the routine.</param>
    /// <returns>An NTSTATUS.</returns>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(PsCreateSystemThread))]
    internal static extern int PsCreateSystemThread(
        nint* threadHandle,
        uint desiredAccess,
        ObjectAttributes* objectAttributes,
        nint processHandle,
        void* clientId,
        delegate* unmanaged<void*, void> startRoutine,
        void* startContext);

    /// <summary>Ends the current system thread. DDI: <c>PsTerminateSystemThread</c>. IRQL: PASSIVE_LEVEL. Returns only on failure.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(PsTerminateSystemThread))]
    internal static extern int PsTerminateSystemThread(int exitStatus);

    /// <summary>Waits for the object behind a handle. DDI: <c>ZwWaitForSingleObject</c>. IRQL: PASSIVE_LEVEL.</summary>
    /// <param name="handle">A handle with the right to wait.</param>
    /// <param name="alertable">Zero: only the object ends the wait.</param>
    /// <param name="timeout">As that of <see cref="KeWaitForSingleObject"/>.</param>
    /// <returns>An NTSTATUS.</returns>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(ZwWaitForSingleObject))]
    internal static extern int ZwWaitForSingleObject(nint handle, byte alertable, long* timeout);

    /// <summary>Sleeps. DDI: <c>KeDelayExecutionThread</c>. IRQL: &lt;= APC_LEVEL.</summary>
    /// <param name="waitMode">A <see cref="ProcessorMode"/>.</param>
    /// <param name="alertable">Zero: only the time ends the sleep.</param>
    /// <param name="interval">Units of 100 ns, negative = from now.</param>
    /// <returns>An NTSTATUS.</returns>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(KeDelayExecutionThread))]
    internal static extern int KeDelayExecutionThread(byte waitMode, byte alertable, long* interval);

    /// <summary>Closes a handle. DDI: <c>ZwClose</c>. IRQL: PASSIVE_LEVEL.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(ZwClose))]
    internal static extern int ZwClose(nint handle);
}
