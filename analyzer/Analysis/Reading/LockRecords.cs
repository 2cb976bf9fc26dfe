using Tracing.Etl;
using Tracing.Etl.Kernel;
using Tracing.Events;

namespace Tracing.Analysis.Reading;

/// <summary>Which records of a trace a report can depend on: a copy with only those gives the same report.</summary>
public static class LockRecords
{
    /// <summary>Whether a report needs a record: the driver's events, and the kernel's about processes, threads, images and
    /// their program databases, deferred calls and interrupts.</summary>
    public static bool Matter(in EtlRecord record) => record.IsKernel
        ? (record.HookId >> 8) is 0x03 or 0x05 or 0x14 || record.HookId is >= KernelHook.ThreadedDpc and <= KernelHook.TimerDpc
        : record.ProviderId == KMutexProvider.Id || ImageDebugEvent.TryRead(record, out _);
}
