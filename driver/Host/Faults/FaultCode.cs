using Tracing.Host.Thunks;

namespace Tracing.Host.Faults;

/// <summary>
/// Writes the machine code that meets a hardware fault first. It must not be managed code: the fault may have come anywhere, in the runtime
/// too.
/// </summary>
/// <remarks>
/// The code asks one question: was the thread executing a driver image, or had driver code just called an address that cannot be executed?
/// If not, the fault goes to whoever handled faults before, untouched. If so, it copies the registers to a <see cref="FaultRecord"/> on the
/// faulting thread's stack, well below its stack pointer, and resumes the thread at <see cref="NativeThunks.FaultLanding"/>, outside of any
/// signal handler, where managed code may run. A fault within 64 KiB below the stack pointer is taken for an exhausted stack, on which
/// nothing can be done: it is passed on as well, and the runtime prints its own message.
/// </remarks>
internal static unsafe class FaultCode
{
    /// <summary>How far below the stack pointer an access means that the stack is exhausted.</summary>
    private const int StackReach = 0x10000;

    /// <summary>Bytes left alone below the driver's stack pointer.</summary>
    private const int StackGap = 256;

    /// <summary>EFLAGS without the direction and trap flags.</summary>
    private const int CleanFlags = ~0x500;

    /// <summary>A <c>sa_sigaction</c>: rdi = signal, rsi = siginfo_t, rdx = ucontext_t.</summary>
    internal static byte[] ForLinux(ImageRanges images, ulong* previousHandlers, void* landing)
    {
        CodeWriter code = new();
        CodeLabel pass = new();
        code.ExtendSigned32(Register.R10, Register.Rdi);
        code.Load(Register.R11, Register.Rsi, 16);
        code.Load(Register.R9, Register.Rdx, FaultContextLayout.LinuxError);
        Recognize(code, images, FaultContextLayout.Linux, pass);
        BeginRecord(code, FaultContextLayout.Linux);
        code.Load(Register.Rax, Register.Rdx, FaultContextLayout.LinuxTrap);
        code.Store(Register.Rcx, FaultRecord.TrapOffset, Register.Rax);
        Redirect(code, FaultContextLayout.Linux, landing);
        code.Return();

        code.Place(pass);
        code.MoveImmediate(Register.Rax, (ulong)previousHandlers);
        code.ExtendSigned32(Register.Rcx, Register.Rdi);
        for (int doubling = 0; doubling < 3; doubling++)
        {
            code.AddRegister(Register.Rcx, Register.Rcx);
        }

        code.AddRegister(Register.Rax, Register.Rcx);
        code.Load(Register.Rax, Register.Rax, 0);
        code.Jump(Register.Rax);
        return code.ToArray();
    }

    /// <summary>
    /// A vectored exception handler: rcx = EXCEPTION_POINTERS. Returns EXCEPTION_CONTINUE_EXECUTION or EXCEPTION_CONTINUE_SEARCH.
    /// </summary>
    internal static byte[] ForWindows(ImageRanges images, void* landing)
    {
        CodeWriter code = new();
        CodeLabel pass = new();
        code.Load(Register.Rdx, Register.Rcx, 8);
        code.Load(Register.R8, Register.Rcx, 0);
        code.Load(Register.R10, Register.R8, 0);
        code.Load(Register.R11, Register.R8, 40);
        code.Load(Register.R9, Register.R8, 32);
        Recognize(code, images, FaultContextLayout.Windows, pass);
        BeginRecord(code, FaultContextLayout.Windows);
        code.Clear(Register.Rax);
        code.Store(Register.Rcx, FaultRecord.TrapOffset, Register.Rax);
        Redirect(code, FaultContextLayout.Windows, landing);
        code.MoveImmediate(Register.Rax, ulong.MaxValue);
        code.Return();

        code.Place(pass);
        code.Clear(Register.Rax);
        code.Return();
        return code.ToArray();
    }

    /// <summary>
    /// Falls through for a fault in a driver image: rdx = context, r9 = detail, r10 = cause, r11 = address. Uses rax, rcx, r8.
    /// </summary>
    private static void Recognize(CodeWriter code, ImageRanges images, FaultContextLayout layout, CodeLabel pass)
    {
        CodeLabel found = new();
        code.Load(Register.Rax, Register.Rdx, layout.InstructionPointer);
        Search(code, images, found);

        // A call of an address that is no code faults at that address; the caller is on top of the stack.
        code.CompareRegister(Register.Rax, Register.R11);
        code.JumpIfNotZero(pass);
        code.Load(Register.Rax, Register.Rdx, layout.StackPointer);
        code.Load(Register.Rax, Register.Rax, 0);
        Search(code, images, found);
        code.Jump(pass);

        code.Place(found);
        code.Move(Register.Rax, Register.R11);
        code.Load(Register.Rcx, Register.Rdx, layout.StackPointer);
        code.SubtractRegister(Register.Rax, Register.Rcx);
        code.Add(Register.Rax, StackReach);
        code.Compare(Register.Rax, StackReach);
        code.JumpIfBelow(pass);
    }

    /// <summary>Jumps to <paramref name="found"/> if rax lies in a registered image.</summary>
    private static void Search(CodeWriter code, ImageRanges images, CodeLabel found)
    {
        CodeLabel loop = new();
        CodeLabel next = new();
        code.MoveImmediate(Register.R8, (ulong)images.Table);
        code.MoveImmediate32(Register.Rcx, ImageRanges.Capacity);
        code.Place(loop);
        code.CompareWithMemory(Register.Rax, Register.R8, 0);
        code.JumpIfBelow(next);
        code.CompareWithMemory(Register.Rax, Register.R8, 8);
        code.JumpIfBelow(found);
        code.Place(next);
        code.Add(Register.R8, 16);
        code.Subtract(Register.Rcx, 1);
        code.JumpIfNotZero(loop);
    }

    /// <summary>rcx = the record, filled but for <see cref="FaultRecord.Trap"/>.</summary>
    private static void BeginRecord(CodeWriter code, FaultContextLayout layout)
    {
        code.Load(Register.Rcx, Register.Rdx, layout.StackPointer);
        code.Subtract(Register.Rcx, StackGap + FaultRecord.Size);
        code.And(Register.Rcx, -16);
        code.Store(Register.Rcx, FaultRecord.CauseOffset, Register.R10);
        code.Store(Register.Rcx, FaultRecord.AddressOffset, Register.R11);
        code.Store(Register.Rcx, FaultRecord.DetailOffset, Register.R9);
        for (int i = 0; i < FaultRecord.RegisterCount; i++)
        {
            code.Load(Register.Rax, Register.Rdx, layout.Registers[i]);
            code.Store(Register.Rcx, FaultRecord.RegistersOffset + (8 * i), Register.Rax);
        }
    }

    private static void Redirect(CodeWriter code, FaultContextLayout layout, void* landing)
    {
        code.Store(Register.Rdx, layout.FirstArgument, Register.Rcx);
        code.Store(Register.Rdx, layout.StackPointer, Register.Rcx);
        code.MoveImmediate(Register.Rax, (ulong)landing);
        code.Store(Register.Rdx, layout.InstructionPointer, Register.Rax);
        code.Load(Register.Rax, Register.Rdx, layout.Flags);
        code.And(Register.Rax, CleanFlags);
        code.Store(Register.Rdx, layout.Flags, Register.Rax);
    }
}
