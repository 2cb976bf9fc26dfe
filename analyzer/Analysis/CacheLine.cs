using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Tracing.Analysis;

/// <summary>Asks for memory before it is needed, where the processor can be asked.</summary>
internal static unsafe class CacheLine
{
    private const int Length = 64;

    /// <summary>Begins to load the line that a value begins in and, of one longer than half a line, the next, which it likely reaches into. Nothing waits for it and nothing changes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch<T>(ref readonly T place)
    {
        if (Sse.IsSupported)
        {
            // SAFETY: the address is a hint to the processor only. An object that the collector moves meanwhile makes it a useless one.
            byte* start = (byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in place));
            Sse.Prefetch0(start);
            if (Unsafe.SizeOf<T>() > Length / 2)
            {
                Sse.Prefetch0(start + Length);
            }
        }
    }
}
