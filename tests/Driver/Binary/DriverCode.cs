using System.Buffers.Binary;
using System.Reflection.PortableExecutable;
using Iced.Intel;

namespace Tracing.Driver.Tests.Binary;

/// <summary>The functions of kmutex.sys: where they lie, their instructions, their stack.</summary>
internal static class DriverCode
{
    private static readonly DriverImage Image = BuiltDriver.Image;

    /// <summary>All functions that have a stack frame, in the order of their addresses.</summary>
    internal static List<(uint Begin, uint End, uint Unwind)> Functions()
    {
        const int EntrySize = 12;
        DirectoryEntry directory = Image.Optional.ExceptionTableDirectory;
        ReadOnlySpan<byte> table = Image.At((uint)directory.RelativeVirtualAddress)[..directory.Size];
        List<(uint, uint, uint)> functions = [];
        for (; table.Length >= EntrySize; table = table[EntrySize..])
        {
            functions.Add((
                BinaryPrimitives.ReadUInt32LittleEndian(table),
                BinaryPrimitives.ReadUInt32LittleEndian(table[4..]),
                BinaryPrimitives.ReadUInt32LittleEndian(table[8..])));
        }

        return functions;
    }

    /// <summary>The instructions of a function.</summary>
    internal static List<Instruction> Decode((uint Begin, uint End, uint Unwind) function)
    {
        if (function.Begin == function.End)
        {
            return [];
        }

        byte[] code = Image.At(function.Begin)[..(int)(function.End - function.Begin)].ToArray();
        Decoder decoder = Decoder.Create(64, code, Image.Optional.ImageBase + function.Begin);
        List<Instruction> instructions = [];
        while (decoder.IP < Image.Optional.ImageBase + function.End)
        {
            Instruction instruction = decoder.Decode();
            Assert.False(instruction.IsInvalid, $"No instruction can be read at {instruction.IP:X}.");
            instructions.Add(instruction);
        }

        return instructions;
    }

    /// <summary>The function that begins at an address; null for a thunk, which has no frame.</summary>
    internal static (uint Begin, uint End, uint Unwind)? At(ulong address)
    {
        uint begin = Image.ToRva(address);
        return Functions().Where(function => function.Begin == begin).Select(function => ((uint, uint, uint)?)function).SingleOrDefault();
    }

    /// <summary>
    /// Bytes of stack that a function takes, its return address included: what UNWIND_INFO says of pushes and allocations (docs: x64 exception handling).
    /// </summary>
    internal static uint StackOf((uint Begin, uint End, uint Unwind) function)
    {
        const uint Push = 0;
        const uint AllocateLarge = 1;
        const uint AllocateSmall = 2;
        ReadOnlySpan<byte> info = Image.At(function.Unwind);
        uint bytes = sizeof(ulong);
        ReadOnlySpan<byte> codes = info.Slice(4, 2 * info[2]);
        while (codes.Length > 0)
        {
            uint operation = codes[1] & 0xFu;
            uint operand = (uint)codes[1] >> 4;
            (uint allocated, int slots) = operation switch
            {
                Push => ((uint)sizeof(ulong), 1),
                AllocateSmall => ((operand * 8) + 8, 1),
                AllocateLarge when operand == 0 => (BinaryPrimitives.ReadUInt16LittleEndian(codes[2..]) * 8u, 2),
                AllocateLarge => (BinaryPrimitives.ReadUInt32LittleEndian(codes[2..]), 3),
                4 or 8 => (0u, 2), // a register saved in what was allocated
                5 or 9 => (0u, 3),
                _ => (0u, 1),
            };
            bytes += allocated;
            codes = codes[(2 * slots)..];
        }

        return bytes;
    }
}
