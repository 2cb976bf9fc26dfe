using System.Runtime.InteropServices;

namespace Tracing.Host.Thunks;

/// <summary>
/// One call from the driver into the simulated kernel, on the stack of the calling thread. The import thunk reads and writes it by offset.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CallFrame
{
    internal const int ImportOffset = 0;
    internal const int ArgumentsOffset = 8;
    internal const int ResultOffset = 16;
    internal const int EscapeToOffset = 24;
    internal const int ReturnAddressOffset = 32;
    internal const int Size = 48;

    /// <summary>Which import: its index in the import table.</summary>
    internal ulong Import;

    /// <summary>
    /// All arguments in one row. The Microsoft convention has the caller leave 32 bytes of home space below its fifth argument; the thunk
    /// puts the four register arguments there, so that any number of arguments, variadic ones too, is an array.
    /// </summary>
    internal ulong* Arguments;

    /// <summary>What the driver finds in rax.</summary>
    internal ulong Result;

    /// <summary>Null, or the entry to leave the driver by: the call does not return.</summary>
    internal EntryFrame* EscapeTo;

    /// <summary>The instruction in the driver after the call.</summary>
    internal void* ReturnAddress;

    private readonly ulong _alignment;
}
