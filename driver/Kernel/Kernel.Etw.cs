using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Tracing.Driver;

internal static unsafe partial class Kernel
{
    /// <summary>Registers an event provider. DDI: <c>EtwRegister</c>. IRQL: PASSIVE_LEVEL, in a system thread.</summary>
    /// <param name="providerId">The provider's GUID.</param>
    /// <param name="enableCallback">The ETWENABLECALLBACK: source id, control code, level, match-any, match-all, filter data, context.</param>
    /// <param name="callbackContext">Handed to the callback.</param>
    /// <param name="registration">Receives the REGHANDLE.</param>
    /// <returns>An NTSTATUS. The callback may run before this returns.</returns>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(EtwRegister))]
    internal static extern int EtwRegister(
        Guid* providerId,
        delegate* unmanaged<Guid*, uint, byte, ulong, ulong, void*, void*, void> enableCallback,
        void* callbackContext,
        ulong* registration);

    /// <summary>Ends a registration. DDI: <c>EtwUnregister</c>. IRQL: PASSIVE_LEVEL. No callback runs afterwards.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(EtwUnregister))]
    internal static extern int EtwUnregister(ulong registration);

    /// <summary>
    /// Writes an event. DDI: <c>EtwWrite</c>. IRQL: any; above APC_LEVEL all data must be resident, so here it always is.
    /// </summary>
    /// <param name="registration">The REGHANDLE.</param>
    /// <param name="descriptor">The event's descriptor.</param>
    /// <param name="activityId">Null, or the activity.</param>
    /// <param name="userDataCount">How many pieces of payload: at most 128.</param>
    /// <param name="userData">The pieces, in order.</param>
    /// <returns>An NTSTATUS. Success also when nobody listens.</returns>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(EtwWrite))]
    internal static extern int EtwWrite(
        ulong registration, EventDescriptor* descriptor, Guid* activityId, uint userDataCount, EventDataDescriptor* userData);
}
