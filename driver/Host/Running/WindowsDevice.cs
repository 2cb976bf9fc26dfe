using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using Tracing.Driver.Contract;

namespace Tracing.Host;

/// <summary>
/// The device of the kmutex.sys that Windows has loaded: the same workloads in the real kernel. What is recorded meanwhile is the business of WPR. Windows only;
/// thread-safe.
/// </summary>
public static unsafe partial class WindowsDevice
{
    private const string Name = @"\\.\KMutexTracing";
    private const string LoadDriver = "SeLoadDriverPrivilege";
    private const int FileNotFound = 2;
    private const int PrivilegeNotHeld = 1314;

    /// <summary>Runs a workload to its end.</summary>
    /// <param name="request">Of it the workload, the threads, the iterations, the hold time and the seed.</param>
    /// <returns>What the driver says it did.</returns>
    /// <exception cref="ArgumentException">The request is wrong: an unknown workload, no threads.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not Windows.</exception>
    /// <exception cref="UnauthorizedAccessException">The caller may not load drivers.</exception>
    /// <exception cref="IOException">The driver is not running, or refused.</exception>
    public static WorkloadTotals Run(RunRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        WorkloadRequest workload = request.ToDevice();
        if (!OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("Only Windows has the device. Without --device the driver runs in a simulated kernel, on any system.");
        }

        EnableLoadDriver();
        using SafeFileHandle device = Open();
        WorkloadResult result;
        uint returned;
        if (DeviceIoControl(
            device, WorkloadControl.RunWorkload, &workload, (uint)sizeof(WorkloadRequest), &result, (uint)sizeof(WorkloadResult), &returned, null) == 0)
        {
            throw Failed("The driver refused the workload");
        }

        return WorkloadTotals.Read(new ReadOnlySpan<byte>(&result, (int)returned));
    }

    [SupportedOSPlatform("windows")]
    private static SafeFileHandle Open()
    {
        const uint ReadWrite = 0xC000_0000;
        const uint OpenExisting = 3;
        SafeFileHandle device = CreateFileW(Name, ReadWrite, 0, null, OpenExisting, 0, 0);
        if (!device.IsInvalid)
        {
            return device;
        }

        int error = Marshal.GetLastPInvokeError();
        device.Dispose();
        throw error switch
        {
            FileNotFound => new IOException("kmutex.sys is not running. Install and start it: driver\\install.ps1"),
            PrivilegeNotHeld => new UnauthorizedAccessException("Workloads are for callers that may load drivers. Run this as administrator."),
            _ => Failed($"{Name} cannot be opened"),
        };
    }

    /// <summary>
    /// Administrators have the privilege, not enabled. That somebody has none shows when the device is opened.
    /// </summary>
    [SupportedOSPlatform("windows")]
    private static void EnableLoadDriver()
    {
        const uint AdjustPrivileges = 0x20;
        const uint Enabled = 2;
        nint token;
        if (OpenProcessToken(GetCurrentProcess(), AdjustPrivileges, &token) == 0)
        {
            throw Failed("The token of this process cannot be opened");
        }

        using SafeFileHandle owned = new(token, ownsHandle: true);
        TokenPrivileges privileges = new() { Count = 1, Attributes = Enabled };
        if (LookupPrivilegeValueW(null, LoadDriver, &privileges.Luid) == 0 || AdjustTokenPrivileges(token, 0, &privileges, 0, null, null) == 0)
        {
            throw Failed($"{LoadDriver} cannot be enabled");
        }
    }

    private static IOException Failed(string what)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{what}: {new Win32Exception(error).Message} (error {error}).");
    }

    [LibraryImport("kernel32", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial SafeFileHandle CreateFileW(string name, uint access, uint share, void* security, uint disposition, uint flags, nint template);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial int DeviceIoControl(
        SafeFileHandle device, uint code, void* input, uint inputLength, void* output, uint outputLength, uint* returned, void* overlapped);

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentProcess();

    [LibraryImport("advapi32", SetLastError = true)]
    private static partial int OpenProcessToken(nint process, uint access, nint* token);

    [LibraryImport("advapi32", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial int LookupPrivilegeValueW(string? system, string name, ulong* luid);

    [LibraryImport("advapi32", SetLastError = true)]
    private static partial int AdjustTokenPrivileges(
        nint token, int disableAll, TokenPrivileges* newState, uint length, void* previous, uint* previousLength);

    /// <summary>TOKEN_PRIVILEGES (winnt.h) with one privilege: its LUID is two 32-bit numbers, aligned like one.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct TokenPrivileges
    {
        internal uint Count;
        internal ulong Luid;
        internal uint Attributes;
    }
}
