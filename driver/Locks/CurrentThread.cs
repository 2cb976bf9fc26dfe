namespace Tracing.Driver;

/// <summary>The thread that runs this code.</summary>
internal static class CurrentThread
{
    /// <summary>Its id: never 0 for a thread that can own a mutex, and never more than 32 bits. IRQL: any.</summary>
    internal static ulong Id => (ulong)Kernel.PsGetCurrentThreadId();
}
