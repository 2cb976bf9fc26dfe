namespace Tracing.Driver;

/// <summary>NTSTATUS values (ntstatus.h). Negative means failure; everything else is some kind of success.</summary>
internal static class NtStatus
{
    /// <summary>STATUS_SUCCESS.</summary>
    internal const int Success = 0;

    /// <summary>STATUS_ABANDONED: acquired, but the owner before ended without releasing it. Not negative.</summary>
    internal const int Abandoned = 0x0000_0080;

    /// <summary>STATUS_USER_APC: the wait ended for an APC, and nothing was acquired. Not negative.</summary>
    internal const int UserApc = 0x0000_00C0;

    /// <summary>STATUS_ALERTED: the wait ended for an alert, and nothing was acquired. Not negative.</summary>
    internal const int Alerted = 0x0000_0101;

    /// <summary>STATUS_TIMEOUT: the time passed and nothing was acquired. Not negative.</summary>
    internal const int Timeout = 0x0000_0102;

    /// <summary>STATUS_INVALID_PARAMETER.</summary>
    internal const int InvalidParameter = unchecked((int)0xC000_000D);

    /// <summary>STATUS_INVALID_DEVICE_REQUEST.</summary>
    internal const int InvalidDeviceRequest = unchecked((int)0xC000_0010);

    /// <summary>STATUS_BUFFER_TOO_SMALL.</summary>
    internal const int BufferTooSmall = unchecked((int)0xC000_0023);

    /// <summary>STATUS_PRIVILEGE_NOT_HELD.</summary>
    internal const int PrivilegeNotHeld = unchecked((int)0xC000_0061);

    /// <summary>STATUS_INSUFFICIENT_RESOURCES.</summary>
    internal const int InsufficientResources = unchecked((int)0xC000_009A);

    /// <summary>This driver's own, never seen outside: no call was made, for the IRQL. Bit 29 marks what is not Microsoft's.</summary>
    internal const int IrqlTooHigh = unchecked((int)0xE000_0001);

    /// <summary>Whether a status means failure: NT_SUCCESS in ntdef.h, negated.</summary>
    internal static bool Failed(int status) => status < 0;
}
