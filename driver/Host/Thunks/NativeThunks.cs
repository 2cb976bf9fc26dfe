namespace Tracing.Host.Thunks;

/// <summary>
/// The machine code between the host, which speaks the convention of its own system, and the driver, which speaks Microsoft's x64
/// convention: one entry into the driver, one common way out of it to the simulated kernel, one landing for faults. Immutable once built;
/// thread-safe.
/// </summary>
/// <remarks>
/// <para>Of the registers, only the one with the first argument differs between System V and Microsoft (rdi, rcx): everything else travels
/// in memory. The code saves what either convention calls non-volatile: rbx, rbp, rdi, rsi, r12-r15, xmm6-15. It assumes no alignment of
/// the driver's stack and leaves 32 bytes of home space below every call.</para>
/// <para>An escape leaves the driver for good: it restores the stack pointer that the entry saved, and the frames between are forgotten.
/// Only driver frames and these thunks may lie between; managed frames never do, because a handler has returned before its thunk escapes,
/// and each entry from a handler is an entry of its own.</para>
/// <para>Source of the conventions: Microsoft, "x64 calling convention"; System V AMD64 psABI, section 3.2.</para>
/// </remarks>
internal sealed unsafe class NativeThunks
{
    private const int HomeSpace = 32;
    private const int XmmSpace = 10 * 16;
    private const int FirstSavedXmm = 6;

    /// <summary>Below the saved rbp of an import thunk lie rdi and rsi.</summary>
    private const int ImportSaved = 16;

    private readonly byte* _code;
    private readonly int _import;
    private readonly int _fault;

    /// <summary>Writes and seals the code. It is never freed: threads may be about to return through it.</summary>
    /// <param name="serve">Serves an import: takes a <see cref="CallFrame"/> pointer in the system's own convention.</param>
    /// <param name="fault">Receives the address of a fault record in the same way, and returns the <see cref="EntryFrame"/> to escape
    /// to.</param>
    internal NativeThunks(delegate* unmanaged<CallFrame*, void> serve, delegate* unmanaged<void*, EntryFrame*> fault)
    {
        CodeWriter code = new();
        CodeLabel leave = new();
        CodeLabel escape = new();
        WriteEntry(code, leave, escape);
        code.Align(16);
        _import = code.Length;
        WriteImport(code, escape, (ulong)serve);
        code.Align(16);
        _fault = code.Length;
        WriteFaultLanding(code, escape, (ulong)fault);
        _code = SealedCode.Place(code.ToArray());
    }

    /// <summary>The register that carries a first argument into code compiled for this system.</summary>
    internal static Register FirstArgument => OperatingSystem.IsWindows() ? Register.Rcx : Register.Rdi;

    /// <summary>Where import stubs jump, with the import's index in eax.</summary>
    internal void* ImportEntry => _code + _import;

    /// <summary>
    /// Where a fault handler resumes the thread, with the record's address in <see cref="FirstArgument"/> and rsp at a multiple of 16.
    /// </summary>
    internal void* FaultLanding => _code + _fault;

    /// <summary>
    /// Calls into the driver. Comes back when the routine returns or is escaped from; <see cref="EntryFrame.Returned"/> tells which.
    /// </summary>
    internal void Enter(EntryFrame* frame) => ((delegate* unmanaged<EntryFrame*, void>)_code)(frame);

