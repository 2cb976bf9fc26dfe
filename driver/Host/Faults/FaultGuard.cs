using System.Runtime.InteropServices;
using Tracing.Host.Kernel;
using Tracing.Host.Thunks;

namespace Tracing.Host.Faults;

/// <summary>
/// Turns a hardware fault in a driver image into an escape of the faulting thread and a stop of its simulated kernel. Faults elsewhere stay
/// the runtime's. Installed once per process, with the first image; thread-safe.
/// </summary>
internal static unsafe class FaultGuard
{
    private static readonly ImageRanges Images = new();
    private static readonly Lazy<bool> Installed = new(Install);

    /// <summary>Watches an image from now on.</summary>
    internal static void Watch(void* start, nuint length)
    {
        _ = Installed.Value;
        Images.Add(start, length);
    }

    /// <summary>Sees to it that faults are met, whether or not an image is loaded.</summary>
    internal static void Arm() => _ = Installed.Value;

    /// <summary>Stops watching an image.</summary>
    internal static void Forget(void* start) => Images.Remove(start);

    /// <summary>Runs on the faulting thread, outside of any signal handler, with the driver's frames above it.</summary>
    /// <returns>The entry by which to leave the driver.</returns>
    [UnmanagedCallersOnly]
    internal static EntryFrame* OnFault(void* record)
    {
        SimulatedThread thread = SimulatedThread.Current;
        thread.Kernel.Stop(new FaultStop(FaultReport.From((FaultRecord*)record, thread)));
        return thread.Innermost;
    }

    private static bool Install()
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsExceptions.Install(Images, DriverCall.Thunks.FaultLanding);
        }
        else
        {
            LinuxSignals.Install(Images, DriverCall.Thunks.FaultLanding);
        }

        Images.Add(MemoryProbe.Start, MemoryProbe.Length);
        return true;
    }
}
