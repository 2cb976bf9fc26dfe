namespace Tracing.Driver;

/// <summary>Privileges (wdm.h): LUIDs whose high half is zero.</summary>
internal static class Privilege
{
    /// <summary>SE_LOAD_DRIVER_PRIVILEGE: who has it may run any code in the kernel.</summary>
    internal const ulong LoadDriver = 10;
}
