using System.Runtime.InteropServices;

namespace Tracing.Driver;

/// <summary>
/// Storage of a KMUTEX on x64: 0x38 bytes, 8-byte aligned. Opaque. Size: KMUTANT in wdm.h, a DISPATCHER_HEADER (0x18), a LIST_ENTRY
/// (0x10), the owner (8) and two bytes of flags, padded.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 0x38)]
internal struct KMutexObject
{
    private readonly ulong _opaque;
}

/// <summary>Storage of a KEVENT on x64: 0x18 bytes, 8-byte aligned. Opaque. Size: a DISPATCHER_HEADER (wdm.h).</summary>
[StructLayout(LayoutKind.Sequential, Size = 0x18)]
internal struct KEventObject
{
    private readonly ulong _opaque;
}

/// <summary>Storage of a KDPC on x64: 0x40 bytes, 8-byte aligned. Opaque. Size: wdm.h.</summary>
[StructLayout(LayoutKind.Sequential, Size = 0x40)]
internal struct KDpcObject
{
    private readonly ulong _opaque;
}

/// <summary>A FAST_MUTEX on x64: 0x38 bytes, 8-byte aligned. Its fields are public, since wdm.h initializes it inline.</summary>
[StructLayout(LayoutKind.Explicit, Size = 0x38)]
internal unsafe struct FastMutexObject
{
    /// <summary>1: nobody holds it, nor waits for it. IRQL of a read: any.</summary>
    [FieldOffset(0x00)]
    internal int Count;

    /// <summary>The thread that holds it.</summary>
    [FieldOffset(0x08)]
    private void* _owner;

    /// <summary>How often a thread had to wait.</summary>
    [FieldOffset(0x10)]
    private uint _contention;

    /// <summary>Wakes one waiter.</summary>
    [FieldOffset(0x18)]
#pragma warning disable IDE0044 // The kernel writes it.
    private KEventObject _event;
#pragma warning restore IDE0044

    /// <summary>Makes a free one of raw storage: what ExInitializeFastMutex, an inline function in wdm.h, does. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    /// <param name="fastMutex">Resident storage, 8-byte aligned.</param>
    internal static void Initialize(FastMutexObject* fastMutex)
    {
        fastMutex->Count = 1;
        fastMutex->_owner = null;
        fastMutex->_contention = 0;
        Kernel.KeInitializeEvent(&fastMutex->_event, EventType.Synchronization, 0);
    }
}

/// <summary>EVENT_TYPE in wdm.h.</summary>
internal static class EventType
{
    /// <summary>Lets one waiter go, and is not signaled any more then.</summary>
    internal const int Synchronization = 1;

    /// <summary>Stays signaled and lets every waiter go.</summary>
    internal const int Notification = 0;
}

/// <summary>KWAIT_REASON in wdm.h.</summary>
internal static class WaitReason
{
    /// <summary>The driver waits on its own behalf.</summary>
    internal const int Executive = 0;
}

/// <summary>MODE in wdm.h: KPROCESSOR_MODE.</summary>
internal static class ProcessorMode
{
    /// <summary>Kernel mode: the wait is not broken off by user-mode APCs, and the stack stays resident.</summary>
    internal const byte Kernel = 0;
}
