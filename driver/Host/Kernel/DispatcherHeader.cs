using System.Runtime.InteropServices;

namespace Tracing.Host.Kernel;

/// <summary>
/// The first 24 bytes of every object that can be waited for, as wdm.h lays out DISPATCHER_HEADER on x64. The state here is for the
/// driver's eyes; what the simulated kernel decides by is its own.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x18)]
internal struct DispatcherHeader
{
    internal const byte NotificationEvent = 0;
    internal const byte SynchronizationEvent = 1;
    internal const byte Mutant = 2;
    internal const byte Thread = 6;

    [FieldOffset(0)]
    internal byte Type;

    /// <summary>Size of the object in units of four bytes.</summary>
    [FieldOffset(2)]
    internal byte Size;

    [FieldOffset(4)]
    internal int SignalState;

    [FieldOffset(8)]
    internal nuint WaitListForward;

    [FieldOffset(16)]
    internal nuint WaitListBackward;
}
