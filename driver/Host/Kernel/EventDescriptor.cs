using System.Runtime.InteropServices;

namespace Tracing.Host.Kernel;

/// <summary>EVENT_DESCRIPTOR (evntprov.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct EventDescriptor
{
    internal readonly ushort Id;
    internal readonly byte Version;
    internal readonly byte Channel;
    internal readonly byte Level;
    internal readonly byte Opcode;
    internal readonly ushort Task;
    internal readonly ulong Keyword;
}
