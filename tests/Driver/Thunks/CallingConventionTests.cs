using Tracing.Driver.Tests.Support;
using Tracing.Host.Thunks;

namespace Tracing.Driver.Tests.Thunks;

/// <summary>What the Microsoft x64 convention promises a driver, checked by code that a driver could be.</summary>
public unsafe class CallingConventionTests
{
    private const ulong Pattern = 0x0101_0101_0101_0101;
    private static readonly Register[] NonVolatile =
        [Register.Rbx, Register.Rbp, Register.Rdi, Register.Rsi, Register.R12, Register.R13, Register.R14, Register.R15];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(12)]
    public void A_routine_of_the_driver_finds_every_argument_where_the_convention_puts_it(int count)
    {
        ulong[] seen = new ulong[EntryFrame.MaximumArguments];
        fixed (ulong* buffer = seen)
        {
            ulong address = (ulong)buffer;
            using NativeCode routine = new(code => DriverRoutines.StoreArguments(code, address, 0xABCD));
            EntryFrame frame = default;
            frame.Target = routine.Address;
            for (int i = 0; i < count; i++)
            {
                frame.Arguments[i] = 1000 + (ulong)i;
            }

            Thunks(null).Enter(&frame);

            Assert.Equal(1ul, frame.Returned);
            Assert.Equal(0xABCDul, frame.Result);
        }

        Assert.Equal(Enumerable.Range(0, count).Select(i => 1000 + (ulong)i), seen.Take(count));
    }

    [Fact]
    public void An_import_finds_the_arguments_in_a_row_and_its_caller_and_gives_rax_back()
    {
        ulong[] seen = new ulong[11];
        fixed (ulong* buffer = seen)
        {
            ulong address = (ulong)buffer;
            using NativeCode serve = new(code => CopyCall(code, address, 9));
            NativeThunks thunks = Thunks(serve.Address);
            using ImportStubs stubs = new(thunks, 3);
            ulong stub = (ulong)stubs[2];
            using NativeCode routine = new(code => CallWithArguments(code, stub, 9));
            EntryFrame frame = default;
            frame.Target = routine.Address;

            thunks.Enter(&frame);

            Assert.Equal(0x5150ul, frame.Result);
            Assert.Equal(2ul, seen[0]);
            Assert.InRange(seen[1], (ulong)routine.Address, (ulong)routine.Address + 4096);
        }

        Assert.Equal(Enumerable.Range(1, 9).Select(i => (ulong)i), seen.Skip(2));
    }

    [Fact]
    public void An_import_leaves_the_drivers_non_volatile_registers_alone()
    {
        // The service ruins everything that System V allows it to ruin, rdi, rsi and all of xmm among them.
        using NativeCode serve = new(RuinEverything);
        NativeThunks thunks = Thunks(serve.Address);
        using ImportStubs stubs = new(thunks, 1);
        ulong stub = (ulong)stubs[0];
        using NativeCode routine = new(code => CheckRegistersAround(code, stub));
        EntryFrame frame = default;
        frame.Target = routine.Address;

        thunks.Enter(&frame);

        Assert.Equal(1ul, frame.Returned);
        Assert.Equal(0ul, frame.Result);
    }

    [Fact]
    public void An_import_is_served_on_an_aligned_stack_even_from_an_unaligned_one()
    {
        // movaps faults on an unaligned address, and the service begins by one.
        using NativeCode serve = new(code =>
        {
            code.Raw(0x0F, 0x29, 0x44, 0x24, 0xE8); // movaps [rsp-18h], xmm0: rsp is 8 below a multiple of 16
            code.Return();
        });
        NativeThunks thunks = Thunks(serve.Address);
        using ImportStubs stubs = new(thunks, 1);
        ulong stub = (ulong)stubs[0];
        using NativeCode routine = new(code =>
        {
            code.Subtract(Register.Rsp, 0x20);
            code.MoveImmediate(Register.Rax, stub);
            code.Call(Register.Rax);
            code.Add(Register.Rsp, 0x20);
            code.Return();
        });
        EntryFrame frame = default;
        frame.Target = routine.Address;

        thunks.Enter(&frame);

        Assert.Equal(1ul, frame.Returned);
    }

    [Fact]
    public void An_escape_leaves_the_driver_and_says_so()
    {
        EntryFrame frame = default;
        ulong escapeTo = (ulong)&frame;
        using NativeCode serve = new(code =>
        {
            code.MoveImmediate(Register.Rax, escapeTo);
            code.Store(NativeThunks.FirstArgument, CallFrame.EscapeToOffset, Register.Rax);
            code.Return();
        });
        NativeThunks thunks = Thunks(serve.Address);
        using ImportStubs stubs = new(thunks, 1);
        ulong stub = (ulong)stubs[0];
        using NativeCode routine = new(code =>
        {
            // Deep in its stack, with every register ruined and the direction flag set, it calls what does not return.
            foreach (Register register in NonVolatile)
            {
                code.MoveImmediate(register, 0xDEAD);
            }

            code.Subtract(Register.Rsp, 0x1008);
            code.Raw(0xFD); // std
            code.MoveImmediate(Register.Rax, stub);
            code.Call(Register.Rax);
            code.Raw(0x0F, 0x0B); // ud2: never reached
        });
        frame.Target = routine.Address;

        thunks.Enter(&frame);

        Assert.Equal(0ul, frame.Returned);
    }

    [Fact]
    public void A_stub_beyond_the_table_is_refused()
    {
        using ImportStubs stubs = new(Thunks(null), 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => (nuint)stubs[2]);
    }

    private static NativeThunks Thunks(byte* serve) => new((delegate* unmanaged<CallFrame*, void>)serve, null);

    private static void CopyCall(CodeWriter code, ulong buffer, int count)
    {
        Register frame = NativeThunks.FirstArgument;
        code.MoveImmediate(Register.R8, buffer);
        code.Load(Register.Rax, frame, CallFrame.ImportOffset);
        code.Store(Register.R8, 0, Register.Rax);
        code.Load(Register.Rax, frame, CallFrame.ReturnAddressOffset);
        code.Store(Register.R8, 8, Register.Rax);
        code.Load(Register.R9, frame, CallFrame.ArgumentsOffset);
        for (int i = 0; i < count; i++)
        {
            code.Load(Register.Rax, Register.R9, 8 * i);
            code.Store(Register.R8, 16 + (8 * i), Register.Rax);
        }

        code.MoveImmediate(Register.Rax, 0x5150);
        code.Store(frame, CallFrame.ResultOffset, Register.Rax);
        code.Return();
    }

    private static void CallWithArguments(CodeWriter code, ulong stub, int count)
    {
        const int room = 0x58;
        code.Subtract(Register.Rsp, room);
        for (int i = 4; i < count; i++)
        {
            code.MoveImmediate(Register.Rax, (ulong)i + 1);
            code.Store(Register.Rsp, 8 * i, Register.Rax);
        }

        code.MoveImmediate(Register.Rcx, 1);
        code.MoveImmediate(Register.Rdx, 2);
        code.MoveImmediate(Register.R8, 3);
        code.MoveImmediate(Register.R9, 4);
        code.MoveImmediate(Register.Rax, stub);
        code.Call(Register.Rax);
        code.Add(Register.Rsp, room);
        code.Return();
    }

    private static void RuinEverything(CodeWriter code)
    {
        code.MoveImmediate(Register.Rax, ulong.MaxValue);
        code.Push(Register.Rax);
        code.Push(Register.Rax);
        for (int i = 0; i < 16; i++)
        {
            code.LoadXmm(i, Register.Rsp, 0);
        }

        code.Add(Register.Rsp, 16);
        ReadOnlySpan<Register> ruined = OperatingSystem.IsWindows()
            ? [Register.Rcx, Register.Rdx, Register.R8, Register.R9, Register.R10, Register.R11]
            : [Register.Rcx, Register.Rdx, Register.Rsi, Register.Rdi, Register.R8, Register.R9, Register.R10, Register.R11];
        foreach (Register register in ruined)
        {
            code.MoveImmediate(register, 0xBAD);
        }

        code.Return();
    }

    /// <summary>Fills the non-volatile registers, calls, and returns how many of them have changed.</summary>
    private static void CheckRegistersAround(CodeWriter code, ulong stub)
    {
        const int room = 0x28 + 160;
        foreach (Register register in NonVolatile)
        {
            code.Push(register);
        }

        code.Subtract(Register.Rsp, room);
        for (int xmm = 6; xmm < 16; xmm++)
        {
            code.StoreXmm(Register.Rsp, 0x28 + (16 * (xmm - 6)), xmm);
        }

        foreach (Register register in NonVolatile)
        {
            code.MoveImmediate(register, Pattern * (ulong)(byte)register);
        }

        for (int xmm = 6; xmm < 16; xmm++)
        {
            MoveToXmm(code, xmm, Register.Rbx);
        }

        code.MoveImmediate(Register.Rax, stub);
        code.Call(Register.Rax);

        code.Clear(Register.Rax);
        foreach (Register register in NonVolatile)
        {
            CountIfDifferent(code, register, Pattern * (ulong)(byte)register);
        }

        for (int xmm = 6; xmm < 16; xmm++)
        {
            MoveFromXmm(code, Register.Rdx, xmm);
            CountIfDifferent(code, Register.Rdx, Pattern * (ulong)(byte)Register.Rbx);
        }

        for (int xmm = 6; xmm < 16; xmm++)
        {
            code.LoadXmm(xmm, Register.Rsp, 0x28 + (16 * (xmm - 6)));
        }

        code.Add(Register.Rsp, room);
        foreach (Register register in NonVolatile.Reverse())
        {
            code.Pop(register);
        }

        code.Return();
    }

    private static void CountIfDifferent(CodeWriter code, Register register, ulong expected)
    {
        CodeLabel same = new();
        code.MoveImmediate(Register.Rcx, expected);
        code.CompareRegister(register, Register.Rcx);
        code.JumpIfZero(same);
        code.Add(Register.Rax, 1);
        code.Place(same);
    }

    /// <summary><c>movq xmm, r64</c>.</summary>
    private static void MoveToXmm(CodeWriter code, int xmm, Register from) =>
        code.Raw(0x66, (byte)(0x48 | (xmm >= 8 ? 4 : 0)), 0x0F, 0x6E, (byte)(0xC0 | ((xmm & 7) << 3) | ((int)from & 7)));

    /// <summary><c>movq r64, xmm</c>.</summary>
    private static void MoveFromXmm(CodeWriter code, Register to, int xmm) =>
        code.Raw(0x66, (byte)(0x48 | (xmm >= 8 ? 4 : 0)), 0x0F, 0x7E, (byte)(0xC0 | ((xmm & 7) << 3) | ((int)to & 7)));
}
