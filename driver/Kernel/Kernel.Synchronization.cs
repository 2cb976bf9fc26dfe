using System.Runtime;
using System.Runtime.CompilerServices;

namespace Tracing.Driver;

internal static unsafe partial class Kernel
{
    /// <summary>Makes a mutex object of raw storage, free. DDI: <c>KeInitializeMutex</c>. IRQL: any.</summary>
    /// <param name="mutex">Resident storage, 8-byte aligned.</param>
    /// <param name="level">Reserved: zero.</param>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(KeInitializeMutex))]
    internal static extern void KeInitializeMutex(KMutexObject* mutex, uint level);

    /// <summary>
    /// Releases one level of a mutex. DDI: <c>KeReleaseMutex</c>. IRQL: &lt;= DISPATCH_LEVEL. Raises an exception, which is a
    /// bugcheck here, when the calling thread does not own the mutex.
    /// </summary>
    /// <param name="mutex">An initialized mutex.</param>
    /// <param name="wait">Zero: no wait follows.</param>
    /// <returns>Zero when the mutex became free.</returns>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(KeReleaseMutex))]
    internal static extern int KeReleaseMutex(KMutexObject* mutex, byte wait);

    /// <summary>Tells whether a mutex is free. DDI: <c>KeReadStateMutex</c>. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    /// <returns>1 when free; the answer may be old before it arrives.</returns>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(KeReadStateMutex))]
    internal static extern int KeReadStateMutex(KMutexObject* mutex);

    /// <summary>
    /// Waits for a dispatcher object. DDI: <c>KeWaitForSingleObject</c>. IRQL: &lt;= APC_LEVEL, or &lt;= DISPATCH_LEVEL when
    /// <paramref name="timeout"/> points to zero.
    /// </summary>
    /// <param name="dispatcherObject">A mutex, an event or a thread object.</param>
    /// <param name="waitReason">A <see cref="WaitReason"/>.</param>
    /// <param name="waitMode">A <see cref="ProcessorMode"/>.</param>
    /// <param name="alertable">Zero: only the object ends the wait.</param>
    /// <param name="timeout">Units of 100 ns, negative = from now; null = no end; zero = try only.</param>
    /// <returns>An NTSTATUS. Acquired unless negative or STATUS_TIMEOUT: STATUS_ABANDONED (0x80) means acquired.</returns>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(KeWaitForSingleObject))]
    internal static extern int KeWaitForSingleObject(void* dispatcherObject, int waitReason, byte waitMode, byte alertable, long* timeout);

    /// <summary>Makes an event object of raw storage. DDI: <c>KeInitializeEvent</c>. IRQL: any.</summary>
    /// <param name="kernelEvent">Resident storage, 8-byte aligned.</param>
    /// <param name="type">An <see cref="EventType"/>.</param>
    /// <param name="state">Non-zero: signaled from the start.</param>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(KeInitializeEvent))]
    internal static extern void KeInitializeEvent(KEventObject* kernelEvent, int type, byte state);

    /// <summary>Signals an event. DDI: <c>KeSetEvent</c>. IRQL: &lt;= DISPATCH_LEVEL when <paramref name="wait"/> is zero.</summary>
    /// <param name="kernelEvent">An initialized event.</param>
    /// <param name="increment">The priority boost given to a satisfied waiter: zero.</param>
    /// <param name="wait">Zero: no wait follows.</param>
    /// <returns>Non-zero when it was signaled before.</returns>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(KeSetEvent))]
    internal static extern int KeSetEvent(KEventObject* kernelEvent, int increment, byte wait);

    /// <summary>Makes an event not signaled. DDI: <c>KeClearEvent</c>. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(KeClearEvent))]
    internal static extern void KeClearEvent(KEventObject* kernelEvent);

    /// <summary>Acquires a fast mutex. DDI: <c>ExAcquireFastMutex</c>. IRQL: &lt;= APC_LEVEL; returns at APC_LEVEL.</summary>
    /// <param name="fastMutex">An initialized fast mutex that the calling thread does not hold.</param>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(ExAcquireFastMutex))]
    internal static extern void ExAcquireFastMutex(FastMutexObject* fastMutex);

    /// <summary>
    /// Acquires a fast mutex if it is free. DDI: <c>ExTryToAcquireFastMutex</c>. IRQL: &lt;= APC_LEVEL; returns at APC_LEVEL if acquired.
    /// </summary>
    /// <param name="fastMutex">An initialized fast mutex.</param>
    /// <returns>A BOOLEAN: non-zero when acquired.</returns>
    internal static byte ExTryToAcquireFastMutex(FastMutexObject* fastMutex) => (byte)TryToAcquireFastMutex(fastMutex);

    /// <summary>Releases a fast mutex and restores the IRQL. DDI: <c>ExReleaseFastMutex</c>. IRQL: APC_LEVEL.</summary>
    /// <param name="fastMutex">A fast mutex that the calling thread holds.</param>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(ExReleaseFastMutex))]
    internal static extern void ExReleaseFastMutex(FastMutexObject* fastMutex);

    /// <summary>Acquires a spin lock. DDI: <c>KeAcquireSpinLockRaiseToDpc</c>. IRQL: &lt;= DISPATCH_LEVEL; returns at DISPATCH_LEVEL.</summary>
    /// <param name="spinLock">A resident pointer-sized word, zero when free.</param>
    /// <returns>The IRQL before, to be given to <see cref="KeReleaseSpinLock"/>.</returns>
    internal static byte KeAcquireSpinLockRaiseToDpc(nuint* spinLock) => (byte)AcquireSpinLockRaiseToDpc(spinLock);

    /// <summary>Releases a spin lock and restores the IRQL. DDI: <c>KeReleaseSpinLock</c>. IRQL: DISPATCH_LEVEL.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(KeReleaseSpinLock))]
    internal static extern void KeReleaseSpinLock(nuint* spinLock, byte newIrql);

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(ExTryToAcquireFastMutex))]
    private static extern uint TryToAcquireFastMutex(FastMutexObject* fastMutex);

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(KeAcquireSpinLockRaiseToDpc))]
    private static extern uint AcquireSpinLockRaiseToDpc(nuint* spinLock);
}
