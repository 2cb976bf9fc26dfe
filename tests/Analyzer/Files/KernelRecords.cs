using Tracing.Etl.Kernel;
using Tracing.Etl.Tests;

namespace Tracing.Analyzer.Tests.Files;

/// <summary>Scheduling events of the kernel, as they stand in a file.</summary>
internal static class KernelRecords
{
    /// <summary>CSwitch, version 2: see <see cref="ContextSwitch"/>.</summary>
    public static byte[] Switch(long time, int to, int from, byte oldState) => RecordBytes.System(
        time, KernelHook.ContextSwitch, [.. BitConverter.GetBytes(to), .. BitConverter.GetBytes(from), .. new byte[6], oldState, .. new byte[9]]);

    /// <summary>A thread can run: see <see cref="ReadyThread"/>.</summary>
    public static byte[] Ready(long time, int thread) => RecordBytes.System(time, KernelHook.ReadyThread, [.. BitConverter.GetBytes(thread), 0, 0, 0, 0]);

    /// <summary>A deferred call has ended: see <see cref="Etl.Kernel.DeferredCall"/>.</summary>
    public static byte[] DeferredCall(long time, long since) => RecordBytes.System(time, KernelHook.Dpc, [.. BitConverter.GetBytes(since), .. new byte[8]]);
}
