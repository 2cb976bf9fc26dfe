namespace Tracing.Host.Faults;

/// <summary>Says what a fault was, from what the system told of it.</summary>
internal static class FaultClassification
{
    private const ulong WriteBit = 2;
    private const ulong FetchBit = 16;
    private const uint StatusAccessViolation = 0xC0000005;

    /// <summary>Classifies a fault.</summary>
    /// <param name="record">The record.</param>
    /// <param name="instruction">The two bytes at the faulting instruction, or none if it cannot be read.</param>
    internal static FaultKind Classify(in FaultRecord record, ReadOnlySpan<byte> instruction)
    {
        // int 29h is a general protection fault to a processor whose system has no such gate.
        if (instruction is [0xCD, 0x29])
        {
            return FaultKind.FastFail;
        }

        return OperatingSystem.IsWindows() ? OfException(in record) : OfTrap(in record);
    }

    /// <summary>The sentence's beginning, up to "at".</summary>
    internal static string Sentence(FaultKind kind, ulong address, ulong rcx) => kind switch
    {
        FaultKind.ReadAccessViolation => $"Access violation reading 0x{address:X}",
        FaultKind.WriteAccessViolation => $"Access violation writing 0x{address:X}",
        FaultKind.ExecuteAccessViolation => $"Access violation executing 0x{address:X}",
        FaultKind.GeneralProtection => "General protection fault (a privileged instruction or a non-canonical address)",
        FaultKind.IntegerDivision => "Integer division by zero or overflow",
        FaultKind.IllegalInstruction => "Illegal instruction",
        FaultKind.Breakpoint => "Breakpoint",
        FaultKind.FastFail => $"Fast fail (int 29h, code {rcx & 0xFFFF_FFFF})",
        _ => "Hardware fault",
    };

    /// <summary>By the processor's exception number and the page fault's error code: Intel SDM, volume 3, chapter 6.</summary>
    private static FaultKind OfTrap(in FaultRecord record) => record.Trap switch
    {
        0 => FaultKind.IntegerDivision,
        3 => FaultKind.Breakpoint,
        6 => FaultKind.IllegalInstruction,
        13 => FaultKind.GeneralProtection,
        14 when (record.Detail & FetchBit) != 0 => FaultKind.ExecuteAccessViolation,
        14 when (record.Detail & WriteBit) != 0 => FaultKind.WriteAccessViolation,
        14 => FaultKind.ReadAccessViolation,
        _ => FaultKind.Other,
    };

    /// <summary>By the exception code: winnt.h; the detail is ExceptionInformation[0] of EXCEPTION_RECORD.</summary>
    private static FaultKind OfException(in FaultRecord record) => (uint)record.Cause switch
    {
        StatusAccessViolation => record.Detail switch
        {
            0 when record.Address == ulong.MaxValue => FaultKind.GeneralProtection,
            0 => FaultKind.ReadAccessViolation,
            1 => FaultKind.WriteAccessViolation,
            _ => FaultKind.ExecuteAccessViolation,
        },
        0xC0000094 or 0xC0000095 => FaultKind.IntegerDivision,
        0xC0000096 => FaultKind.GeneralProtection,
        0xC000001D => FaultKind.IllegalInstruction,
        0x80000003 => FaultKind.Breakpoint,
        _ => FaultKind.Other,
    };
}
