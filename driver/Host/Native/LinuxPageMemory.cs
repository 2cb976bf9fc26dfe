using System.Runtime.InteropServices;

namespace Tracing.Host.Native;

/// <summary>Pages by <c>mmap(2)</c>. The constants are those of Linux on x86-64.</summary>
internal sealed unsafe partial class LinuxPageMemory : PageMemory
{
    private const int ProtNone = 0;
    private const int ProtRead = 1;
    private const int ProtWrite = 2;
    private const int ProtExec = 4;
    private const int MapPrivate = 0x02;
    private const int MapAnonymous = 0x20;

    internal override byte* Allocate(nuint size)
    {
        void* address = mmap(null, RoundUp(size), ProtRead | ProtWrite, MapPrivate | MapAnonymous, -1, 0);
        return (nint)address == -1 ? throw Failed("mmap", null, size) : (byte*)address;
    }

    internal override void Protect(byte* address, nuint size, PageProtection protection)
    {
        int flags = protection switch
        {
            PageProtection.Read => ProtRead,
            PageProtection.ReadWrite => ProtRead | ProtWrite,
            PageProtection.ReadExecute => ProtRead | ProtExec,
            _ => ProtNone,
        };
        if (mprotect(address, RoundUp(size), flags) != 0)
        {
            throw Failed($"mprotect({protection})", address, size);
        }
    }

    internal override void Free(byte* address, nuint size)
    {
        if (munmap(address, RoundUp(size)) != 0)
        {
            throw Failed("munmap", address, size);
        }
    }

    private static InvalidOperationException Failed(string call, byte* address, nuint size) =>
        new($"{call} of 0x{size:X} bytes at 0x{(nuint)address:X} failed with errno {Marshal.GetLastPInvokeError()} "
            + $"({Marshal.GetLastPInvokeErrorMessage()}).");

    [LibraryImport("libc", SetLastError = true)]
    private static partial void* mmap(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mprotect(void* address, nuint length, int protection);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(void* address, nuint length);
}
