using System.Buffers.Binary;

namespace Tracing.Host.Thunks;

/// <summary>
/// Writes the few x64 instructions that thunks are made of. Every memory operand is [base + 32-bit displacement] and every jump is 32-bit:
/// one form each, so that the encoder stays small enough to be read. Encodings: Intel SDM, volume 2. Not thread-safe.
/// </summary>
internal sealed class CodeWriter
{
    private readonly List<byte> _code = [];

    /// <summary>Bytes written so far.</summary>
    internal int Length => _code.Count;

    /// <summary>The finished code.</summary>
    internal byte[] ToArray() => [.. _code];

    internal void Place(CodeLabel label)
    {
        label.Offset = Length;
        foreach (int displacement in label.Awaiting)
        {
            Patch(displacement, label.Offset);
        }

        label.Awaiting.Clear();
    }

    /// <summary>Fills up with <c>int3</c> to a multiple of <paramref name="boundary"/>: running into padding must stop.</summary>
    internal void Align(int boundary)
    {
        while (Length % boundary != 0)
        {
            _code.Add(0xCC);
        }
    }

    internal void Push(Register register)
    {
        Prefix(false, Register.Rax, register);
        _code.Add((byte)(0x50 | Low(register)));
    }

    internal void Pop(Register register)
    {
        Prefix(false, Register.Rax, register);
        _code.Add((byte)(0x58 | Low(register)));
    }

    internal void Move(Register to, Register from) => RegisterForm(0x89, from, to);

    internal void Load(Register to, Register address, int displacement) => MemoryForm(0x8B, to, address, displacement);

    internal void Store(Register address, int displacement, Register from) => MemoryForm(0x89, from, address, displacement);

    internal void LoadAddress(Register to, Register address, int displacement) => MemoryForm(0x8D, to, address, displacement);

    internal void CompareWithMemory(Register left, Register address, int displacement) => MemoryForm(0x3B, left, address, displacement);

    /// <summary>Loads 32 bits and extends the sign to 64.</summary>
    internal void LoadSigned32(Register to, Register address, int displacement) => MemoryForm(0x63, to, address, displacement);

    /// <summary>Extends the sign of the low 32 bits of <paramref name="from"/> to 64.</summary>
    internal void ExtendSigned32(Register to, Register from) => RegisterForm(0x63, to, from);

    internal void MoveImmediate(Register to, ulong value)
    {
        Prefix(true, Register.Rax, to);
        _code.Add((byte)(0xB8 | Low(to)));
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _code.AddRange(bytes);
    }

    /// <summary>Sets the low 32 bits and clears the high ones.</summary>
    internal void MoveImmediate32(Register to, uint value)
    {
        Prefix(false, Register.Rax, to);
        _code.Add((byte)(0xB8 | Low(to)));
        Immediate32((int)value);
    }

    internal void Clear(Register register)
    {
        Prefix(false, register, register);
        _code.Add(0x31);
        ModRegisters(register, register);
    }

    internal void Add(Register register, int value) => ImmediateForm(0, register, value);

    internal void And(Register register, int value) => ImmediateForm(4, register, value);

    internal void Subtract(Register register, int value) => ImmediateForm(5, register, value);

    internal void Compare(Register register, int value) => ImmediateForm(7, register, value);

    internal void AddRegister(Register to, Register value) => RegisterForm(0x01, value, to);

    internal void SubtractRegister(Register to, Register value) => RegisterForm(0x29, value, to);

    internal void CompareRegister(Register left, Register right) => RegisterForm(0x39, right, left);

    internal void Test(Register register) => RegisterForm(0x85, register, register);

    /// <summary>Stores xmm<paramref name="xmm"/>, unaligned.</summary>
    internal void StoreXmm(Register address, int displacement, int xmm) => XmmForm(0x11, xmm, address, displacement);

    /// <summary>Loads xmm<paramref name="xmm"/>, unaligned.</summary>
    internal void LoadXmm(int xmm, Register address, int displacement) => XmmForm(0x10, xmm, address, displacement);

