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

    /// <summary>Gets a referenced object behind a handle. DDI: <c>ObReferenceObjectByHandle</c>. IRQL: PASSIVE_LEVEL.</summary>
    /// <param name="handle">The handle.</param>
    /// <param name="desiredAccess">An ACCESS_MASK.</param>
    /// <param name="objectType">Null for a kernel-mode caller: not checked.</param>
    /// <param name="accessMode">A <see cref="ProcessorMode"/>.</param>
    /// <param name="referenced">Receives the object, to be dereferenced.</param>
    /// <param name="handleInformation">Null.</param>
    /// <returns>An NTSTATUS.</returns>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(ObReferenceObjectByHandle))]
    internal static extern int ObReferenceObjectByHandle(
        nint handle, uint desiredAccess, void* objectType, byte accessMode, void** referenced, void* handleInformation);

    /// <summary>Drops one reference. DDI: <c>ObDereferenceObject</c>, a macro over this export. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    /// <returns>The count left, which only means something when it is zero.</returns>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(ObfDereferenceObject))]
    internal static extern nint ObfDereferenceObject(void* referenced);

    /// <summary>Closes a handle. DDI: <c>ZwClose</c>. IRQL: PASSIVE_LEVEL.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(ZwClose))]
    internal static extern int ZwClose(nint handle);
}
