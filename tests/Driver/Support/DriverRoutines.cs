using Tracing.Host.Thunks;

namespace Tracing.Driver.Tests.Support;

/// <summary>Routines that a driver could have, in machine code.</summary>
internal static class DriverRoutines
{
    /// <summary>Stores its arguments to a buffer of <see cref="EntryFrame.MaximumArguments"/> words, and returns a value.</summary>
    internal static void StoreArguments(CodeWriter code, ulong buffer, ulong result)
    {
        code.MoveImmediate(Register.Rax, buffer);
        code.Store(Register.Rax, 0, Register.Rcx);
        code.Store(Register.Rax, 8, Register.Rdx);
        code.Store(Register.Rax, 16, Register.R8);
        code.Store(Register.Rax, 24, Register.R9);
        for (int i = 4; i < EntryFrame.MaximumArguments; i++)
        {
            // Above the return address and the 32 bytes of home space.
            code.Load(Register.R10, Register.Rsp, 8 + (8 * i));
            code.Store(Register.Rax, 8 * i, Register.R10);
        }

        code.MoveImmediate(Register.Rax, result);
        code.Return();
    }

    /// <summary>Calls an export with its own first argument, and faults if that returns.</summary>
    internal static void CallAndNeverReturn(CodeWriter code, ulong export)
    {
        code.Subtract(Register.Rsp, 0x28);
        code.MoveImmediate(Register.Rax, export);
        code.Call(Register.Rax);
        code.Raw(0x0F, 0x0B); // ud2
    }
}
