namespace Tracing.Host;

/// <summary>What kind of hardware fault stopped the driver.</summary>
public enum FaultKind
{
    /// <summary>None of the kinds below.</summary>
    Other,

    /// <summary>A read of memory that is not there or not readable.</summary>
    ReadAccessViolation,

    /// <summary>A write to memory that is not there or read-only.</summary>
    WriteAccessViolation,

    /// <summary>A jump or call to what is not executable.</summary>
    ExecuteAccessViolation,

    /// <summary>A privileged instruction, or an address no processor accepts.</summary>
    GeneralProtection,

    /// <summary>An integer division by zero, or one whose result does not fit.</summary>
    IntegerDivision,

    /// <summary>Bytes that are no instruction, <c>ud2</c> among them.</summary>
    IllegalInstruction,

    /// <summary>An <c>int3</c>.</summary>
    Breakpoint,

    /// <summary><c>int 29h</c>: the driver found itself corrupted and stopped at once (<c>__fastfail</c>).</summary>
    FastFail,
}
