using Iced.Intel;

namespace Tracing.Driver.Tests.Binary;

/// <summary>
/// What an uncontended lock and unlock of a KMutex costs while nobody listens, counted in the linked driver.
/// </summary>
/// <remarks>
/// The function looked at is UncontendedWorkload.Increment: it locks, adds one to the data, and unlocks at the end of its scope. Of all ways through it,
/// those count that call into the kernel as the uncontended case does, in that order, and call nothing else; of them the longest. What
/// is counted are the instructions executed, without those of the kernel itself, and without
/// <list type="bullet">
/// <item>the frame, which any function that calls another has (its prolog is as long as the unwind data says);</item>
/// <item>the calls into the kernel: the bare pair has two of them, the others ask for the IRQL and the thread's id;</item>
/// <item>what a driver would execute that called KeWaitForSingleObject and KeReleaseMutex by itself: <see cref="BarePair"/>;</item>
/// <item>what the function does besides locking: <see cref="OwnWork"/>.</item>
/// </list>
/// </remarks>
public sealed class HotPathTests
{
    /// <summary>
    /// Eight: a zero, stored; its address, stored as the fifth argument; four arguments in registers. Two: the arguments of the release.
    /// </summary>
    private const int BarePair = 10;

    /// <summary>Two: the parameter kept, the result returned. Five: the error tested, a branch, the guard's pointer, the data's offset, the increment.</summary>
    private const int OwnWork = 7;

    private const int Limit = 40;

    private static readonly string[] KernelCalls =
    [
        "KeGetCurrentIrql", "KeWaitForSingleObject", "PsGetCurrentThreadId",
        "KeGetCurrentIrql", "PsGetCurrentThreadId", "KeReleaseMutex",
    ];

    private static readonly DriverImage Image = BuiltDriver.Image;
    private static readonly LinkMap Map = LinkMap.Load();

    [Fact]
    public void An_uncontended_pair_executes_at_most_forty_instructions_beyond_the_bare_calls()
    {
        int executed = LongestPath().Count;
        Assert.InRange(executed - KernelCalls.Length - BarePair - OwnWork, 1, Limit);
    }

    [Fact]
    public void None_of_them_is_interlocked() =>
        Assert.DoesNotContain(LongestPath(), instruction => instruction.HasLockPrefix || instruction.Mnemonic == Mnemonic.Xchg);

    /// <summary>The body of the longest uncontended way through the function: without prolog and epilog.</summary>
    private static List<Instruction> LongestPath()
    {
        ulong start = Map["kmutex_Tracing_Driver_UncontendedWorkload__Increment"];
        Dictionary<ulong, Instruction> code = DecodeFrom(start);
        List<List<Instruction>> found = [];
        Follow(start + PrologSize(start), code, [], 0, found);
        Assert.NotEmpty(found);
        return found.MaxBy(path => path.Count)!;
    }

    /// <summary>Follows every branch both ways, as long as the calls are those of the uncontended case.</summary>
    private static void Follow(ulong at, Dictionary<ulong, Instruction> code, List<Instruction> path, int calls, List<List<Instruction>> found)
    {
        while (code.TryGetValue(at, out Instruction instruction) && !path.Exists(before => before.IP == at))
        {
            if (IsEpilog(instruction))
            {
                if (calls == KernelCalls.Length)
                {
                    found.Add(path);
                }

                return;
            }

            if (instruction.IsCallNear && (calls == KernelCalls.Length || Map.NameAt(instruction.NearBranchTarget) != KernelCalls[calls++]))
            {
                return;
            }

            path.Add(instruction);
            if (instruction.IsJccShortOrNear)
            {
                Follow(instruction.NearBranchTarget, code, [.. path], calls, found);
            }

            at = instruction.IsJmpShortOrNear ? instruction.NearBranchTarget : instruction.NextIP;
        }
    }

    /// <summary>The frame is taken down by an addition to the stack pointer, which stands nowhere else.</summary>
    private static bool IsEpilog(in Instruction instruction) =>
        instruction.Mnemonic == Mnemonic.Ret || (instruction.Mnemonic == Mnemonic.Add && instruction.Op0Register == Register.RSP);

    /// <summary>From RUNTIME_FUNCTION to UNWIND_INFO, whose second byte is the size of the prolog (docs: x64 exception handling).</summary>
    private static byte PrologSize(ulong function)
    {
        const int EntrySize = 12;
        uint table = (uint)Image.Optional.ExceptionTableDirectory.RelativeVirtualAddress;
        uint entry = Enumerable.Range(0, Image.Optional.ExceptionTableDirectory.Size / EntrySize)
            .Select(index => table + (uint)(index * EntrySize))
            .Single(candidate => Image.UInt32At(candidate) == Image.ToRva(function));
        return Image.At(Image.UInt32At(entry + 8))[1];
    }

    private static Dictionary<ulong, Instruction> DecodeFrom(ulong start)
    {
        const int Enough = 1024;
        Decoder decoder = Decoder.Create(64, Image.At(Image.ToRva(start))[..Enough].ToArray(), start);
        Dictionary<ulong, Instruction> code = [];
        while (decoder.IP < start + Enough)
        {
            Instruction instruction = decoder.Decode();
            code[instruction.IP] = instruction;
        }

        return code;
    }
}
