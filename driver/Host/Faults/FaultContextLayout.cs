namespace Tracing.Host.Faults;

/// <summary>Where a system keeps the registers of a faulting thread: byte offsets in its context record. Immutable.</summary>
/// <param name="Registers">In the order of <see cref="FaultRecord.RegisterNames"/>.</param>
/// <param name="FirstArgument">The register that carries a first argument.</param>
internal sealed record FaultContextLayout(int[] Registers, int FirstArgument)
{
    private const int StackPointerIndex = 7;
    private const int InstructionIndex = 16;
    private const int FlagsIndex = 17;

    /// <summary>ucontext_t of Linux on x86-64: uc_mcontext.gregs begins at 40, in the order of REG_R8 … REG_EFL (sys/ucontext.h).</summary>
    internal static FaultContextLayout Linux { get; } = new(
        [144, 128, 152, 136, 112, 104, 120, 160, 40, 48, 56, 64, 72, 80, 88, 96, 168, 176],
        104);

    /// <summary>CONTEXT of Windows on x64 (winnt.h). EFlags is 32 bits wide at 0x44.</summary>
    internal static FaultContextLayout Windows { get; } = new(
        [0x78, 0x90, 0x80, 0x88, 0xA8, 0xB0, 0xA0, 0x98, 0xB8, 0xC0, 0xC8, 0xD0, 0xD8, 0xE0, 0xE8, 0xF0, 0xF8, 0x44],
        0x80);

    /// <summary>Linux: REG_ERR.</summary>
    internal const int LinuxError = 192;

    /// <summary>Linux: REG_TRAPNO.</summary>
    internal const int LinuxTrap = 200;

    internal int StackPointer => Registers[StackPointerIndex];

    internal int InstructionPointer => Registers[InstructionIndex];

    internal int Flags => Registers[FlagsIndex];
}
