using Tracing.Host.Thunks;

namespace Tracing.Driver.Tests.Thunks;

/// <summary>Encodings worked out by hand from the Intel SDM, volume 2: REX prefix, opcode, ModRM, SIB, displacement.</summary>
public class CodeWriterTests
{
    private static readonly Dictionary<string, (Action<CodeWriter> Write, string Bytes)> Cases = new()
    {
        ["push rbp"] = (code => code.Push(Register.Rbp), "55"),
        ["push r15"] = (code => code.Push(Register.R15), "41 57"),
        ["pop rdi"] = (code => code.Pop(Register.Rdi), "5F"),
        ["pop r12"] = (code => code.Pop(Register.R12), "41 5C"),
        ["mov rbp, rsp"] = (code => code.Move(Register.Rbp, Register.Rsp), "48 89 E5"),
        ["mov rcx, r8"] = (code => code.Move(Register.Rcx, Register.R8), "4C 89 C1"),
        ["mov rax, [rbx+10h]"] = (code => code.Load(Register.Rax, Register.Rbx, 0x10), "48 8B 83 10 00 00 00"),
        ["mov [rsp+8], rcx"] = (code => code.Store(Register.Rsp, 8, Register.Rcx), "48 89 8C 24 08 00 00 00"),
        ["mov [rsp+18h], r8"] = (code => code.Store(Register.Rsp, 24, Register.R8), "4C 89 84 24 18 00 00 00"),
        ["mov r9, [r12+8]"] = (code => code.Load(Register.R9, Register.R12, 8), "4D 8B 8C 24 08 00 00 00"),
        ["lea rax, [rbp+10h]"] = (code => code.LoadAddress(Register.Rax, Register.Rbp, 16), "48 8D 85 10 00 00 00"),
        ["mov r11, imm64"] = (code => code.MoveImmediate(Register.R11, 0x1122334455667788), "49 BB 88 77 66 55 44 33 22 11"),
        ["mov eax, 7"] = (code => code.MoveImmediate32(Register.Rax, 7), "B8 07 00 00 00"),
        ["xor eax, eax"] = (code => code.Clear(Register.Rax), "31 C0"),
        ["xor r9d, r9d"] = (code => code.Clear(Register.R9), "45 31 C9"),
        ["sub rsp, 28h"] = (code => code.Subtract(Register.Rsp, 0x28), "48 81 EC 28 00 00 00"),
        ["and rsp, -16"] = (code => code.And(Register.Rsp, -16), "48 81 E4 F0 FF FF FF"),
        ["cmp rax, 10000h"] = (code => code.Compare(Register.Rax, 0x10000), "48 81 F8 00 00 01 00"),
        ["cmp rax, [r8+8]"] = (code => code.CompareWithMemory(Register.Rax, Register.R8, 8), "49 3B 80 08 00 00 00"),
        ["cmp rax, r11"] = (code => code.CompareRegister(Register.Rax, Register.R11), "4C 39 D8"),
        ["sub rax, rcx"] = (code => code.SubtractRegister(Register.Rax, Register.Rcx), "48 29 C8"),
        ["add rax, rcx"] = (code => code.AddRegister(Register.Rax, Register.Rcx), "48 01 C8"),
        ["movsxd r10, edi"] = (code => code.ExtendSigned32(Register.R10, Register.Rdi), "4C 63 D7"),
        ["test rcx, rcx"] = (code => code.Test(Register.Rcx), "48 85 C9"),
        ["movups [rsp+30h], xmm6"] = (code => code.StoreXmm(Register.Rsp, 48, 6), "0F 11 B4 24 30 00 00 00"),
        ["movups xmm15, [rsp]"] = (code => code.LoadXmm(15, Register.Rsp, 0), "44 0F 10 BC 24 00 00 00 00"),
        ["call rax"] = (code => code.Call(Register.Rax), "FF D0"),
        ["call [rbx]"] = (code => code.CallMemory(Register.Rbx, 0), "FF 93 00 00 00 00"),
        ["jmp r11"] = (code => code.Jump(Register.R11), "41 FF E3"),
        ["rep movsq"] = (code => code.CopyQuadwords(), "F3 48 A5"),
    };

    public static TheoryData<string> Instructions => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Instructions))]
    public void An_instruction_has_the_bytes_of_the_manual(string instruction)
    {
        CodeWriter code = new();
        Cases[instruction].Write(code);
        Assert.Equal(Cases[instruction].Bytes, Hex(code));
    }

    [Fact]
    public void A_jump_forward_and_a_jump_back_reach_their_labels()
    {
        CodeWriter code = new();
        CodeLabel start = new();
        CodeLabel end = new();
        code.Place(start);
        code.JumpIfZero(end);
        code.Jump(start);
        code.Place(end);
        code.Return();

        // 0: jz +5 (to 11), 6: jmp -11 (to 0), 11: ret
        Assert.Equal("0F 84 05 00 00 00 E9 F5 FF FF FF C3", Hex(code));
    }

    [Fact]
    public void Padding_is_int3()
    {
        CodeWriter code = new();
        code.Return();
        code.Align(4);
        Assert.Equal("C3 CC CC CC", Hex(code));
    }

    private static string Hex(CodeWriter code) => string.Join(' ', code.ToArray().Select(value => value.ToString("X2")));
}
