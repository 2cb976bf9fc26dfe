using System.Runtime.InteropServices;

namespace Tracing.Host.Kernel;

/// <summary>EVENT_DATA_DESCRIPTOR (evntprov.h): one piece of an event's payload.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct EventDataDescriptor
{
    internal readonly ulong Address;
    internal readonly uint Size;
    internal readonly uint Reserved;
}
