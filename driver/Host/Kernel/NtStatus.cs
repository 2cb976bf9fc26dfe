namespace Tracing.Host.Kernel;

/// <summary>The NTSTATUS values the simulated kernel returns. Source: ntstatus.h.</summary>
internal static class NtStatus
{
    internal const int Success = 0;
    internal const int Abandoned = 0x80;
    internal const int UserApc = 0xC0;
    internal const int Alerted = 0x101;
    internal const int Timeout = 0x102;
    internal const int Pending = 0x103;
    internal const int MoreEntries = 0x105;
    internal const int InvalidHandle = unchecked((int)0xC0000008);
    internal const int InvalidParameter = unchecked((int)0xC000000D);
    internal const int InvalidDeviceRequest = unchecked((int)0xC0000010);
    internal const int NoMemory = unchecked((int)0xC0000017);
    internal const int AccessDenied = unchecked((int)0xC0000022);
    internal const int ObjectNameInvalid = unchecked((int)0xC0000033);
    internal const int ObjectNameNotFound = unchecked((int)0xC0000034);
    internal const int ObjectNameCollision = unchecked((int)0xC0000035);
    internal const int MutantNotOwned = unchecked((int)0xC0000046);
    internal const int InsufficientResources = unchecked((int)0xC000009A);
    internal const int MutantLimitExceeded = unchecked((int)0xC0000191);
    internal const int IntegerOverflow = unchecked((int)0xC0000095);

    /// <summary>NT_SUCCESS.</summary>
    internal static bool Succeeded(int status) => status >= 0;
}
