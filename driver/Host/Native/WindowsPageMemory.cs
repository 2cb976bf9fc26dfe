using System.Runtime.InteropServices;

namespace Tracing.Host.Native;

/// <summary>Pages by <c>VirtualAlloc</c>. Written by its documentation; not yet run on Windows.</summary>
internal sealed unsafe partial class WindowsPageMemory : PageMemory
{
    private const uint MemCommit = 0x1000;
    private const uint MemReserve = 0x2000;
    private const uint MemRelease = 0x8000;
    private const uint PageNoAccess = 0x01;
    private const uint PageReadOnly = 0x02;
    private const uint PageReadWrite = 0x04;
    private const uint PageExecuteRead = 0x20;

    internal override byte* Allocate(nuint size)
    {
        void* address = VirtualAlloc(null, RoundUp(size), MemCommit | MemReserve, PageReadWrite);
        return address is null ? throw Failed("VirtualAlloc", null, size) : (byte*)address;
    }

    internal override void Protect(byte* address, nuint size, PageProtection protection)
    {
        uint flags = protection switch
        {
            PageProtection.Read => PageReadOnly,
            PageProtection.ReadWrite => PageReadWrite,
            PageProtection.ReadExecute => PageExecuteRead,
            _ => PageNoAccess,
        };
        uint before;
        if (VirtualProtect(address, RoundUp(size), flags, &before) == 0)
        {
            throw Failed($"VirtualProtect({protection})", address, size);
        }

        if (protection == PageProtection.ReadExecute)
        {
            _ = FlushInstructionCache(GetCurrentProcess(), address, RoundUp(size));
        }
    }

    internal override void Free(byte* address, nuint size)
    {
        if (VirtualFree(address, 0, MemRelease) == 0)
        {
            throw Failed("VirtualFree", address, size);
        }
    }

    private static InvalidOperationException Failed(string call, byte* address, nuint size) =>
        new($"{call} of 0x{size:X} bytes at 0x{(nuint)address:X} failed with error {Marshal.GetLastPInvokeError()} "
            + $"({Marshal.GetLastPInvokeErrorMessage()}).");

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial void* VirtualAlloc(void* address, nuint size, uint allocationType, uint protection);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial int VirtualProtect(void* address, nuint size, uint protection, uint* before);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial int VirtualFree(void* address, nuint size, uint freeType);

    [LibraryImport("kernel32")]
    private static partial int FlushInstructionCache(nint process, void* address, nuint size);

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentProcess();
}
