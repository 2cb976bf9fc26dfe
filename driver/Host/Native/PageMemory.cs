using System.Runtime.InteropServices;

namespace Tracing.Host.Native;

/// <summary>Whole pages from the operating system, with protection: the ground that images and thunks stand on. Thread-safe.</summary>
internal abstract unsafe class PageMemory
{
    /// <summary>The page size of x64, on every system that runs on it.</summary>
    internal const int PageSize = 4096;

    /// <summary>The implementation for this process.</summary>
    /// <exception cref="PlatformNotSupportedException">kmutex.sys is x64 code; only x64 Linux and x64 Windows can run it here.</exception>
    internal static PageMemory Current { get; } = Choose();

    /// <summary>Rounds a size in bytes up to whole pages.</summary>
    internal static nuint RoundUp(nuint size) => (size + (PageSize - 1)) & ~(nuint)(PageSize - 1);

    /// <summary>Gets zeroed, readable and writable pages.</summary>
    /// <param name="size">Bytes; rounded up to whole pages.</param>
    internal abstract byte* Allocate(nuint size);

    /// <summary>Changes the protection of whole pages.</summary>
    internal abstract void Protect(byte* address, nuint size, PageProtection protection);

    /// <summary>Gives pages back. <paramref name="size"/> is the size they were allocated with.</summary>
    internal abstract void Free(byte* address, nuint size);

    private static PageMemory Choose()
    {
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            if (OperatingSystem.IsLinux())
            {
                return new LinuxPageMemory();
            }

            if (OperatingSystem.IsWindows())
            {
                return new WindowsPageMemory();
            }
        }

        throw new PlatformNotSupportedException(
            $"The host executes kmutex.sys, which is x64 code, on the processor itself: expected x64 Linux or x64 Windows, found "
            + $"{RuntimeInformation.OSDescription} on {RuntimeInformation.ProcessArchitecture}. Traces can be analyzed here, not made.");
    }
}
