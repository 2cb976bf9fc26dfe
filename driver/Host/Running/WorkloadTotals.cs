using System.Runtime.InteropServices;
using Tracing.Driver.Contract;

namespace Tracing.Host;

/// <summary>What the driver says it did, as its device returned it.</summary>
/// <param name="Threads">Threads that ran.</param>
/// <param name="Acquires">Locks acquired.</param>
/// <param name="Rejections">Calls refused for their IRQL.</param>
/// <param name="Refusals">Calls that were meant not to do what they asked for, and did not.</param>
/// <param name="Failures">Calls that ended otherwise than they were meant to.</param>
/// <param name="LiveMutexes">Mutexes allocated when the workload ended.</param>
public sealed record WorkloadTotals(uint Threads, ulong Acquires, ulong Rejections, ulong Refusals, ulong Failures, uint LiveMutexes)
{
    internal static WorkloadTotals None { get; } = new(0, 0, 0, 0, 0, 0);

    /// <summary>Reads what the device returned; too few bytes are none.</summary>
    internal static WorkloadTotals Read(ReadOnlySpan<byte> output)
    {
        if (!MemoryMarshal.TryRead(output, out WorkloadResult result))
        {
            return None;
        }

        return new WorkloadTotals(result.Threads, result.Acquires, result.Rejections, result.Refusals, result.Failures, result.LiveMutexes);
    }
}