    internal void Call(Register target)
    {
        Prefix(false, Register.Rax, target);
        _code.Add(0xFF);
        _code.Add((byte)(0xD0 | Low(target)));
    }

    internal void CallMemory(Register address, int displacement)
    {
        Prefix(false, Register.Rax, address);
        _code.Add(0xFF);
        ModMemory(2, address, displacement);
    }

    internal void Jump(Register target)
    {
        Prefix(false, Register.Rax, target);
        _code.Add(0xFF);
        _code.Add((byte)(0xE0 | Low(target)));
    }

    internal void Jump(CodeLabel target)
    {
        _code.Add(0xE9);
        Displacement(target);
    }

    internal void JumpIfZero(CodeLabel target) => Conditional(0x84, target);

    internal void JumpIfNotZero(CodeLabel target) => Conditional(0x85, target);

    /// <summary>After a comparison of unsigned values.</summary>
    internal void JumpIfBelow(CodeLabel target) => Conditional(0x82, target);

    internal void Return() => _code.Add(0xC3);

    /// <summary><c>cld</c>: string instructions go up.</summary>
    internal void ClearDirection() => _code.Add(0xFC);

    /// <summary><c>rep movsq</c>: rcx quadwords from [rsi] to [rdi].</summary>
    internal void CopyQuadwords() => _code.AddRange([0xF3, 0x48, 0xA5]);

    /// <summary>Instructions that have no method here, as bytes.</summary>
    internal void Raw(params ReadOnlySpan<byte> bytes) => _code.AddRange(bytes);

    private static int Low(Register register) => (int)register & 7;

    /// <summary>REX: W for 64-bit operands, R and B for the upper eight registers. Left out where it says nothing.</summary>
    private void Prefix(bool wide, Register field, Register operand)
    {
        int rex = (wide ? 8 : 0) | ((int)field >= 8 ? 4 : 0) | ((int)operand >= 8 ? 1 : 0);
        if (rex != 0)
        {
            _code.Add((byte)(0x40 | rex));
        }
    }

    private void RegisterForm(byte opcode, Register field, Register operand)
    {
        Prefix(true, field, operand);
        _code.Add(opcode);
        ModRegisters(field, operand);
    }

    private void ModRegisters(Register field, Register operand) => _code.Add((byte)(0xC0 | (Low(field) << 3) | Low(operand)));

    private void MemoryForm(byte opcode, Register field, Register address, int displacement)
    {
        Prefix(true, field, address);
        _code.Add(opcode);
        ModMemory((int)field & 7, address, displacement);
    }

    private void XmmForm(byte opcode, int xmm, Register address, int displacement)
    {
        Prefix(false, (Register)xmm, address);
        _code.Add(0x0F);
        _code.Add(opcode);
        ModMemory(xmm & 7, address, displacement);
    }

    private void ModMemory(int field, Register address, int displacement)
    {
        _code.Add((byte)(0x80 | (field << 3) | Low(address)));
        if (Low(address) == Low(Register.Rsp))
        {
            // The code of rsp and r12 means "an SIB byte follows": no index, that base.
            _code.Add(0x24);
        }

        Immediate32(displacement);
    }

    private void ImmediateForm(int operation, Register register, int value)
    {
        Prefix(true, Register.Rax, register);
        _code.Add(0x81);
        _code.Add((byte)(0xC0 | (operation << 3) | Low(register)));
        Immediate32(value);
    }

    private void Conditional(byte condition, CodeLabel target)
    {
        _code.Add(0x0F);
        _code.Add(condition);
        Displacement(target);
    }

    private void Displacement(CodeLabel target)
    {
        int at = Length;
        Immediate32(0);
        if (target.Offset < 0)
        {
            target.Awaiting.Add(at);
        }
        else
        {
            Patch(at, target.Offset);
        }
    }

    private void Patch(int at, int target)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, target - (at + 4));
        for (int i = 0; i < 4; i++)
        {
            _code[at + i] = bytes[i];
        }
    }

    private void Immediate32(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _code.AddRange(bytes);
    }
}
