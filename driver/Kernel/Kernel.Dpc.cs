using System.Runtime;
using System.Runtime.CompilerServices;

namespace Tracing.Driver;

internal static unsafe partial class Kernel
{
    /// <summary>Makes a DPC object of raw storage. DDI: <c>KeInitializeDpc</c>. IRQL: any.</summary>
    /// <param name="dpc">Resident storage, 8-byte aligned.</param>
    /// <param name="routine">The KDEFERRED_ROUTINE: the object, the context, two arguments. Runs at DISPATCH_LEVEL, on any thread.</param>
    /// <param name="context">Handed to it.</param>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(KeInitializeDpc))]
    internal static extern void KeInitializeDpc(
        KDpcObject* dpc, delegate* unmanaged<KDpcObject*, void*, void*, void*, void> routine, void* context);

    /// <summary>Queues a DPC. DDI: <c>KeInsertQueueDpc</c>. IRQL: any.</summary>
    /// <returns>A BOOLEAN: zero when it was queued already.</returns>
    internal static byte KeInsertQueueDpc(KDpcObject* dpc, void* firstArgument, void* secondArgument) =>
        (byte)InsertQueueDpc(dpc, firstArgument, secondArgument);

    /// <summary>Waits until every DPC that is queued has run, on all processors. DDI: <c>KeFlushQueuedDpcs</c>. IRQL: PASSIVE_LEVEL.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(KeFlushQueuedDpcs))]
    internal static extern void KeFlushQueuedDpcs();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(KeInsertQueueDpc))]
    private static extern uint InsertQueueDpc(KDpcObject* dpc, void* firstArgument, void* secondArgument);
}
