using System.Runtime.InteropServices;

namespace Tracing.Host.Thunks;

/// <summary>
/// One call from the host into the driver, on the stack of the calling thread. The entry thunk reads and writes it by offset.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct EntryFrame
{
    /// <summary>The most arguments a call can carry; ETWENABLECALLBACK, the longest here, has seven.</summary>
    internal const int MaximumArguments = 12;

    internal const int TargetOffset = 0;
    internal const int SavedStackOffset = 8;
    internal const int ResultOffset = 16;
    internal const int ReturnedOffset = 24;
    internal const int ArgumentsOffset = 32;

    /// <summary>The routine in the driver.</summary>
    internal void* Target;

    /// <summary>The stack pointer to go back to, written by the entry thunk: what makes an escape possible.</summary>
    internal void* SavedStack;

    /// <summary>rax when the routine returned.</summary>
    internal ulong Result;

    /// <summary>1 when the routine returned, 0 when it was left by an escape.</summary>
    internal ulong Returned;

    /// <summary>The arguments, first in first, each in 64 bits.</summary>
    internal fixed ulong Arguments[MaximumArguments];
}
