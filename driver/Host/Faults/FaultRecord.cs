using System.Runtime.InteropServices;

namespace Tracing.Host.Faults;

/// <summary>
/// What the processor said when driver code faulted. Written by <see cref="FaultCode"/> on the stack of the faulting thread, by offset, and
/// read once by <see cref="FaultGuard"/>.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FaultRecord
{
    internal const int RegisterCount = 18;
    internal const int CauseOffset = 0;
    internal const int AddressOffset = 8;
    internal const int DetailOffset = 16;
    internal const int TrapOffset = 24;
    internal const int RegistersOffset = 32;
    internal const int Size = RegistersOffset + (8 * RegisterCount);

    /// <summary>Linux: the signal. Windows: the exception code in the low 32 bits.</summary>
    internal ulong Cause;

    /// <summary>The address that could not be accessed, where the fault has one.</summary>
    internal ulong Address;

    /// <summary>Linux: the error code of the page fault. Windows: 0 read, 1 write, 8 execute.</summary>
    internal ulong Detail;

    /// <summary>Linux: the number of the processor's exception. Windows: zero.</summary>
    internal ulong Trap;

    /// <summary>In the order of <see cref="RegisterNames"/>.</summary>
    internal fixed ulong Registers[RegisterCount];

    /// <summary>The names of <see cref="Registers"/>, in their order.</summary>
    internal static readonly string[] RegisterNames =
    [
        "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp",
        "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
        "rip", "eflags",
    ];
}
