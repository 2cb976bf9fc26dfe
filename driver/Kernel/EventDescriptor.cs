using System.Runtime.InteropServices;

namespace Tracing.Driver;

/// <summary>An EVENT_DESCRIPTOR (evntprov.h): 16 bytes that say which event it is.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EventDescriptor
{
    /// <summary>The event.</summary>
    internal ushort Id;

    /// <summary>The version of its payload.</summary>
    internal byte Version;

    /// <summary>The channel: zero for none.</summary>
    internal byte Channel;

    /// <summary>1 critical to 5 verbose.</summary>
    internal byte Level;

    /// <summary>The opcode.</summary>
    internal byte Opcode;

    /// <summary>The task.</summary>
    internal ushort Task;

    /// <summary>The keywords.</summary>
    internal ulong Keyword;
}

/// <summary>An EVENT_DATA_DESCRIPTOR (evntprov.h): one piece of payload.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EventDataDescriptor
{
    /// <summary>The address, in system space, widened to 64 bits.</summary>
    internal ulong Ptr;

    /// <summary>Bytes.</summary>
    internal uint Size;

    /// <summary>Zero.</summary>
    internal uint Reserved;
}
