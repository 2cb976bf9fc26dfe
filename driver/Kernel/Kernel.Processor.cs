using System.Runtime;
using System.Runtime.CompilerServices;

namespace Tracing.Driver;

internal static unsafe partial class Kernel
{
    /// <summary>The IRQL of the current processor. DDI: <c>KeGetCurrentIrql</c>; exported on x64. IRQL: any.</summary>
    internal static byte KeGetCurrentIrql() => (byte)CurrentIrql();

    /// <summary>
    /// Reads the performance counter. DDI: <c>KeQueryPerformanceCounter</c>; exported by ntoskrnl.exe from Windows 10 2004. IRQL: any.
    /// </summary>
    /// <param name="frequency">Null, or receives the ticks of one second.</param>
    /// <returns>QPC ticks. The DDI returns a LARGE_INTEGER, an 8-byte union, which the x64 convention returns like a long.</returns>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(KeQueryPerformanceCounter))]
    internal static extern long KeQueryPerformanceCounter(long* frequency);

    /// <summary>The system-wide index of the current processor. DDI: <c>KeGetCurrentProcessorNumberEx</c>. IRQL: any.</summary>
    /// <param name="number">Null, or receives the PROCESSOR_NUMBER (group and number in it).</param>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(KeGetCurrentProcessorNumberEx))]
    internal static extern uint KeGetCurrentProcessorNumberEx(void* number);

    /// <summary>Keeps the processor busy. DDI: <c>KeStallExecutionProcessor</c>. IRQL: any.</summary>
    /// <param name="microseconds">Not above 50, says the page.</param>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(KeStallExecutionProcessor))]
    internal static extern void KeStallExecutionProcessor(uint microseconds);

    /// <summary>Stops the machine. DDI: <c>KeBugCheckEx</c>. IRQL: any. Does not return.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(KeBugCheckEx))]
    internal static extern void KeBugCheckEx(uint code, nuint parameter1, nuint parameter2, nuint parameter3, nuint parameter4);

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(KeGetCurrentIrql))]
    private static extern uint CurrentIrql();
}
