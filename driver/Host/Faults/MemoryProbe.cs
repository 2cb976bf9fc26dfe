using Tracing.Host.Kernel;
using Tracing.Host.Thunks;

namespace Tracing.Host.Faults;

/// <summary>
/// Touches memory that the driver has handed to the kernel, before managed code does: a bad pointer then faults here, in machine code that
/// <see cref="FaultGuard"/> watches as it watches the driver, and is reported as the driver's fault. In managed code it would end the
/// process. Thread-safe.
/// </summary>
internal static unsafe class MemoryProbe
{
    private const int PageSize = Native.PageMemory.PageSize;

    private static readonly int WriteRoutine;
    private static readonly byte* Code = SealedCode.Place(Assemble(out WriteRoutine));

    /// <summary>The probe's code, to be watched.</summary>
    internal static byte* Start => Code;

    /// <summary>Its length in bytes.</summary>
    internal static nuint Length => PageSize;

    /// <summary>Touches a range that is going to be read.</summary>
    /// <exception cref="DriverEscapeException">It cannot be read; the machine has stopped.</exception>
    internal static void Read(SimulatedThread thread, nuint address, nuint size) => DriverCall.Invoke(thread, Code, address, size);

    /// <summary>Touches a range that is going to be written, without changing it.</summary>
    /// <exception cref="DriverEscapeException">It cannot be written; the machine has stopped.</exception>
    internal static void Write(SimulatedThread thread, nuint address, nuint size) =>
        DriverCall.Invoke(thread, Code + WriteRoutine, address, size);

    /// <summary>Whether an address lies in the probe.</summary>
    internal static bool Contains(void* address) => address >= Code && address < Code + Length;

    private static byte[] Assemble(out int writeRoutine)
    {
        CodeWriter code = new();

        // mov r9b,[rcx]; mov r9b,[r10]
        WriteRange(code, [0x44, 0x8A, 0x09], [0x45, 0x8A, 0x0A]);
        code.Align(16);
        writeRoutine = code.Length;

        // lock or byte [rcx],0; lock or byte [r10],0
        WriteRange(code, [0xF0, 0x80, 0x09, 0x00], [0xF0, 0x41, 0x80, 0x0A, 0x00]);
        return code.ToArray();
    }

    /// <summary>rcx = address, rdx = size, not zero: touches a byte of each page, and the last byte.</summary>
    private static void WriteRange(CodeWriter code, ReadOnlySpan<byte> touchRcx, ReadOnlySpan<byte> touchR10)
    {
        CodeLabel next = new();
        code.LoadAddress(Register.R10, Register.Rcx, -1);
        code.AddRegister(Register.R10, Register.Rdx);
        code.Place(next);
        code.Raw(touchRcx);
        code.Add(Register.Rcx, PageSize);
        code.CompareRegister(Register.Rcx, Register.R10);
        code.JumpIfBelow(next);
        code.Raw(touchR10);
        code.Return();
    }
}
