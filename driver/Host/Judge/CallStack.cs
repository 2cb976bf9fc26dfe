using System.Text;
using Tracing.Host.Kernel;
using Tracing.Host.Loading;

namespace Tracing.Host.Judge;

/// <summary>Who called whom in driver code, from a call of the kernel or a fault up to where the host called the driver.</summary>
internal static unsafe class CallStack
{
    private const int Rsp = 4;
    private const int Rbp = 5;
    private const int MostFrames = 64;

    /// <summary>The stack at a call of the kernel. Of the registers, its thunk has kept the one that compilers frame functions by.</summary>
    internal static string At(SimulatedThread thread, KernelCall call)
    {
        Span<ulong> registers = stackalloc ulong[16];
        registers.Clear();
        registers[Rsp] = (ulong)call.Stack;
        registers[Rbp] = call.FramePointer;
        return Describe(thread, (ulong)call.ReturnAddress, registers);
    }

    /// <summary>The stack at any instruction; one line for each function, the innermost first, or nothing outside of drivers.</summary>
    /// <param name="thread">Which runs there.</param>
    /// <param name="instruction">Where it goes on.</param>
    /// <param name="registers">In the order x64 numbers them; not kept.</param>
    internal static string Describe(SimulatedThread thread, ulong instruction, Span<ulong> registers)
    {
        StringBuilder text = new();
        if (thread.Innermost is null)
        {
            return "";
        }

        StackRange stack = new((nuint)registers[Rsp], (nuint)thread.Innermost);
        for (int i = 0; i < MostFrames && thread.Kernel.ImageAt((void*)instruction) is { } image; i++)
        {
            uint rva = (uint)((byte*)instruction - image.Base);
            text.Append("\n    at ").Append(image.Describe((void*)instruction));
            if (Name(thread.Kernel, image, rva) is { } name)
            {
                text.Append(", ").Append(name);
            }

            // A call may be a function's last instruction, and what follows it another function.
            rva -= i == 0 ? 0u : 1u;
            if (!image.Functions.TryUnwind(rva, registers, stack, out instruction))
            {
                break;
            }
        }

        return text.ToString();
    }

    private static string? Name(SimulatedKernel kernel, LoadedImage image, uint rva)
    {
        if (image == kernel.Image && kernel.FunctionNames is { } names)
        {
            lock (names)
            {
                if (names(rva) is { } name)
                {
                    return name;
                }
            }
        }

        return image.FunctionAt(rva);
    }
}