    private static void WriteEntry(CodeWriter code, CodeLabel leave, CodeLabel escape)
    {
        const int stackArguments = (EntryFrame.MaximumArguments - 4) * 8;
        const Register frame = Register.Rbx;
        ReadOnlySpan<Register> saved =
            [Register.Rbp, Register.Rbx, Register.R12, Register.R13, Register.R14, Register.R15, Register.Rdi, Register.Rsi];

        foreach (Register register in saved)
        {
            code.Push(register);
        }

        // A return address and eight registers: 8 more bytes make a multiple of 16.
        code.Subtract(Register.Rsp, XmmSpace + 8);
        SaveXmm(code, 0);
        code.Move(frame, FirstArgument);
        code.Store(frame, EntryFrame.SavedStackOffset, Register.Rsp);

        code.Subtract(Register.Rsp, HomeSpace + stackArguments);
        for (int i = 4; i < EntryFrame.MaximumArguments; i++)
        {
            code.Load(Register.Rax, frame, EntryFrame.ArgumentsOffset + (8 * i));
            code.Store(Register.Rsp, 8 * i, Register.Rax);
        }

        code.Load(Register.Rcx, frame, EntryFrame.ArgumentsOffset);
        code.Load(Register.Rdx, frame, EntryFrame.ArgumentsOffset + 8);
        code.Load(Register.R8, frame, EntryFrame.ArgumentsOffset + 16);
        code.Load(Register.R9, frame, EntryFrame.ArgumentsOffset + 24);
        code.CallMemory(frame, EntryFrame.TargetOffset);
        code.Store(frame, EntryFrame.ResultOffset, Register.Rax);
        code.MoveImmediate32(Register.Rax, 1);
        code.Store(frame, EntryFrame.ReturnedOffset, Register.Rax);
        code.Load(Register.Rsp, frame, EntryFrame.SavedStackOffset);

        code.Place(leave);
        RestoreXmm(code, 0);
        code.Add(Register.Rsp, XmmSpace + 8);
        for (int i = saved.Length - 1; i >= 0; i--)
        {
            code.Pop(saved[i]);
        }

        code.Return();

        // rcx = the entry to leave by. Whatever the driver did to the direction flag is undone.
        code.Place(escape);
        code.ClearDirection();
        code.Load(Register.Rsp, Register.Rcx, EntryFrame.SavedStackOffset);
        code.Jump(leave);
    }

    private static void WriteImport(CodeWriter code, CodeLabel escape, ulong serve)
    {
        // The four register arguments go home, beside the others.
        code.Store(Register.Rsp, 8, Register.Rcx);
        code.Store(Register.Rsp, 16, Register.Rdx);
        code.Store(Register.Rsp, 24, Register.R8);
        code.Store(Register.Rsp, 32, Register.R9);
        code.Push(Register.Rbp);
        code.Move(Register.Rbp, Register.Rsp);
        code.Push(Register.Rdi);
        code.Push(Register.Rsi);
        code.Subtract(Register.Rsp, HomeSpace + CallFrame.Size + XmmSpace);
        code.And(Register.Rsp, -16);
        SaveXmm(code, HomeSpace + CallFrame.Size);

        code.Store(Register.Rsp, HomeSpace + CallFrame.ImportOffset, Register.Rax);
        code.LoadAddress(Register.Rax, Register.Rbp, 16);
        code.Store(Register.Rsp, HomeSpace + CallFrame.ArgumentsOffset, Register.Rax);
        code.Load(Register.Rax, Register.Rbp, 8);
        code.Store(Register.Rsp, HomeSpace + CallFrame.ReturnAddressOffset, Register.Rax);
        code.Clear(Register.Rax);
        code.Store(Register.Rsp, HomeSpace + CallFrame.ResultOffset, Register.Rax);
        code.Store(Register.Rsp, HomeSpace + CallFrame.EscapeToOffset, Register.Rax);

        code.LoadAddress(FirstArgument, Register.Rsp, HomeSpace);
        code.MoveImmediate(Register.Rax, serve);
        code.Call(Register.Rax);

        code.Load(Register.Rcx, Register.Rsp, HomeSpace + CallFrame.EscapeToOffset);
        code.Test(Register.Rcx);
        code.JumpIfNotZero(escape);
        code.Load(Register.Rax, Register.Rsp, HomeSpace + CallFrame.ResultOffset);
        RestoreXmm(code, HomeSpace + CallFrame.Size);
        code.LoadAddress(Register.Rsp, Register.Rbp, -ImportSaved);
        code.Pop(Register.Rsi);
        code.Pop(Register.Rdi);
        code.Pop(Register.Rbp);
        code.Return();
    }

    private static void WriteFaultLanding(CodeWriter code, CodeLabel escape, ulong fault)
    {
        code.Subtract(Register.Rsp, HomeSpace);
        code.MoveImmediate(Register.Rax, fault);
        code.Call(Register.Rax);
        code.Move(Register.Rcx, Register.Rax);
        code.Jump(escape);
    }

    private static void SaveXmm(CodeWriter code, int displacement)
    {
        for (int i = 0; i < 10; i++)
        {
            code.StoreXmm(Register.Rsp, displacement + (16 * i), FirstSavedXmm + i);
        }
    }

    private static void RestoreXmm(CodeWriter code, int displacement)
    {
        for (int i = 0; i < 10; i++)
        {
            code.LoadXmm(FirstSavedXmm + i, Register.Rsp, displacement + (16 * i));
        }
    }
}
