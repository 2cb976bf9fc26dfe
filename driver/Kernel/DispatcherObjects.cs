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

/// <summary>EVENT_TYPE in wdm.h.</summary>
internal static class EventType
{
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
