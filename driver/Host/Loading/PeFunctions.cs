using System.Buffers.Binary;

namespace Tracing.Host.Loading;

/// <summary>
/// The functions of a mapped image that touch the stack, and how each is left: what the system's own unwinder reads. Immutable. Source: Microsoft,
/// "x64 exception handling": RUNTIME_FUNCTION and UNWIND_INFO.
/// </summary>
/// <remarks>Of the registers only rsp and those that a function frames itself by matter to a list of callers; nothing else is restored. Damaged tables
/// end the list early.</remarks>
/// <param name="image">A copy of the mapped image: the driver cannot change it, nor close its pages.</param>
/// <param name="table">Where the entries of functions are, which lies in the image.</param>
internal sealed class PeFunctions(byte[] image, PeDirectory table)
{
    private const int EntrySize = 12;
    private const int MostChained = 32;
    private const byte Chained = 4;
    private const int Rsp = 4;

    private const int PushNonVolatile = 0;
    private const int AllocateLarge = 1;
    private const int AllocateSmall = 2;
    private const int SetFrame = 3;
    private const int SaveNonVolatile = 4;
    private const int SaveNonVolatileFar = 5;
    private const int Epilog = 6;
    private const int SaveXmm = 8;
    private const int SaveXmmFar = 9;

    /// <summary>Where the function around an address begins; null for one that leaves the stack alone, and for what is no code.</summary>
    internal uint? BeginOf(uint rva) => Find(rva)?.Begin;

    /// <summary>Goes from a function to its caller.</summary>
    /// <param name="rva">Where in the image the function is; of a return address, the call's last byte.</param>
    /// <param name="registers">In the order x64 numbers them; rsp and the frame registers become those of the caller.</param>
    /// <param name="stack">The memory that may be read.</param>
    /// <param name="caller">The return address.</param>
    /// <returns>False if the tables or the stack do not allow it.</returns>
    internal bool TryUnwind(uint rva, Span<ulong> registers, StackRange stack, out ulong caller)
    {
        caller = 0;
        (uint Begin, uint Info)? function = Find(rva);
        uint offset = function is null ? 0 : rva - function.Value.Begin;
        for (int depth = 0; function is not null; depth++)
        {
            if (depth == MostChained || !TryUndo(function.Value.Info, offset, registers, stack, out uint chained))
            {
                return false;
            }

            // Of the function that this one continues, the whole prologue has run.
            offset = uint.MaxValue;
            function = chained == 0 ? null : (0, chained);
        }

        if (!stack.TryRead(registers[Rsp], out caller))
        {
            return false;
        }

        registers[Rsp] += 8;
        return true;
    }

    private (uint Begin, uint Info)? Find(uint rva)
    {
        int low = 0;
        int high = (int)(table.Size / EntrySize) - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            ReadOnlySpan<byte> entry = image.AsSpan((int)table.Rva + (EntrySize * middle), EntrySize);
            uint begin = BinaryPrimitives.ReadUInt32LittleEndian(entry);
            if (rva < begin)
            {
                high = middle - 1;
            }
            else if (rva >= BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]))
            {
                low = middle + 1;
            }
            else
            {
                return (begin, BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]));
            }
        }

        return null;
    }

    /// <summary>Undoes what a prologue has done, as far as it had come.</summary>
    private bool TryUndo(uint at, uint offset, Span<ulong> registers, StackRange stack, out uint chained)
    {
        chained = 0;
        const int header = 4;
        if (at > image.Length - header || at + header + (2 * image[at + 2]) > image.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> info = image.AsSpan((int)at);
        int frameRegister = info[3] & 15;
        uint frameOffset = (uint)(info[3] >> 4) * 16;
        int count = info[2];
        ulong saves = frameRegister == 0 ? registers[Rsp] : registers[frameRegister] - frameOffset;
        for (int i = 0; i < count;)
        {
            ReadOnlySpan<byte> code = info[(header + (2 * i))..];
            int operation = code[1] & 15;
            int operand = code[1] >> 4;
            int slots = SlotsOf(operation, operand);
            if (slots == 0 || i + slots > count)
            {
                return false;
            }

            i += slots;
            if (code[0] > offset)
            {
                continue;
            }

            switch (operation)
            {
                case PushNonVolatile:
                    if (!stack.TryRead(registers[Rsp], out registers[operand]))
                    {
                        return false;
                    }

                    registers[Rsp] += 8;
                    break;

                case AllocateLarge:
                    registers[Rsp] += operand == 0 ? 8u * U16(code) : U32(code);
                    break;

                case AllocateSmall:
                    registers[Rsp] += (8u * (uint)operand) + 8;
                    break;

                case SetFrame:
                    registers[Rsp] = registers[frameRegister] - frameOffset;
                    break;

                case SaveNonVolatile or SaveNonVolatileFar:
                    if (!stack.TryRead(saves + (operation == SaveNonVolatile ? 8u * U16(code) : U32(code)), out registers[operand]))
                    {
                        return false;
                    }

                    break;
            }
        }

        if (((info[0] >> 3) & Chained) != 0)
        {
            // The entry of the function before stands behind the codes, whose number is rounded up to even.
            int entry = header + (2 * ((count + 1) & ~1));
            chained = entry + EntrySize > info.Length ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(info[(entry + 8)..]);
            return chained != 0;
        }

        return true;
    }

    /// <summary>How many codes an operation takes; 0 for one that is not known, or after which no caller is found.</summary>
    private static int SlotsOf(int operation, int operand) => operation switch
    {
        PushNonVolatile or AllocateSmall or SetFrame or Epilog => 1,
        AllocateLarge => operand == 0 ? 2 : operand == 1 ? 3 : 0,
        SaveNonVolatile or SaveXmm => 2,
        SaveNonVolatileFar or SaveXmmFar => 3,
        _ => 0,
    };

    private static uint U16(ReadOnlySpan<byte> code) => BinaryPrimitives.ReadUInt16LittleEndian(code[2..]);

    private static uint U32(ReadOnlySpan<byte> code) => BinaryPrimitives.ReadUInt32LittleEndian(code[2..]);
}
