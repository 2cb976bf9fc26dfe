using System.Reflection.PortableExecutable;
using Iced.Intel;

namespace Tracing.Driver.Tests.Binary;

/// <summary>The machine code of kmutex.sys, and the unwind data that debuggers and the kernel walk its stacks by.</summary>
public sealed class CodeTests
{
    private static readonly DriverImage Image = BuiltDriver.Image;
    private static readonly SectionHeader Text = Image.Section(".text");

    [Fact]
    public void No_instruction_needs_state_that_the_kernel_does_not_save_for_drivers() => Assert.All(DriverCode.Functions(), function =>
        Assert.All(DriverCode.Decode(function), instruction =>
            Assert.True(instruction.Encoding == EncodingKind.Legacy, $"{instruction} at {instruction.IP:X} is AVX: it wants KeSaveExtendedProcessorState.")));

    [Fact]
    public void Every_direct_branch_ends_in_the_code() => Assert.All(DriverCode.Functions(), function =>
        Assert.All(DriverCode.Decode(function).Where(instruction => instruction.IsCallNear || instruction.IsJmpNear || instruction.IsJccShortOrNear), instruction =>
            Assert.True(Image.IsIn(".text", Image.ToRva(instruction.NearBranchTarget)), $"{instruction} at {instruction.IP:X} leaves the code.")));

    /// <summary>Calls only: the jumps through registers that a switch becomes go through a table in read-only memory, after a check of its bounds.</summary>
    [Fact]
    public void No_call_goes_around_the_guard() => Assert.All(DriverCode.Functions(), function =>
        Assert.All(DriverCode.Decode(function).Where(instruction => instruction.IsCallNearIndirect), instruction =>
            Assert.True(IsGuardOrImport(instruction), $"{instruction} at {instruction.IP:X} calls through a pointer that Control Flow Guard does not see.")));

    [Fact]
    public void Unwind_data_is_in_order_and_covers_code()
    {
        List<(uint Begin, uint End, uint Unwind)> functions = DriverCode.Functions();
        Assert.NotEmpty(functions);
        uint end = 0;
        foreach ((uint begin, uint next, uint unwind) in functions)
        {
            Assert.InRange(begin, end, next - 1);
            Assert.True(Image.IsIn(".text", begin));
            Assert.True(Image.IsIn(".text", next - 1));
            Assert.Equal(1, Image.At(unwind)[0] & 7);
            end = next;
        }
    }

    [Fact]
    public void Code_without_unwind_data_is_leaves_and_padding()
    {
        uint at = (uint)Text.VirtualAddress;
        foreach ((uint begin, uint end, _) in DriverCode.Functions().Append(((uint)(Text.VirtualAddress + Text.VirtualSize), 0u, 0u)))
        {
            Assert.All(DriverCode.Decode((at, begin, 0)), instruction =>
                Assert.True(IsLeaf(instruction), $"{instruction} at {instruction.IP:X} touches the stack or calls, in a function that has no unwind data."));
            at = end;
        }
    }

    private static bool IsLeaf(Instruction instruction) =>
        instruction.Mnemonic is Mnemonic.Ret or Mnemonic.Nop or Mnemonic.Int3 or Mnemonic.Jmp
        || (instruction.Mnemonic == Mnemonic.Lea && instruction.Op0Register != Register.RSP);

    /// <summary>A call through one of the guard's two pointers, or through the import table.</summary>
    private static bool IsGuardOrImport(Instruction instruction)
    {
        if (!instruction.IsIPRelativeMemoryOperand)
        {
            return false;
        }

        uint pointer = Image.ToRva(instruction.IPRelativeMemoryAddress);
        DirectoryEntry imports = Image.Optional.ImportAddressTableDirectory;
        uint config = (uint)Image.Optional.LoadConfigTableDirectory.RelativeVirtualAddress;
        return (pointer >= (uint)imports.RelativeVirtualAddress && pointer < (uint)(imports.RelativeVirtualAddress + imports.Size))
            || pointer == Image.ToRva(Image.UInt64At(config + 0x70))
            || pointer == Image.ToRva(Image.UInt64At(config + 0x78));
    }
}
