using System.Text;
using Tracing.Host.Judge;
using Tracing.Host.Kernel;

namespace Tracing.Host.Faults;

/// <summary>A hardware fault in the driver, in words and numbers. Immutable.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Location">Where: image, offset, nearest section.</param>
/// <param name="Address">The address that could not be accessed; meaningless for kinds that access none.</param>
/// <param name="ThreadId">The simulated thread.</param>
/// <param name="Irql">Its IRQL.</param>
/// <param name="Registers">Every register by name.</param>
/// <param name="Text">The whole, several lines.</param>
internal sealed record FaultReport(
    FaultKind Kind, string Location, ulong Address, uint ThreadId, byte Irql, IReadOnlyDictionary<string, ulong> Registers, string Text)
{
    private const int StackPointer = 7;
    private const int InstructionPointer = 16;
    private const int Flags = 17;

    /// <summary>The numbers by which x64 encodes the first registers of a record.</summary>
    private static readonly byte[] NumberOf = [0, 3, 1, 2, 6, 7, 5, 4, 8, 9, 10, 11, 12, 13, 14, 15];

    /// <summary>Reads a record while its stack frame still lives.</summary>
    internal static unsafe FaultReport From(FaultRecord* record, SimulatedThread thread)
    {
        void* at = (void*)record->Registers[InstructionPointer];
        bool inside = thread.Kernel.ImageAt(at) is not null;
        FaultKind kind = FaultClassification.Classify(in *record, inside ? new ReadOnlySpan<byte>(at, 2) : default);
        string location = Locate(thread, at, inside, (void**)record->Registers[StackPointer]);

        Dictionary<string, ulong> registers = [];
        for (int i = 0; i < FaultRecord.RegisterCount; i++)
        {
            registers[FaultRecord.RegisterNames[i]] = i == Flags ? (uint)record->Registers[i] : record->Registers[i];
        }

        StringBuilder text = new();
        text.Append(FaultClassification.Sentence(kind, record->Address, registers["rcx"])).Append(" at ").Append(location)
            .Append($", thread {thread.Id}, {Kernel.Irql.Name(thread.Irql)}.");
        if (HasAddress(kind) && thread.Kernel.Pool.Describe((nuint)record->Address) is { } block)
        {
            text.Append($"\n  That is {block}.");
        }

        int column = 0;
        foreach ((string name, ulong value) in registers)
        {
            text.Append(column++ % 4 == 0 ? "\n  " : "  ").Append($"{name,-6} {value:X16}");
        }

        Span<ulong> general = new ulong[16];
        for (int i = 0; i < general.Length; i++)
        {
            general[NumberOf[i]] = record->Registers[i];
        }

        text.Append(CallStack.Describe(thread, registers["rip"], general));
        return new FaultReport(kind, location, record->Address, thread.Id, thread.Irql, registers, text.ToString());
    }

    private static bool HasAddress(FaultKind kind) =>
        kind is FaultKind.ReadAccessViolation or FaultKind.WriteAccessViolation or FaultKind.ExecuteAccessViolation;

    private static unsafe string Locate(SimulatedThread thread, void* at, bool inside, void** stack)
    {
        string place = thread.Kernel.Describe(at);
        if (inside)
        {
            return place;
        }

        return MemoryProbe.Contains(at) && thread.Serving is var (import, returnAddress)
            ? $"{import.Name}, with a pointer it was given by {thread.Kernel.Describe((void*)returnAddress)}"
            : $"{place}, called from {thread.Kernel.Describe(*stack)}";
    }
}
